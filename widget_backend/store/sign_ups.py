"""Sign-ups: pending profiles, made by strangers and not confirmed yet."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from peewee import Database

from widget_backend.address_hashes import AddressHashes
from widget_backend.errors import SignUpExists
from widget_backend.rate_limits import AHEAD, AT_ONCE
from widget_backend.rules.basis import turned_off
from widget_backend.rules.state import (
    AS_CHOSEN,
    EMAIL,
    OVERALL,
    Change,
    State,
    Value,
    difference,
    topic_subject,
)
from widget_backend.store import models
from widget_backend.store.contacts import find_contacts
from widget_backend.store.ledger import ConsentContext
from widget_backend.store.models import Answer, Identity, Preference
from widget_backend.store.profiles import Profile, create_profile, read_profile, with_answers
from widget_backend.store.saves import save_in_transaction
from widget_backend.store.suppression import lift
from widget_backend.store.writing import violation_means, write


def sign_up(
    database: Database,
    site: str,
    handle: str,
    email: str,
    changes: Sequence[Change],
    consent: ConsentContext,
    also: Callable[[], None],
    written: str | None = None,
) -> None:
    """Keep an address and its choices as pending.

    `also` writes what belongs into the same transaction, the message that asks to confirm them;
    `written` is how the address was typed, if not in its one spelling.
    Raises SignUpExists when the same sign-up was kept already.
    """

    def create() -> None:
        with violation_means(SignUpExists):
            profile = create_profile(database, site, consent.at, handle=handle, pending=True)
        row = {"site": site, "profile": profile.id, "kind": "email", "value": email}
        Identity.insert(**row, written=written).execute(database)
        save_in_transaction(database, profile, changes, consent)
        also()

    write(database, create)


def ask_again(database: Database, handle: str, at: int, also: Callable[[], None]) -> None:
    """The message that asks to confirm, once more; the sign-up is kept as long as a new one.

    Nothing, when another press of the same button was first.
    """
    is_old = (models.Profile.created_at <= at - AT_ONCE) | (models.Profile.created_at > at + AHEAD)
    waiting = (models.Profile.handle == handle) & models.Profile.pending & is_old

    def ask() -> None:
        if models.Profile.update(created_at=at).where(waiting).execute(database):
            also()

    write(database, ask)


def confirm(
    database: Database, pending: Profile, consent: ConsentContext, hashes: AddressHashes
) -> Profile:
    """Make a sign-up count; returns whose it is, as they are now.

    If the address is known already, the choices become that person's: they read the mail there, and
    so have asked for them. An import may bring back an erased person who confirms. Confirming again
    changes nothing.
    Raises ProfileUnknown.
    """
    return write(database, lambda: _confirm(database, pending.id, pending.site, consent, hashes))


def _confirm(
    database: Database, number: int, site: str, consent: ConsentContext, hashes: AddressHashes
) -> Profile:
    pending = _read(database, site, number)
    if pending.merged_into is not None:
        return _read(database, site, pending.merged_into)
    if not pending.pending:
        return pending
    # The owner's row before the sign-up's, as erasing has it: else both wait for each other.
    owner = _owner(database, pending)
    save_in_transaction(database, pending, [], consent)
    lift(database, site, pending.state[EMAIL], hashes)
    if owner is None:
        _let_in(database, pending)
    else:
        _join(database, pending, owner, consent)
    return _read(database, site, owner.id if owner else pending.id)


def unconfirmed_since(database: Database, site: str, email: str) -> int | None:
    """When an address was given at the sign-up that nobody has confirmed; None if there is none."""
    query = models.Profile.select(models.Profile.created_at).join(models.Identity)
    is_meant = (models.Identity.kind == "email") & (models.Identity.value == email)
    pending = models.Profile.pending & models.Profile.merged_into.is_null()
    row = query.where((models.Profile.site == site) & is_meant & pending).tuples().first(database)
    return int(row[0]) if row else None


def _read(database: Database, site: str, number: int) -> Profile:
    handle = (
        models.Profile.select(models.Profile.handle)
        .where(models.Profile.id == number)
        .scalar(database)
    )
    return with_answers(database, read_profile(database, site, handle))


def _owner(database: Database, pending: Profile) -> Profile | None:
    """The profile that the address leads to already, if there is one."""
    email = pending.state[EMAIL]
    known = find_contacts(database, pending.site, [email], hold=True)
    return _read(database, pending.site, known[email].profile.id) if email in known else None


def _let_in(database: Database, profile: Profile) -> None:
    mine = (Identity.profile == profile.id) & (Identity.kind == "email")
    Identity.update(confirmed=True).where(mine).execute(database)
    models.Profile.update(pending=False).where(models.Profile.id == profile.id).execute(database)


def _join(database: Database, pending: Profile, owner: Profile, consent: ConsentContext) -> None:
    """Give the choices to the owner; the sign-up's row stays and says whose it is."""
    changes = difference(owner.state, _joined(owner.state, pending.state))
    save_in_transaction(database, owner, changes, consent)
    _write_as(database, pending, owner)
    for table in (Identity, Preference, Answer):
        table.delete().where(table.profile == pending.id).execute(database)
    models.Profile.update(merged_into=owner.id).where(models.Profile.id == pending.id).execute(
        database
    )


def _write_as(database: Database, pending: Profile, owner: Profile) -> None:
    """From now on the address is written as the person did last."""
    email = Identity.kind == "email"
    typed = Identity.select(Identity.written).where(email & (Identity.profile == pending.id))
    written = {Identity.written: typed.scalar(database)}
    Identity.update(written).where(email & (Identity.profile == owner.id)).execute(database)


def _joined(known: State, new: State) -> dict[str, Value]:
    """The topics that were asked for. A person who had unsubscribed from everything gets only
    those; a pause and fewer messages stay. No answers: somebody else may have given them."""
    wanted = {topic_subject(topic): each for topic, each in new.preferences().items()}
    if known.reach != "off":
        return wanted
    refused = {
        topic_subject(topic): turned_off(each) for topic, each in known.preferences().items()
    }
    return {**refused, **wanted, OVERALL: AS_CHOSEN}
