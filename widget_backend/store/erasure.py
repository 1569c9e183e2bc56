"""Erasing a person's data. That there were records, and that they were erased, stays."""

from __future__ import annotations

import contextlib
from collections import defaultdict
from collections.abc import Iterable
from functools import partial
from typing import NamedTuple

from peewee import Database

from widget_backend.address_hashes import AddressHash, AddressHashes
from widget_backend.errors import ProfileUnknown
from widget_backend.rules.state import EMAIL
from widget_backend.store import models
from widget_backend.store.changes import note_changes
from widget_backend.store.contacts import find_contacts
from widget_backend.store.ledger import ConsentContext, no_wording, records
from widget_backend.store.models import AddressChange, ConsentRecord, ConsentValue, Identity
from widget_backend.store.outbox import stop_messages
from widget_backend.store.profiles import Profile, read_profile
from widget_backend.store.requests import end_by_erasure
from widget_backend.store.saves import save_in_transaction
from widget_backend.store.suppression import AT_ONCE, suppress, suppress_hashes
from widget_backend.store.suppression_file import Erased
from widget_backend.store.writing import write


def erase(
    database: Database, profile: Profile, consent: ConsentContext, hashes: AddressHashes
) -> Erased:
    """Delete the profile and every value in its records (GDPR 17).

    The ledger keeps when something was chosen, and a salted hash of what; without the salt, which
    is deleted, that reveals nothing. Keyed hashes of the addresses are kept, so that no import
    brings the person back. That a request of theirs was answered in time is kept without them.
    Returns what a file outside of the database is to keep.
    Raises StaleRevision, with nothing deleted.
    """

    def erase_all() -> Erased:
        save_in_transaction(database, profile, [], consent)
        theirs = _theirs(database, profile)
        _stop_messages(database, profile, theirs)
        addresses = _addresses(database, profile, theirs)
        suppress(database, profile.site, addresses, hashes, consent.at)
        end_by_erasure(database, theirs, consent.at)
        forget(database, theirs)
        kept = tuple(hashes.newest(profile.site, each) for each in sorted(addresses))
        return Erased(profile.site, consent.at, consent.door, tuple(sorted(theirs.values())), kept)

    return write(database, erase_all)


def erase_again(
    database: Database, earlier: Iterable[Erased], since: int, hashes: AddressHashes
) -> int:
    """Erase, in a database from a backup, whoever was erased after it; returns how many.

    `since` is when the backup was taken. Of people who were erased before, and are not in it, it
    knows what became of their addresses later.
    """
    everybody = [*earlier]
    here = _handles(database, {key for each in everybody for key in each.people})
    waiting = _sign_ups(database, hashes)
    count = 0
    for each in everybody:
        handles = [here[key] for key in each.people if key in here]
        if handles or each.at >= since - MEANWHILE:
            theirs = [one for known in each.hashes for one in waiting.get((each.site, known), [])]
            again = partial(_erase_again, database, each, handles, theirs, hashes)
            count += write(database, again)
    return count


MEANWHILE = 300
"""Seconds that an erasure may have taken from its time until it was committed."""


class _SignUp(NamedTuple):
    """One that nobody confirmed, made `at` a time, in seconds since 1970."""

    id: int
    ledger_key: str
    handle: str
    at: int


def _sign_ups(
    database: Database, hashes: AddressHashes
) -> dict[tuple[str, AddressHash], list[_SignUp]]:
    """Every sign-up that nobody confirmed, by its site and each hash of its address: a database
    that is replaced does not tell their keys."""
    columns = (
        models.Profile.id,
        models.Profile.ledger_key,
        models.Profile.handle,
        models.Profile.created_at,
    )
    query = (
        models.Profile.select(models.Profile.site, Identity.value, *columns)
        .join(Identity)
        .where(
            models.Profile.pending
            & models.Profile.merged_into.is_null()
            & (Identity.kind == "email")
        )
    )
    waiting: dict[tuple[str, AddressHash], list[_SignUp]] = defaultdict(list)
    for site, address, *known in query.tuples().execute(database):
        for each in hashes.all(site, address):
            waiting[site, each].append(_SignUp(*known))
    return waiting


def _erase_again(
    database: Database,
    erased: Erased,
    handles: list[str],
    sign_ups: list[_SignUp],
    hashes: AddressHashes,
) -> bool:
    """Whether they were here: two sources may name the same person."""
    is_here = False
    nothing = ConsentContext(erased.at, erased.door, no_wording(erased.site, "en"))
    for handle in handles:
        with contextlib.suppress(ProfileUnknown):  # it went with the one before
            erase(database, read_profile(database, erased.site, handle), nothing, hashes)
            is_here = True
    earlier = [each for each in sign_ups if each.at <= erased.at]
    if earlier:
        stop_messages(database, erased.site, [each.handle for each in earlier])
        is_here = forget(database, {each.id: each.ledger_key for each in earlier}) or is_here
    suppress_hashes(database, erased.site, erased.hashes, erased.at)
    return is_here


def _handles(database: Database, keys: set[str]) -> dict[str, str]:
    """The handles of those who are here, by their ledger keys."""
    columns = (models.Profile.ledger_key, models.Profile.handle)
    found: dict[str, str] = {}
    every = sorted(keys)
    for start in range(0, len(every), AT_ONCE):
        some = every[start : start + AT_ONCE]
        rows = models.Profile.select(*columns).where(models.Profile.ledger_key.in_(some))
        found.update(rows.tuples().execute(database))
    return found


def forget(database: Database, keys: dict[int, str]) -> bool:
    """Delete profiles and the values of their records; `keys` maps id to the ledger's key. Whether
    any of them was still there."""
    theirs = ConsentRecord.select(ConsentRecord.id).where(
        ConsentRecord.profile_key.in_(list(keys.values()))
    )
    ConsentValue.delete().where(ConsentValue.ledger.in_(theirs)).execute(database)
    note_changes(database, keys)
    gone = models.Profile.delete().where(models.Profile.id.in_(list(keys))).execute(database)
    return bool(gone)


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
