"""Files of contexts: what people are busy with, and until when (S1.2)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated

from marshmallow import fields

from widget_backend.contacts.column_map import Column, Encoding, Separator
from widget_backend.contacts.csv_output import Rejects
from widget_backend.contacts.csv_reader import CsvFile, CsvRow
from widget_backend.contacts.named_columns import NamedColumns, cell, email_in
from widget_backend.contacts.times import read_time
from widget_backend.rules.snapshot import CONTEXTS, Context
from widget_backend.site.model import Site
from widget_backend.site.values import one_of

OVER = "over"
"""In the place of a time: it has ended."""
OneContext = Annotated[str, fields.String(validate=one_of(CONTEXTS, "context"))]


@dataclass(frozen=True)
class ContextMap:
    """The columns of a file of contexts, as `--columns` names them; without one, our own.

    A person is named by `person`, as exports have it, by `email` or by `customer`, their customer
    number. `of_context` holds for every row of a file that has no such column.
    """

    person: Column = "person"
    email: Column = "email"
    customer: Column = "customer"
    context: Column = "context"
    until: Column = "until"
    of_context: OneContext | None = None
    separator: Separator = ","
    encoding: Encoding = "utf-8"


@dataclass(frozen=True)
class Busy:
    """What a row says. One of `person` (a ledger key), `email` and `customer` is not empty.

    `until` is in seconds since 1970, and None for what is over.
    """

    row: CsvRow
    person: str
    email: str
    customer: str
    context: Context
    until: int | None


class ContextFile:
    """A file of contexts, and what its rows say one after another."""

    def __init__(self, csv_file: CsvFile, columns: ContextMap, site: Site, now: datetime) -> None:
        """Raises FileRefused if a column is missing that every row needs."""
        named = NamedColumns(csv_file)
        self.csv_file = csv_file
        self._site, self._now = site, int(now.timestamp())
        self._person, self._email, self._customer = named.some_of(
            columns.person, columns.email, columns.customer
        )
        self._context = named.find(columns.context, columns.of_context)
        self._of_context = columns.of_context
        self._until = named.needed(columns.until)

    def rows(self, rejects: Rejects) -> Iterator[Busy]:
        """Each row that can be used; the others go to the rejects, with the reason."""
        for row in self.csv_file.rows():
            busy = row.problem or self._busy(row)
            if isinstance(busy, Busy):
                yield busy
            else:
                rejects.add(row, busy)

    def _busy(self, row: CsvRow) -> Busy | str:
        """What a row says, or why it is rejected."""
        person, customer = cell(row, self._person), cell(row, self._customer)
        email = email_in(row, self._email)
        if not (person or email or customer):
            return "names nobody: no person, email address or customer number"
        context = cell(row, self._context) or self._of_context
        if context not in CONTEXTS:
            return f"has no context known here: {', '.join(CONTEXTS)}"
        until = None if (typed := row[self._until]).casefold() == OVER else self._moment(typed)
        if isinstance(until, str):
            return until
        return Busy(row, person, email, customer, context, until)

    def _moment(self, typed: str) -> int | str:
        """Seconds since 1970, or why it is no time; by the site’s clock. A day without an hour ends
        at its midnight."""
        at = read_time(typed, self._site.zone)
        if at is None:
            return "does not say until when, in ISO 8601"
        if at.year >= 9000:
            return "is too far ahead"
        ends = at if len(typed) > len("2026-12-01") else at + timedelta(days=1)
        until = int(ends.timestamp())
        return until if until > self._now else "is past"
