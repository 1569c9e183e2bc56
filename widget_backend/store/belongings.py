"""Belongings: what other tables hold of people, which belongs to their profile.

One query for all of it, since a database that is asked over the network takes longer to be asked
than to answer.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any

from peewee import SQL, Database

from widget_backend.rules.snapshot import Address
from widget_backend.store.models import Identity, Preference, Role
from widget_backend.store.prepared import PreparedQuery, is_one_of
from widget_backend.store.stored_state import CHOICE, Choice


@dataclass
class Belongings:
    """What belongs to one person: choices, each with when it was said; roles in their order; and
    phone, postal address and customer number, by kind."""

    choices: list[tuple[Choice, int | None]] = field(default_factory=list)
    roles: tuple[str, ...] = ()
    addresses: dict[str, Address] = field(default_factory=dict)


_NULL = SQL("NULL")


def _query(choices: Any) -> PreparedQuery:
    """These choices, the roles and the contact details; what they are stands first."""
    roles = Role.select(
        SQL("'role'"), Role.profile, Role.position, Role.role, *([_NULL] * 5)
    ).where(is_one_of(Role.profile, "profiles"))
    addresses = Identity.select(
        SQL("'address'"),
        Identity.profile,
        _NULL,
        Identity.kind,
        Identity.confirmed | Identity.evidence_run.is_null(False),
        SQL("CASE WHEN undeliverable THEN 'yes' END"),
        *([_NULL] * 3),
    ).where(is_one_of(Identity.profile, "profiles") & (Identity.kind != "email"))
    return PreparedQuery(choices + roles + addresses)


_CHOICES = Preference.select(SQL("'choice'"), Preference.profile, Preference.said_at, *CHOICE)
_THEIRS = is_one_of(Preference.profile, "profiles")
_EVERYTHING = _query(_CHOICES.where(_THEIRS))
_SOME_TOPICS = _query(_CHOICES.where(_THEIRS & is_one_of(Preference.topic, "topics")))


def belongings_of(
    database: Database, profiles: Sequence[int], topics: Collection[str] | None = None
) -> dict[int, Belongings]:
    """Of those who have any, by id of the profile. Of choices, all or only these topics."""
    query = _EVERYTHING if topics is None else _SOME_TOPICS
    belongings: dict[int, Belongings] = {}
    roles: dict[int, list[tuple[int, str]]] = {}
    for what, profile, number, *row in query.run(
        database, profiles=profiles, topics=topics
    ).fetchall():
        theirs = belongings.get(profile) or belongings.setdefault(profile, Belongings())
        if what == "choice":
            theirs.choices.append((Choice._make(row), number))
        elif what == "role":
            roles.setdefault(profile, []).append((number, row[0]))
        else:
            kind, is_theirs, undeliverable, *_ = row
            theirs.addresses[kind] = Address(bool(is_theirs), bool(undeliverable))
    for profile, placed in roles.items():
        belongings[profile].roles = tuple(role for _, role in sorted(placed))
    return belongings
