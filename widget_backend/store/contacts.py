"""Contacts: people together with the email that leads to them, many at a time.

What one person does is in `profiles` and `saves`; this is for imports, exports and bulk links.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from peewee import Database, PostgresqlDatabase

from widget_backend.rules.state import State
from widget_backend.store import models
from widget_backend.store.changes import note_changes, note_new
from widget_backend.store.models import Identity, Preference, Role
from widget_backend.store.prepared import PreparedQuery, parameter
from widget_backend.store.profiles import (
    CHOICE,
    Choice,
    Profile,
    add_roles,
    new_key,
    preference,
    state_of_profile,
)
from widget_backend.store.rows import columns_of


@dataclass(frozen=True)
class Contact:
    """A profile that is not pending, and its email if it has one.

    The profile's state holds `overall`, `language` and `topic:…`. `undeliverable` means that mail
    to this address came back for good; `written` is how somebody wrote it.
    """

    profile: Profile
    email: str | None
    undeliverable: bool
    written: str | None = None


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
    Identity.written,
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
    # SQLite has one writer at a time anyway. In order of id, two that hold never wait in a circle.
    if hold and isinstance(database, PostgresqlDatabase):
        query = query.for_update(of=models.Profile)
    contacts = _contacts(database, site, query)
    return {contact.email: contact for contact in contacts if contact.email}


class Recipient(NamedTuple):
    """What a link needs to know of a contact."""

    handle: str
    language: str | None
    link_version: int


_RECIPIENT = columns_of(
    Recipient,
    handle=models.Profile.handle,
    language=models.Profile.language,
    link_version=models.Profile.link_version,
)

MOST_ASKED = 500
"""How many contacts are looked up by one query."""

_RECIPIENTS = PreparedQuery(
    models.Profile.select(Identity.value, *_RECIPIENT)
    .join(Identity)
    .where(
        (Identity.site == parameter("site"))
        & (Identity.kind == "email")
        & Identity.value.in_([parameter(str(at)) for at in range(MOST_ASKED)])
        & Identity.confirmed
        & ~models.Profile.pending
    )
)


def find_recipients(database: Database, site: str, emails: Collection[str]) -> dict[str, Recipient]:
    """Those of at most MOST_ASKED emails that lead to a contact, by email."""
    # An address that is NULL is found nowhere, so that one query serves for any number.
    asked: dict[str, str | None] = {str(at): None for at in range(MOST_ASKED)}
    asked |= {str(at): email for at, email in enumerate(emails)}
    rows = _RECIPIENTS.run(database, site=site, **asked).fetchall()
    return {email: Recipient._make(known) for email, *known in rows}


def count_contacts(database: Database, site: str) -> int:
    """How many people of a site are not pending."""
    query = models.Profile.select().where((models.Profile.site == site) & ~models.Profile.pending)
    return int(query.count(database))


def _contacts(database: Database, site: str, query: Any) -> list[Contact]:
    rows = list(query.dicts().execute(database))
    profiles = [row["id"] for row in rows]
    preferences, roles = _preferences(database, profiles), _roles(database, profiles)
    return [
        _contact(site, row, preferences.get(row["id"], {}), roles.get(row["id"], ()))
        for row in rows
    ]


def _contact(
    site: str, row: dict[str, Any], preferences: dict[str, Any], roles: tuple[str, ...]
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
                **preferences,
            }
        ),
        link_version=row["link_version"],
    )
    return Contact(profile, row["value"], bool(row["undeliverable"]), row["written"])


def _preferences(database: Database, profiles: list[int]) -> dict[int, dict[str, Any]]:
    """The `topic:…` part of each state, by profile."""
    query = Preference.select(Preference.profile, *CHOICE).where(Preference.profile.in_(profiles))
    states: dict[int, dict[str, Any]] = {}
    for profile, *choice in query.tuples().execute(database):
        subject, value = preference(Choice._make(choice))
        states.setdefault(profile, {})[subject] = value
    return states


def _roles(database: Database, profiles: list[int]) -> dict[int, tuple[str, ...]]:
    """The roles of those who have some, in order."""
    query = Role.select(Role.profile, Role.role).where(Role.profile.in_(profiles))
    roles: dict[int, tuple[str, ...]] = {}
    for profile, role in query.order_by(Role.position).tuples().execute(database):
        roles[profile] = (*roles.get(profile, ()), role)
    return roles


# ── writing ─────────────────────────────────────────────────────────────────────────────────


def create_contacts(
    database: Database, site: str, at: int, contacts: Sequence[NewContact]
) -> dict[str, Profile]:
    """New people, by email, who have chosen nothing yet. Must stand in a transaction.

    Raises peewee's IntegrityError when one of the emails already leads to somebody.
    """
    if not contacts:
        return {}
    keys = {contact.email: (new_key(), new_key()) for contact in contacts}
    models.Profile.insert_many(
        {
            "site": site,
            "handle": keys[contact.email][0],
            "ledger_key": keys[contact.email][1],
            "created_at": at,
        }
        for contact in contacts
    ).execute(database)
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


def _identify(
    database: Database, site: str, people: dict[str, Profile], contacts: Sequence[NewContact]
) -> None:
    Identity.insert_many(
        {
            "site": site,
            "profile": people[contact.email].id,
            "kind": "email",
            "value": contact.email,
            "written": contact.written,
            "confirmed": True,
            "undeliverable": contact.undeliverable_at is not None,
            "undeliverable_at": contact.undeliverable_at,
        }
        for contact in contacts
    ).execute(database)


def give_roles(database: Database, profile: Profile, roles: Sequence[str]) -> None:
    """Replace the person's roles. The site gives them, so there is no consent record."""
    Role.delete().where(Role.profile == profile.id).execute(database)
    add_roles(database, [replace(profile, roles=tuple(roles))])
    note_changes(database, [profile.id])
