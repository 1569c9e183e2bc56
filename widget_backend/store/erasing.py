"""Erasing: a person's data goes, that there were records and that they were erased stays."""

from __future__ import annotations

from typing import Any

from peewee import Database

from widget_backend.store.database import write_transaction
from widget_backend.store.ledger import Circumstances
from widget_backend.store.models import (
    Identity,
    Ledger,
    LedgerValue,
    NewAddress,
    Outbox,
    Profile,
)
from widget_backend.store.profiles import Person
from widget_backend.store.saves import save_within


def erase(database: Database, person: Person, how: Circumstances) -> None:
    """Delete the profile and every value in its records (GDPR 17).

    The ledger keeps when something was said and a salted hash of what, which without the salt
    tells nothing. Raises StaleRevision, with nothing deleted.
    """
    with write_transaction(database):
        save_within(database, person, [], how)
        theirs = _theirs(database, person)
        _stop_letters(database, person)
        forget(database, theirs)


def forget(database: Database, keys: dict[int, str]) -> None:
    """Delete profiles and the values of their records; `keys` maps id to the ledger's key."""
    records = Ledger.select(Ledger.id).where(Ledger.profile_key.in_(list(keys.values())))
    LedgerValue.delete().where(LedgerValue.ledger.in_(records)).execute(database)
    Profile.delete().where(Profile.id.in_(list(keys))).execute(database)


def _theirs(database: Database, person: Person) -> dict[int, str]:
    """The profile, what became part of it, and sign-ups of its address that nobody confirmed.

    By id, the key by which the ledger knows each. Three queries in one, since PostgreSQL reads the
    whole table for one with OR.
    """
    columns = (Profile.id, Profile.ledger_key)
    email = person.state.get("contact:email")
    itself = Profile.select(*columns).where(Profile.id == person.id)
    joined = Profile.select(*columns).where(Profile.became == person.id)
    unconfirmed = (
        Profile.select(*columns)
        .join(Identity)
        .where(
            (Identity.site == person.site)
            & (Identity.kind == "email")
            & (Identity.value == email)
            & ~Identity.confirmed
            & Profile.pending
        )
    )
    return dict((itself | joined | unconfirmed).tuples().execute(database))


def _stop_letters(database: Database, person: Person) -> None:
    """What this site still has to send to them is not sent, and what failed is not kept."""
    mine = NewAddress.profile == person.id
    new = NewAddress.select(NewAddress.address).where(mine).scalar(database)
    if email := person.state.get("contact:email"):
        _stop(database, person.site, Outbox.recipient == email)
    if new:
        to_confirm = (Outbox.recipient == new) & (Outbox.kind == "new-address")
        _stop(database, person.site, to_confirm)


def _stop(database: Database, site: str, letters: Any) -> None:
    nothing = {Outbox.recipient: None, Outbox.message: None, Outbox.next_at: None}
    Outbox.update(nothing).where((Outbox.site == site) & letters).execute(database)
