"""Personal data: what is kept about one person beside their state, for the page that shows it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from peewee import Database

from widget_backend.store import models
from widget_backend.store.ledger import Record, records
from widget_backend.store.models import AddressChange, Identity, Wording
from widget_backend.store.profiles import Profile
from widget_backend.store.rows import columns_of


class Email(NamedTuple):
    """The address on file: how it was written, and what is known of mail to it.

    Times are seconds since 1970; see `Identity`.
    """

    written: str | None = None
    undeliverable_at: int | None = None
    reached_at: int | None = None


def email_of(database: Database, profile: Profile) -> Email:
    mine = (Identity.profile == profile.id) & (Identity.kind == "email")
    columns = columns_of(
        Email,
        written=Identity.written,
        undeliverable_at=Identity.undeliverable_at,
        reached_at=Identity.reached_at,
    )
    rows = Identity.select(*columns).where(mine).tuples().execute(database)
    return next(map(Email._make, rows), Email())


class OtherDetail(NamedTuple):
    """Another way to reach or to name the person; when messages to it came back, if they did.

    `is_confirmed`: by the person, or an import had evidence that it is theirs.
    """

    kind: str
    value: str
    undeliverable_at: int | None = None
    is_confirmed: bool = False


def other_details(database: Database, profile: Profile) -> dict[str, OtherDetail]:
    """All but the email, by kind."""
    theirs = (Identity.profile == profile.id) & (Identity.kind != "email")
    columns = (Identity.kind, Identity.value, Identity.undeliverable_at)
    is_confirmed = Identity.confirmed | Identity.evidence_run.is_null(False)
    rows = Identity.select(*columns, is_confirmed).where(theirs).tuples().execute(database)
    return {
        kind: OtherDetail(kind, value, came_back_at, bool(is_so))
        for kind, value, came_back_at, is_so in rows
    }


def wanted_address(database: Database, profile: Profile, now: int) -> str | None:
    """The new address that the person has asked for and not confirmed yet."""
    waiting = (AddressChange.profile == profile.id) & (AddressChange.until > now)
    address = AddressChange.select(AddressChange.address).where(waiting).scalar(database)
    return address if address != profile.state.email else None


def known_since(database: Database, profile: Profile) -> int:
    """Seconds since 1970."""
    return int(
        models.Profile.select(models.Profile.created_at)
        .where(models.Profile.id == profile.id)
        .scalar(database)
    )


def all_records(database: Database, profile: Profile) -> list[Record]:
    """The records of the person and of sign-ups that were merged into them, oldest first."""
    joined = models.Profile.select(models.Profile.ledger_key).where(
        models.Profile.merged_into == profile.id
    )
    keys = [*(key for (key,) in joined.tuples().execute(database)), profile.ledger_key]
    every = [record for key in keys for record in records(database, key)]
    return sorted(every, key=lambda record: record.at)


def unconfirmed_sign_ups(database: Database, profile: Profile) -> list[list[Record]]:
    """The records of each sign-up of the person's address that nobody has confirmed.

    Somebody else may have typed the address.
    """
    address = profile.state.email
    of_address = (Identity.kind == "email") & (Identity.value == address) & ~Identity.confirmed
    query = (
        models.Profile.select(models.Profile.ledger_key)
        .join(Identity)
        .where((Identity.site == profile.site) & of_address & models.Profile.pending)
        .order_by(models.Profile.id)
    )
    return [records(database, key) for (key,) in query.tuples().execute(database)]


def wordings(database: Database, names: Iterable[str]) -> Mapping[str, Mapping[str, Any]]:
    """The texts behind records, by the names that these give them."""
    query = Wording.select(Wording.id, Wording.language, Wording.texts)
    rows = query.where(Wording.id.in_(sorted(set(names)))).tuples().execute(database)
    return {name: {"language": language, "texts": texts} for name, language, texts in rows}
