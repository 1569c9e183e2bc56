"""Erasing a person's data. That there were records, and that they were erased, stays."""

from __future__ import annotations

from peewee import Database

from widget_backend.address_hashes import AddressHashes
from widget_backend.rules.state import EMAIL
from widget_backend.store import models
from widget_backend.store.changes import note_changes
from widget_backend.store.contacts import find_contacts
from widget_backend.store.ledger import ConsentContext, records
from widget_backend.store.models import AddressChange, ConsentRecord, ConsentValue, Identity
from widget_backend.store.outbox import stop_messages
from widget_backend.store.profiles import Profile
from widget_backend.store.requests import end_by_erasure
from widget_backend.store.saves import save_in_transaction
from widget_backend.store.suppression import suppress
from widget_backend.store.writing import write


def erase(
    database: Database, profile: Profile, consent: ConsentContext, hashes: AddressHashes
) -> None:
    """Delete the profile and every value in its records (GDPR 17).

    The ledger keeps when something was chosen, and a salted hash of what; without the salt, which
    is deleted, that reveals nothing. Keyed hashes of the addresses are kept, so that no import
    brings the person back. That a request of theirs was answered in time is kept without them.
    Raises StaleRevision, with nothing deleted.
    """

    def erase_all() -> None:
        save_in_transaction(database, profile, [], consent)
        theirs = _theirs(database, profile)
        _stop_messages(database, profile, theirs)
        addresses = _addresses(database, profile, theirs)
        suppress(database, profile.site, addresses, hashes, consent.at)
        end_by_erasure(database, theirs, consent.at)
        forget(database, theirs)

    write(database, erase_all)


def forget(database: Database, keys: dict[int, str]) -> None:
    """Delete profiles and the values of their records; `keys` maps id to the ledger's key."""
    theirs = ConsentRecord.select(ConsentRecord.id).where(
        ConsentRecord.profile_key.in_(list(keys.values()))
    )
    ConsentValue.delete().where(ConsentValue.ledger.in_(theirs)).execute(database)
    note_changes(database, keys)
    models.Profile.delete().where(models.Profile.id.in_(list(keys))).execute(database)


def _theirs(database: Database, profile: Profile) -> dict[int, str]:
    """The profile, those merged into it, and sign-ups of its address that nobody confirmed.

    Maps the id of each to its ledger key. A union of three queries, since PostgreSQL would read the
    whole table for one query with OR.
    """
    columns = (models.Profile.id, models.Profile.ledger_key)
    email = profile.state.email
    itself = models.Profile.select(*columns).where(models.Profile.id == profile.id)
    joined = models.Profile.select(*columns).where(models.Profile.merged_into == profile.id)
    unconfirmed = (
        models.Profile.select(*columns)
        .join(Identity)
        .where(
            (Identity.site == profile.site)
            & (Identity.kind == "email")
            & (Identity.value == email)
            & ~Identity.confirmed
            & models.Profile.pending
        )
    )
    return dict((itself | joined | unconfirmed).tuples().execute(database))


def _addresses(database: Database, profile: Profile, theirs: dict[int, str]) -> set[str]:
    """Every email address that is or was theirs, without those that are somebody else's by now."""
    current = profile.state.email
    earlier = {
        side
        for key in theirs.values()
        for each in records(database, key)
        for change in each.changes
        for side in (change.before, change.after)
        if change.subject == EMAIL and side
    }
    addresses = earlier | ({current} if current else set())
    known = find_contacts(database, profile.site, addresses)
    return {each for each in addresses if each not in known or known[each].profile.id in theirs}


def _stop_messages(database: Database, profile: Profile, theirs: dict[int, str]) -> None:
    """What this site still has to send about them, or to their address, is not sent, nor kept."""
    handles = models.Profile.select(models.Profile.handle)
    about_them = handles.where(models.Profile.id.in_(list(theirs)))
    # Somebody else may want to move to their address, and confirms it there.
    moving_there = handles.join(AddressChange).where(AddressChange.address == profile.state.email)
    for query, kinds in ((about_them, None), (moving_there, ["new-address"])):
        subjects = [handle for (handle,) in query.tuples().execute(database)]
        if subjects:
            stop_messages(database, profile.site, subjects, kinds)
