"""Erasing: a person's data goes, that there were records and that they were erased stays."""

from __future__ import annotations

from typing import Any

from peewee import Database

from widget_backend.address_hashes import AddressHashes
from widget_backend.rules.state import EMAIL
from widget_backend.store.contacts import find_contacts
from widget_backend.store.ledger import Circumstances, records
from widget_backend.store.models import (
    AddressChange,
    ConsentRecord,
    ConsentValue,
    Identity,
    Outbox,
    Profile,
)
from widget_backend.store.profiles import Person
from widget_backend.store.saves import save_within
from widget_backend.store.suppression import suppress
from widget_backend.store.writing import write


def erase(database: Database, person: Person, how: Circumstances, hashes: AddressHashes) -> None:
    """Delete the profile and every value in its records (GDPR 17).

    The ledger keeps when something was said and a salted hash of what, which without the salt
    tells nothing. Of the addresses keyed hashes are kept, so that no import brings the person back.
    Raises StaleRevision, with nothing deleted.
    """

    def erase_all() -> None:
        save_within(database, person, [], how)
        theirs = _theirs(database, person)
        _stop_letters(database, person)
        addresses = _addresses(database, person, theirs)
        suppress(database, person.site, addresses, hashes, how.at)
        forget(database, theirs)

    write(database, erase_all, retry_stale=False)


def forget(database: Database, keys: dict[int, str]) -> None:
    """Delete profiles and the values of their records; `keys` maps id to the ledger's key."""
    theirs = ConsentRecord.select(ConsentRecord.id).where(
        ConsentRecord.profile_key.in_(list(keys.values()))
    )
    ConsentValue.delete().where(ConsentValue.ledger.in_(theirs)).execute(database)
    Profile.delete().where(Profile.id.in_(list(keys))).execute(database)


def _theirs(database: Database, person: Person) -> dict[int, str]:
    """The profile, what became part of it, and sign-ups of its address that nobody confirmed.

    By id, the key by which the ledger knows each. Three queries in one, since PostgreSQL reads the
    whole table for one with OR.
    """
    columns = (Profile.id, Profile.ledger_key)
    email = person.state.email
    itself = Profile.select(*columns).where(Profile.id == person.id)
    joined = Profile.select(*columns).where(Profile.merged_into == person.id)
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


def _addresses(database: Database, person: Person, theirs: dict[int, str]) -> set[str]:
    """Every email address that is or was theirs, without those that are somebody else's by now."""
    current = person.state.email
    earlier = {
        side
        for key in theirs.values()
        for each in records(database, key)
        for change in each.changes
        for side in (change.before, change.after)
        if change.subject == EMAIL and side
    }
    addresses = earlier | ({current} if current else set())
    known = find_contacts(database, person.site, addresses)
    return {each for each in addresses if each not in known or known[each].person.id in theirs}


def _stop_letters(database: Database, person: Person) -> None:
    """What this site still has to send to them is not sent, and what failed is not kept."""
    mine = AddressChange.profile == person.id
    new = AddressChange.select(AddressChange.address).where(mine).scalar(database)
    if email := person.state.email:
        _stop(database, person.site, Outbox.recipient == email)
    if new:
        to_confirm = (Outbox.recipient == new) & (Outbox.kind == "new-address")
        _stop(database, person.site, to_confirm)


def _stop(database: Database, site: str, letters: Any) -> None:
    nothing = {Outbox.recipient: None, Outbox.message: None, Outbox.next_at: None}
    Outbox.update(nothing).where((Outbox.site == site) & letters).execute(database)
