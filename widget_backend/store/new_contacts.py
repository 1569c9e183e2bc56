"""New contacts: people who come in with a confirmed email, many at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from peewee import Database

from widget_backend.rules.state import State
from widget_backend.store import models
from widget_backend.store.changes import note_new
from widget_backend.store.models import Identity
from widget_backend.store.prepared import PreparedInsert
from widget_backend.store.profiles import Profile, new_key
from widget_backend.store.roles import add_roles


@dataclass(frozen=True)
class NewContact:
    """What is known of a person who comes with a confirmed email and has chosen nothing yet.

    `written` is how the email came, if not in its one spelling.
    """

    email: str
    roles: tuple[str, ...] = ()
    undeliverable_at: int | None = None
    written: str | None = None


_CREATE = PreparedInsert(
    models.Profile,
    (
        models.Profile.site,
        models.Profile.handle,
        models.Profile.ledger_key,
        models.Profile.created_at,
    ),
    lambda insert: insert.returning(models.Profile.handle, models.Profile.id),
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
    created = _CREATE.run(database, [(site, *keys[contact.email], at) for contact in contacts])
    ids = dict(created)
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
    add_roles(database, {each.id: each.roles for each in people.values()})
    _identify(database, site, people, contacts)
    note_new(database, site, ids.values())
    return people


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
