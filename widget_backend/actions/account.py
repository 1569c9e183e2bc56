"""What somebody may do with the data held about them, once they proved to read the mail."""

from __future__ import annotations

from contextlib import suppress

from widget_backend.actions.notify import BY_ADDRESS_CHANGE, Notifier, by_link, by_person
from widget_backend.actions.saving import record_of, save_changes, update
from widget_backend.context import Context
from widget_backend.errors import MailHeldBack, ProfileUnknown
from widget_backend.rate_limits import ADDRESS_CHANGES
from widget_backend.rules import do_not_track
from widget_backend.rules.state import DO_NOT_TRACK
from widget_backend.store import address_changes, erasure
from widget_backend.store.ledger import ConsentContext, Record
from widget_backend.store.one_time_codes import MINUTES, enter_code, keep_code, make_digits
from widget_backend.store.profiles import Profile, revoke_links
from widget_backend.store.saves import save_in_transaction
from widget_backend.store.suppression_file import Erased
from widget_backend.store.writing import write

ADDRESS_CHANGE_LASTS = 2 * 86_400
"""Seconds; as long as the link in the message to the new address."""


def request_code(notifier: Notifier, profile: Profile, token: str) -> bool:
    """Mail a code to the address on file: who enters it by the same link has proved to read there.

    False when it was held back; the code before then stays. Raises ProfileUnknown.
    """
    email = profile.state.email
    if not email:
        return True
    context, digits = notifier.context, make_digits()
    spaced = f"{digits[:3]} {digits[3:]}"
    message = notifier.message("code", email, profile.handle, code=spaced, minutes=MINUTES)

    def keep_and_send() -> None:
        if keep_code(context.database, profile, token, digits, context.now):
            notifier.send(message, by_link(token))

    try:
        write(context.database, keep_and_send)
    except MailHeldBack:
        return False
    return True


def prove_by_code(context: Context, profile: Profile, token: str, digits: str) -> bool:
    """Whether these are the digits that were mailed for this link. Wrong tries count."""
    database, now = context.database, context.now
    return write(database, lambda: enter_code(database, profile, token, digits, now))


def ask_not_to_be_tracked(
    context: Context, profile: Profile, wanted: bool, consent: ConsentContext
) -> int:
    """Keep the wish, or that it was taken back; returns the revision that it made, or UNCHANGED."""

    def ask(current: Profile) -> int:
        changes = do_not_track.ask(current.state, wanted, consent.at)
        return save_changes(context, current, changes, consent)

    return update(context, profile, ask)


def wish_record(context: Context, profile: Profile, revision: int) -> Record | None:
    """The record of the save that made this revision, if it only changed that wish."""
    record = record_of(context, profile, revision)
    is_wish = record and [each.subject for each in record.changes] == [DO_NOT_TRACK]
    return record if is_wish else None


def erase(context: Context, profile: Profile, consent: ConsentContext) -> None:
    """Delete the profile and every value in its records (GDPR 17); once more changes nothing.

    When this returns, the file of suppressions has them, too, unless it cannot be written.
    """

    def delete(current: Profile) -> Erased:
        return erasure.erase(context.database, current, consent, context.signer.addresses)

    with suppress(ProfileUnknown):  # another press of the same button came first
        erased = update(context, profile, delete)
        if context.suppressions:
            context.suppressions.keep(erased)


def end_links(notifier: Notifier, profile: Profile, consent: ConsentContext) -> bool:
    """End every link that was mailed, except those that unsubscribe, and mail a new one.

    Pressed twice at once, it ends them once. False when no message could bring a new link.
    """
    version = profile.link_version

    def end(current: Profile) -> bool:
        if current.link_version != version:
            return True  # the same button was pressed once more: the new link is on its way
        if not revoke_links(notifier.context.database, current):
            return True
        save_in_transaction(notifier.context.database, current, [], consent)
        return _mail_new_link(notifier, current)

    return update(notifier.context, profile, end)


def _mail_new_link(notifier: Notifier, profile: Profile) -> bool:
    email = profile.state.email
    if not email:
        return False
    url = notifier.link("preferences", profile.handle, profile.link_version + 1)
    try:
        message = notifier.message("link", email, profile.handle, url=url)
        notifier.send(message, by_person(profile))
    except MailHeldBack:
        return False
    return True


def request_address_change(
    notifier: Notifier, profile: Profile, address: str, written: str | None
) -> bool:
    """Ask at a new address whether the person reads there; until then nothing changes.

    `written` is how it was typed, if not in its one spelling. False when the message was held back;
    an earlier request then stays. Raises ProfileUnknown.
    """
    context = notifier.context
    until = context.now + ADDRESS_CHANGE_LASTS

    def keep_and_send() -> None:
        name = address_changes.request_change(context.database, profile, address, until, written)
        if name:
            url = notifier.link("address", name)
            message = notifier.message("new-address", address, profile.handle, url=url)
            notifier.send(message, BY_ADDRESS_CHANGE, (ADDRESS_CHANGES, profile.handle))

    try:
        write(context.database, keep_and_send)
    except MailHeldBack:
        return False
    return True


def confirm_address_change(
    notifier: Notifier, profile: Profile, name: str, address: str, consent: ConsentContext
) -> None:
    """Write to the new address from now on, and tell the old one; once more changes nothing.

    `name` is that of the request. Raises AddressTaken.
    """
    context = notifier.context

    def change(current: Profile) -> None:
        old = current.state.email
        if old == address:
            return
        # No link: whoever reads the old mailbox may be why the person moved.
        message = notifier.message("address-changed", old, current.handle) if old else None
        hashes = context.signer.addresses
        address_changes.change_address(
            context.database, current, name, address, consent, message, hashes
        )

    update(context, profile, change)
