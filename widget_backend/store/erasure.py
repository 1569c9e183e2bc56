"""Erasing: a person's data goes, that there were records and that they were erased stays."""

from __future__ import annotations

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
    Profile,
)
from widget_backend.store.outbox import stop_messages
from widget_backend.store.profiles import Person
from widget_backend.store.saves import save_in_transaction
from widget_backend.store.suppression import suppress
from widget_backend.store.writing import write


def erase(database: Database, person: Person, how: Circumstances, hashes: AddressHashes) -> None:
    """Delete the profile and every value in its records (GDPR 17).

    The ledger keeps when something was said and a salted hash of what, which without the salt
    tells nothing. Of the addresses keyed hashes are kept, so that no import brings the person back.
    Raises StaleRevision, with nothing deleted.
    """

    def erase_all() -> None:
        save_in_transaction(database, person, [], how)
        theirs = _theirs(database, person)
        _stop_messages(database, person, theirs)
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


def _stop_messages(database: Database, person: Person, theirs: dict[int, str]) -> None:
    """What this site still has to send about them, or to their address, is not sent, nor kept."""
    handles = Profile.select(Profile.handle)
    about_them = handles.where(Profile.id.in_(list(theirs)))
    # Somebody else may want to move to their address, and confirms it there.
    moving_there = handles.join(AddressChange).where(AddressChange.address == person.state.email)
    for query, kinds in ((about_them, None), (moving_there, ["new-address"])):
        subjects = [handle for (handle,) in query.tuples().execute(database)]
        if subjects:
            stop_messages(database, person.site, subjects, kinds)
