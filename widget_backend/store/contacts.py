"""Contacts: people together with the email that leads to them, many at a time.

What one person does at a door is in `profiles` and `saves`; this is for whole audiences.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from peewee import JOIN, Database, PostgresqlDatabase

from widget_backend.rules.state import LANGUAGE, OVERALL, State, topic_subject
from widget_backend.store.models import Identity, Preference, Profile
from widget_backend.store.prepared import Compiled, slot
from widget_backend.store.profiles import Person, new_key


@dataclass(frozen=True)
class Contact:
    """A person who is not pending, and their email if they have one.

    The person's state holds `overall`, `language` and `topic:…`. `undeliverable` means that mail
    to this address came back for good; `written` is how somebody wrote it.
    """

    person: Person
    email: str | None
    undeliverable: bool
    written: str | None = None


@dataclass(frozen=True)
class NewContact:
    """What is known of a person who enters with a confirmed email and has said nothing yet.

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
    Profile.id,
    Profile.handle,
    Profile.ledger_key,
    Profile.revision,
    Profile.roles,
    Profile.language,
    Profile.overall,
    Profile.link_version,
    Identity.written,
)


def find_contacts(
    database: Database, site: str, emails: Collection[str], hold: bool = False
) -> dict[str, Contact]:
    """The contacts whose confirmed email is among these, by email; two queries for all.

    `hold` keeps others from saving them until the transaction ends, so that what is decided
    from their state still holds when it is written.
    """
    query = (
        Profile.select(*_OF_A_CONTACT)
        .join(Identity)
        .where(
            (Identity.site == site)
            & (Identity.kind == "email")
            & Identity.value.in_(list(emails))
            & Identity.confirmed
            & ~Profile.pending
        )
        .order_by(Profile.id)
    )
    # SQLite has one writer at a time anyway. In order of id, two that hold never wait in a circle.
    if hold and isinstance(database, PostgresqlDatabase):
        query = query.for_update(of=Profile)
    found = _contacts(database, site, query)
    return {contact.email: contact for contact in found if contact.email}


@dataclass(frozen=True)
class Recipient:
    """As much of a contact as a link says."""

    handle: str
    language: str | None
    link_version: int


MOST_ASKED = 500
"""How many contacts are looked up by one query."""

_RECIPIENTS = Compiled(
    Profile.select(Identity.value, Profile.handle, Profile.language, Profile.link_version)
    .join(Identity)
    .where(
        (Identity.site == slot("site"))
        & (Identity.kind == "email")
        & Identity.value.in_([slot(str(at)) for at in range(MOST_ASKED)])
        & Identity.confirmed
        & ~Profile.pending
    )
)


def find_recipients(database: Database, site: str, emails: Collection[str]) -> dict[str, Recipient]:
    """Those of at most MOST_ASKED emails that lead to a contact, by email."""
    # An address that is NULL is found nowhere, so that one query serves for any number.
    asked: dict[str, str | None] = {str(at): None for at in range(MOST_ASKED)}
    asked |= {str(at): email for at, email in enumerate(emails)}
    rows = _RECIPIENTS.run(database, site=site, **asked).fetchall()
    return {email: Recipient(*known) for email, *known in rows}


def all_contacts(database: Database, site: str, at_once: int = 500) -> Iterator[list[Contact]]:
    """Everyone of a site who is not pending, oldest first, so many at a time."""
    last = 0
    email = (Identity.profile == Profile.id) & (Identity.kind == "email")
    while True:
        query = (
            Profile.select(*_OF_A_CONTACT)
            .join(Identity, JOIN.LEFT_OUTER, on=email)
            .where((Profile.site == site) & ~Profile.pending & (Profile.id > last))
            .order_by(Profile.id)
            .limit(at_once)
        )
        contacts = _contacts(database, site, query)
        if not contacts:
            return
        yield contacts
        last = contacts[-1].person.id


def count_contacts(database: Database, site: str) -> int:
    """How many people of a site are not pending."""
    query = Profile.select().where((Profile.site == site) & ~Profile.pending)
    return int(query.count(database))


def _contacts(database: Database, site: str, query: Any) -> list[Contact]:
    rows = query.tuples().execute(database)
    preferences = _preferences(database, [row[2] for row in rows])
    return [_contact(site, row, preferences.get(row[2], {})) for row in rows]


def _contact(site: str, row: tuple[Any, ...], preferences: dict[str, Any]) -> Contact:
    email, undeliverable, number, handle, key, revision, roles, *said, generation, written = row
    language, overall = said
    state = State(
        {
            **({LANGUAGE: language} if language else {}),
            **({OVERALL: overall} if overall else {}),
            **preferences,
        }
    )
    known = (number, site, handle, key, False, revision, tuple(roles))
    person = Person(*known, state, generation)
    return Contact(person, email, bool(undeliverable), written)


def _preferences(database: Database, profiles: list[int]) -> dict[int, dict[str, Any]]:
    """The `topic:…` part of each state, by profile."""
    found: dict[int, dict[str, Any]] = {}
    query = Preference.select(
        Preference.profile,
        Preference.topic,
        Preference.subscribed,
        Preference.channel,
        Preference.frequency,
    ).where(Preference.profile.in_(profiles))
    for profile, topic, on, channel, frequency in query.tuples().execute(database):
        preference = {"on": on, "channel": channel, "frequency": frequency}
        found.setdefault(profile, {})[topic_subject(topic)] = preference
    return found


# ── writing ─────────────────────────────────────────────────────────────────────────────────


def create_contacts(
    database: Database, site: str, at: int, contacts: Sequence[NewContact]
) -> dict[str, Person]:
    """New people, by email, who have said nothing yet. Must stand in a transaction.

    Raises peewee's IntegrityError when one of the emails already leads to somebody.
    """
    if not contacts:
        return {}
    keys = {contact.email: (new_key(), new_key()) for contact in contacts}
    Profile.insert_many(
        {
            "site": site,
            "handle": keys[contact.email][0],
            "ledger_key": keys[contact.email][1],
            "roles": contact.roles,
            "created_at": at,
        }
        for contact in contacts
    ).execute(database)
    ids = _ids(database, [handle for handle, _ in keys.values()])
    people = {
        contact.email: Person(ids[handle], site, handle, key, False, 0, contact.roles, State())
        for contact in contacts
        for handle, key in [keys[contact.email]]
    }
    _identify(database, site, people, contacts)
    return people


def _ids(database: Database, handles: list[str]) -> dict[str, int]:
    query = Profile.select(Profile.handle, Profile.id).where(Profile.handle.in_(handles))
    return dict(query.tuples().execute(database))


def _identify(
    database: Database, site: str, people: dict[str, Person], contacts: Sequence[NewContact]
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


def give_roles(database: Database, person: Person, roles: Sequence[str]) -> None:
    """The person's roles from now on. Given by the organisation, so no consent record."""
    mine = Profile.id == person.id
    Profile.update({Profile.roles: list(roles)}).where(mine).execute(database)
