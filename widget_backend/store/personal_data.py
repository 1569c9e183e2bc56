"""Holding: what is kept about one person beside their state, for who asks to see all of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from peewee import Database

from widget_backend.store.ledger import Record, records
from widget_backend.store.models import AddressChange, Identity, Profile, Wording
from widget_backend.store.profiles import Person


@dataclass(frozen=True)
class Email:
    """The address on file: how it was written, and what is known of mail to it.

    Times are seconds since 1970; see `Identity`.
    """

    written: str | None = None
    undeliverable_at: int | None = None
    reached_at: int | None = None


def email_of(database: Database, person: Person) -> Email:
    mine = (Identity.profile == person.id) & (Identity.kind == "email")
    columns = (Identity.written, Identity.undeliverable_at, Identity.reached_at)
    row = Identity.select(*columns).where(mine).tuples().execute(database)
    return next((Email(*each) for each in row), Email())


def wanted_address(database: Database, person: Person, now: int) -> str | None:
    """Where the person wants to move to and has not confirmed yet."""
    waiting = (AddressChange.profile == person.id) & (AddressChange.until > now)
    address = AddressChange.select(AddressChange.address).where(waiting).scalar(database)
    return address if address != person.state.email else None


def known_since(database: Database, person: Person) -> int:
    """Seconds since 1970."""
    return int(Profile.select(Profile.created_at).where(Profile.id == person.id).scalar(database))


def all_records(database: Database, person: Person) -> list[Record]:
    """Those of the person and of the sign-ups that became part of them, oldest first."""
    joined = Profile.select(Profile.ledger_key).where(Profile.merged_into == person.id)
    keys = [*(key for (key,) in joined.tuples().execute(database)), person.ledger_key]
    every = [record for key in keys for record in records(database, key)]
    return sorted(every, key=lambda record: record.at)


def unconfirmed_sign_ups(database: Database, person: Person) -> list[list[Record]]:
    """The records of each sign-up of the person's address that nobody has confirmed.

    Somebody else may have typed the address.
    """
    address = person.state.email
    of_address = (Identity.kind == "email") & (Identity.value == address) & ~Identity.confirmed
    query = (
        Profile.select(Profile.ledger_key)
        .join(Identity)
        .where((Identity.site == person.site) & of_address & Profile.pending)
        .order_by(Profile.id)
    )
    return [records(database, key) for (key,) in query.tuples().execute(database)]


def wordings(database: Database, names: Iterable[str]) -> Mapping[str, Mapping[str, Any]]:
    """The texts behind records, by the names that these give them."""
    query = Wording.select(Wording.id, Wording.language, Wording.texts)
    rows = query.where(Wording.id.in_(sorted(set(names)))).tuples().execute(database)
    return {name: {"language": language, "texts": texts} for name, language, texts in rows}
