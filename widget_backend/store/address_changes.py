"""Changing an address: requested by a person who proved who they are, confirmed at the new one."""

from __future__ import annotations

from peewee import EXCLUDED, Case, Database

from widget_backend.address_hashes import AddressHashes
from widget_backend.errors import AddressTaken, ProfileUnknown
from widget_backend.rate_limits import AHEAD, AT_ONCE, JUST_NOW
from widget_backend.rules.state import EMAIL, Change
from widget_backend.store import models
from widget_backend.store.ledger import ConsentContext
from widget_backend.store.models import AddressChange, Identity
from widget_backend.store.outbox import OutgoingMessage, enqueue
from widget_backend.store.profiles import Profile, new_key, revoke_links
from widget_backend.store.saves import save_in_transaction
from widget_backend.store.suppression import lift, suppress
from widget_backend.store.writing import violation_means, write


def request_change(
    database: Database, profile: Profile, address: str, until: int, written: str | None = None
) -> str | None:
    """Remember the new address until it is confirmed; returns the name of the request.

    `written` is how the address was typed, if not in its one spelling.

    A later request replaces an earlier one. For the same address it keeps the earlier one's name,
    so that each message that came there confirms it. None when another press of the same button
    was first.
    Must stand in a transaction. Raises ProfileUnknown when the person was erased meanwhile.
    """
    row = {"profile": profile.id, "name": new_key(), "address": address, "until": until}
    same = AddressChange.address == EXCLUDED.address
    insert = AddressChange.insert(**row, written=written).on_conflict(
        conflict_target=[AddressChange.profile],
        preserve=[AddressChange.address, AddressChange.written, AddressChange.until],
        update={AddressChange.name: Case(None, [(same, AddressChange.name)], EXCLUDED.name)},
        where=~same
        | (AddressChange.until <= until - AT_ONCE)
        | (AddressChange.until > until + AHEAD),
    )
    with violation_means(ProfileUnknown):
        is_first = insert.as_rowcount().execute(database)
    if not is_first:
        return None
    mine = AddressChange.profile == profile.id
    return str(AddressChange.select(AddressChange.name).where(mine).scalar(database))


def find_change(database: Database, name: str, now: int) -> tuple[str, str] | None:
    """The person's handle and the new address of a request; None when it is over or replaced.

    It is found for one more minute after the change, so that a second press is no other one.
    """
    query = (
        AddressChange.select(models.Profile.handle, AddressChange.address)
        .join(models.Profile)
        .where((AddressChange.name == name) & (AddressChange.until > now))
    )
    return next(iter(query.tuples().execute(database)), None)


def change_address(
    database: Database,
    profile: Profile,
    name: str,
    address: str,
    consent: ConsentContext,
    message: OutgoingMessage | None,
    hashes: AddressHashes,
) -> None:
    """Make the new address of the request with this name the one on file.

    `message` goes to the old address. A keyed hash of that is kept, so that no import brings it
    back. Raises StaleRevision, and AddressTaken when the address is somebody else's here.
    """
    change = Change(EMAIL, profile.state.email, address)

    def change_and_tell() -> None:
        save_in_transaction(database, profile, [change], consent)
        _confirm_address(database, profile, name)
        revoke_links(database, profile)
        _end_soon(database, profile, name, address, consent.at)
        replaced = {change.before} - {None, address}
        suppress(database, profile.site, replaced, hashes, consent.at)
        lift(database, profile.site, address, hashes)
        if message:
            enqueue(database, message, consent.at)

    write(database, change_and_tell)


def _confirm_address(database: Database, profile: Profile, name: str) -> None:
    """Raises AddressTaken."""
    written = (
        AddressChange.select(AddressChange.written)
        .where(AddressChange.name == name)
        .scalar(database)
    )
    mine = (Identity.profile == profile.id) & (Identity.kind == "email")
    with violation_means(AddressTaken):
        Identity.update(confirmed=True, written=written).where(mine).execute(database)


def _end_soon(database: Database, profile: Profile, name: str, address: str, now: int) -> None:
    """Keep the request, which was deleted with the links, for one more minute."""
    row = {"profile": profile.id, "name": name, "address": address}
    AddressChange.insert(**row, until=now + JUST_NOW).execute(database)
