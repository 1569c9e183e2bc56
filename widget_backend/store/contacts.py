"""Contacts: people together with the email that leads to them, many at a time.

What one person does is in `profiles` and `saves`; this is for imports and exports.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Any

from peewee import JOIN, Database, PostgresqlDatabase

from widget_backend.rules.later_words import Times
from widget_backend.rules.state import State
from widget_backend.store import models
from widget_backend.store.changes import note_changes, note_new
from widget_backend.store.models import Identity, Preference, Role
from widget_backend.store.prepared import PreparedInsert
from widget_backend.store.profiles import (
    CHOICE,
    Choice,
    Profile,
    add_roles,
    new_key,
    preference,
    state_of_profile,
)

NEVER = Times()


@dataclass(frozen=True)
class Contact:
    """A profile that is not pending, and its email if it has one.

    The profile's state holds `overall`, `language` and `topic:…`, and `times` when that was said.
    `undeliverable` means that mail to this address came back for good, at `undeliverable_at` if
    that is known; `reached_at` is when something was mailed there that was answered. `written` is
    how somebody wrote it. `fixed` are kinds of contact details that no file replaces.
    """

    profile: Profile
    email: str | None
    undeliverable: bool
    written: str | None = None
    times: Times = NEVER
    undeliverable_at: int | None = None
    reached_at: int | None = None
    fixed: frozenset[str] = frozenset()


@dataclass(frozen=True)
class NewContact:
    """What is known of a person who comes with a confirmed email and has chosen nothing yet.

    `written` is how the email came, if not in its one spelling.
    """

    email: str
    roles: tuple[str, ...] = ()
    undeliverable_at: int | None = None
    written: str | None = None


# ── reading ─────────────────────────────────────────────────────────────────────────────────

_OF_A_CONTACT = (
    Identity.value,
    Identity.undeliverable,
    models.Profile.id,
    models.Profile.handle,
    models.Profile.ledger_key,
    models.Profile.revision,
    models.Profile.language,
    models.Profile.reach,
    models.Profile.paused_until,
    models.Profile.link_version,
    models.Profile.overall_at,
    models.Profile.left_at,
    models.Profile.spoke_at,
    Identity.written,
    Identity.undeliverable_at,
    Identity.reached_at,
)


def find_contacts(
    database: Database, site: str, emails: Collection[str], hold: bool = False
) -> dict[str, Contact]:
    """The contacts whose confirmed email is among these, by email; three queries for all.

    `hold` keeps others from saving them until the transaction ends, so that what is decided
    from their state still holds when it is written.
    """
    query = (
        models.Profile.select(*_OF_A_CONTACT)
        .join(Identity)
        .where(
            (Identity.site == site)
            & (Identity.kind == "email")
            & Identity.value.in_(list(emails))
            & Identity.confirmed
            & ~models.Profile.pending
        )
        .order_by(models.Profile.id)
    )
    contacts = _contacts(database, site, _held(database, query) if hold else query)
    return {contact.email: contact for contact in contacts if contact.email}


def contacts_of(
    database: Database, site: str, profiles: Collection[int], hold: bool = True
) -> dict[int, Contact]:
    """Those of these people who are there, by id; `hold` is that of `find_contacts`."""
    contacts = _where(database, site, models.Profile.id.in_(list(profiles)), hold)
    return {contact.profile.id: contact for contact in contacts}


def find_people(database: Database, site: str, keys: Collection[str]) -> dict[str, Contact]:
    """The contacts whose ledger key is among these, by it, held until the transaction ends."""
    is_one = models.Profile.ledger_key.in_(list(keys)) & ~models.Profile.pending
    return {each.profile.ledger_key: each for each in _where(database, site, is_one)}


def _where(database: Database, site: str, is_meant: Any, hold: bool = True) -> list[Contact]:
    """Whoever of a site is meant, also without an email."""
    email = (Identity.profile == models.Profile.id) & (Identity.kind == "email")
    query = (
        models.Profile.select(*_OF_A_CONTACT)
        .join(Identity, JOIN.LEFT_OUTER, on=email)
        .where((models.Profile.site == site) & is_meant)
        .order_by(models.Profile.id)
    )
    return _contacts(database, site, _held(database, query) if hold else query)


def _held(database: Database, query: Any) -> Any:
    """The query, which holds the profiles that it reads until the transaction ends."""
    # SQLite has one writer at a time anyway. In order of id, two that hold never wait in a circle.
    is_postgres = isinstance(database, PostgresqlDatabase)
    return query.for_update(of=models.Profile) if is_postgres else query


def count_contacts(database: Database, site: str) -> int:
    """How many people of a site are not pending."""
    query = models.Profile.select().where((models.Profile.site == site) & ~models.Profile.pending)
    return int(query.count(database))


def _contacts(database: Database, site: str, query: Any) -> list[Contact]:
    rows = list(query.dicts().execute(database))
    profiles = [row["id"] for row in rows]
    choices, roles = _choices(database, profiles), _roles(database, profiles)
    return [
        _contact(site, row, choices.get(row["id"], []), roles.get(row["id"], ())) for row in rows
    ]


def _contact(
    site: str, row: dict[str, Any], choices: list[_Dated], roles: tuple[str, ...]
) -> Contact:
    profile = Profile(
        id=row["id"],
        site=site,
        handle=row["handle"],
        ledger_key=row["ledger_key"],
        pending=False,
        revision=row["revision"],
        roles=roles,
        state=State(
            {
                **state_of_profile(row["language"], row["reach"], row["paused_until"]),
                **dict(preference(choice) for choice, _ in choices),
            }
        ),
        link_version=row["link_version"],
    )
    topics = {choice.topic: said_at for choice, said_at in choices}
    times = Times(topics, row["overall_at"], row["left_at"], row["spoke_at"])
    back = (row["undeliverable_at"], row["reached_at"])
    is_back = bool(row["undeliverable"])
    return Contact(profile, row["value"], is_back, row["written"], times, *back)


_Dated = tuple[Choice, int | None]
"""A choice, and when it was said."""


def _choices(database: Database, profiles: list[int]) -> dict[int, list[_Dated]]:
    columns = (Preference.profile, Preference.said_at, *CHOICE)
    query = Preference.select(*columns).where(Preference.profile.in_(profiles))
    choices: dict[int, list[_Dated]] = {}
    for profile, said_at, *choice in query.tuples().execute(database):
        choices.setdefault(profile, []).append((Choice._make(choice), said_at))
    return choices


def _roles(database: Database, profiles: list[int]) -> dict[int, tuple[str, ...]]:
    """The roles of those who have some, in order."""
    query = Role.select(Role.profile, Role.role).where(Role.profile.in_(profiles))
    roles: dict[int, tuple[str, ...]] = {}
    for profile, role in query.order_by(Role.position).tuples().execute(database):
        roles[profile] = (*roles.get(profile, ()), role)
    return roles


# ── writing ─────────────────────────────────────────────────────────────────────────────────


_CREATE = PreparedInsert(
    models.Profile,
    (
        models.Profile.site,
        models.Profile.handle,
        models.Profile.ledger_key,
        models.Profile.created_at,
    ),
)


def create_contacts(
    database: Database, site: str, at: int, contacts: Sequence[NewContact]
) -> dict[str, Profile]:
    """New people, by email, who have chosen nothing yet. Must stand in a transaction.

    Raises peewee's IntegrityError when one of the emails already leads to somebody.
    """
    if not contacts:
        return {}
    keys = {contact.email: (new_key(), new_key()) for contact in contacts}
    _CREATE.run(database, [(site, *keys[contact.email], at) for contact in contacts])
    ids = _ids(database, [handle for handle, _ in keys.values()])
    people = {
        contact.email: Profile(
            id=ids[handle],
            site=site,
            handle=handle,
            ledger_key=key,
            pending=False,
            revision=0,
            roles=contact.roles,
            state=State(),
        )
        for contact in contacts
        for handle, key in [keys[contact.email]]
    }
    add_roles(database, people.values())
    _identify(database, site, people, contacts)
    note_new(database, site, ids.values())
    return people


def _ids(database: Database, handles: list[str]) -> dict[str, int]:
    query = models.Profile.select(models.Profile.handle, models.Profile.id).where(
        models.Profile.handle.in_(handles)
    )
    return dict(query.tuples().execute(database))


_IDENTIFY = PreparedInsert(
    Identity,
    (
        Identity.site,
        Identity.profile,
        Identity.kind,
        Identity.value,
        Identity.written,
        Identity.confirmed,
        Identity.undeliverable,
        Identity.undeliverable_at,
    ),
)


def _identify(
    database: Database, site: str, people: dict[str, Profile], contacts: Sequence[NewContact]
) -> None:
    rows = [
        (site, people[each.email].id, "email", each.email, each.written, True, is_back, at)
        for each in contacts
        for at, is_back in [(each.undeliverable_at, each.undeliverable_at is not None)]
    ]
    _IDENTIFY.run(database, rows)


def give_roles(database: Database, profile: Profile, roles: Sequence[str]) -> None:
    """Replace the person's roles. The site gives them, so there is no consent record."""
    Role.delete().where(Role.profile == profile.id).execute(database)
    add_roles(database, [replace(profile, roles=tuple(roles))])
    note_changes(database, [profile.id])
