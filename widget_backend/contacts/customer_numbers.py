"""Customer numbers: they join the rows of one person, and a row without an address to its person.

Only an address or a customer number does that; a phone number never does, for a family may share
it. Where the two lead to different people, the row is rejected.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from peewee import Database

from widget_backend.contacts.batches import in_batches
from widget_backend.contacts.duplicates import NamelessTable
from widget_backend.contacts.entry import Entry, Pair
from widget_backend.store.numbers import addresses_of_customers

AT_ONCE = 500
"""Rows whose customers are looked up together."""

NOBODY = "has no email address, and its customer number leads to no address here"


def join_rows(database: Database, site: str, pairs: Iterable[Pair]) -> Iterator[Pair]:
    """The same rows of a file. An entry without an address gets that of its customer number, in an
    earlier row or here; one that says something else than an earlier row is rejected."""
    with _Numbers() as numbers:
        for batch in in_batches(pairs, AT_ONCE):
            asked = {
                entry.customer
                for _, entry in batch
                if isinstance(entry, Entry) and entry.customer and not entry.email
            }
            known = addresses_of_customers(database, site, asked) if asked else {}
            for row, entry in batch:
                yield row, numbers.joined(entry, known) if isinstance(entry, Entry) else entry


class _Numbers(NamelessTable):
    """Which address each customer number of a file has had, and which number each address, with
    the line of both. What they are looked up by is kept as hashes."""

    table = "customer (name BLOB PRIMARY KEY, other, line)"

    def joined(self, entry: Entry, known: Mapping[str, str]) -> Entry | str:
        """The entry with an address, or why it is rejected."""
        if not entry.customer:
            return entry
        address, line = self._first("number", entry.customer)
        if not entry.email:
            email = address or known.get(entry.customer)
            return replace(entry, email=email) if email else NOBODY
        if address not in {None, entry.email}:
            return f"has the customer number of line {line}, which has another address"
        number, line = self._first("address", entry.email)
        if number not in {None, entry.customer}:
            return f"has the address of line {line}, which has another customer number"
        self._keep("number", entry.customer, entry.email, entry.line)
        self._keep("address", entry.email, entry.customer, entry.line)
        return entry

    def _first(self, kind: str, name: str) -> tuple[str | None, int | None]:
        query = "SELECT other, line FROM customer WHERE name = ?"
        row = self._rows.execute(query, (_digest(kind, name),)).fetchone()
        return row or (None, None)

    def _keep(self, kind: str, name: str, other: str, line: int) -> None:
        row = (_digest(kind, name), other, line)
        self._rows.execute("INSERT OR IGNORE INTO customer VALUES (?, ?, ?)", row)


def _digest(kind: str, name: str) -> bytes:
    return hashlib.blake2b(f"{kind} {name}".encode(), digest_size=16).digest()
