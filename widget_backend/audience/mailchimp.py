"""Mailchimp's audience exports: which of the three kinds a table is, and what its rows say."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from widget_backend.audience.outputs import Rejects
from widget_backend.audience.repeats import FirstLines
from widget_backend.audience.tables import Row, Table
from widget_backend.errors import FileRefused
from widget_backend.rules.addresses import email_address, other_writing

Kind = Literal["subscribed", "unsubscribed", "cleaned"]

ADDRESS = "Email Address"

EVIDENCE: dict[Kind, tuple[str, ...]] = {
    "subscribed": (),
    "unsubscribed": (
        "UNSUB_TIME",
        "UNSUB_CAMPAIGN_TITLE",
        "UNSUB_CAMPAIGN_ID",
        "UNSUB_REASON",
        "UNSUB_REASON_OTHER",
    ),
    "cleaned": ("CLEAN_TIME", "CLEAN_CAMPAIGN_TITLE", "CLEAN_CAMPAIGN_ID"),
}
"""The columns that only one kind has; the first of them tells that kind."""

OPT_IN = ("OPTIN_TIME", "OPTIN_IP", "CONFIRM_TIME", "CONFIRM_IP")
"""When and from where a person asked for mail, and when and from where they confirmed it."""

_AS_EXPORTED = "export the audience again and import its files as they are"


@dataclass(frozen=True)
class Entry:
    """One contact of an export.

    `evidence` is what the platform recorded, by the names of its columns, together with `file` and
    `kind`; without what it left empty. `written` is the address as it stands there, if that is not
    its one spelling.
    """

    line: int
    email: str
    tags: tuple[str, ...]
    evidence: Mapping[str, str]
    written: str | None = None

    @property
    def left_at(self) -> datetime | None:
        """When the person unsubscribed there (Mailchimp writes UTC); None if that is not known."""
        try:
            return datetime.fromisoformat(self.evidence["UNSUB_TIME"]).replace(tzinfo=UTC)
        except (KeyError, ValueError):
            return None


class Audience:
    """An export: its kind, and its entries one after another."""

    def __init__(self, table: Table) -> None:
        """Raises FileRefused when the header is none of an export."""
        self.table = table
        self.kind = kind_of(table)
        wanted = (*OPT_IN, *EVIDENCE[self.kind])
        self._evidence = {name: at for name in wanted if (at := table.column(name)) is not None}
        self._tags = table.column("TAGS")

    def entries(self, rejects: Rejects) -> Iterator[Entry]:
        """Every contact once; rows that are none go to the rejects with the reason."""
        with FirstLines() as first_lines:
            for row in self.table.rows():
                email = "" if row.problem else email_address(row[0])
                if email and not (earlier := first_lines.before(email, row.line)):
                    yield self._entry(row, email)
                elif email:
                    rejects.add(row, f"repeats the address of line {earlier}, which counts")
                else:
                    rejects.add(row, row.problem or _not_an_address(row[0]))

    def _entry(self, row: Row, email: str) -> Entry:
        recorded = {name: row[at] for name, at in self._evidence.items() if row[at]}
        tags = () if self._tags is None else tuple(_tags(row[self._tags]))
        evidence = {"file": self.table.path.name, "kind": self.kind, **recorded}
        return Entry(row.line, email, tags, evidence, other_writing(row[0], email))


def _not_an_address(cell: str) -> str:
    return "is not an email address" if cell else "has no email address"


def _tags(cell: str) -> Iterator[str]:
    """Tags stand in one cell as a row of their own: `"Newsletter","Club card"`."""
    for tag in next(csv.reader([" ".join(cell.splitlines())], skipinitialspace=True), []):
        if tag.strip():
            yield tag.strip()


def kind_of(table: Table) -> Kind:
    """Raises FileRefused when a header is none of an export, or could be more than one kind's.

    Taking those who left for subscribers would be the worst of mistakes, so nothing is guessed.
    """
    file = str(table.path)
    if table.column(ADDRESS) != 0:
        raise FileRefused(file, f"line 1: “{ADDRESS}” is not the first column", _AS_EXPORTED)
    if table.path.name.startswith("nonsubscribed"):
        reason = "it is an export of people who never subscribed"
        raise FileRefused(file, reason, "import the files whose names begin with the other kinds")
    marks = [kind for kind, names in EVIDENCE.items() if names and _has(table, names[0])]
    if len(marks) > 1:
        reason = "line 1: it has the columns of both unsubscribed and cleaned contacts"
        raise FileRefused(file, reason, _AS_EXPORTED)
    if marks and (table.column(EVIDENCE[marks[0]][0]) or 0) < (table.column(OPT_IN[0]) or 0):
        reason = f"line 1: {EVIDENCE[marks[0]][0]} stands where columns of your own do"
        raise FileRefused(file, reason, f"rename a column of your own, or {_AS_EXPORTED}")
    if not marks and not all(_has(table, name) for name in OPT_IN[::2]):
        reason = "line 1: OPTIN_TIME and CONFIRM_TIME, UNSUB_TIME, CLEAN_TIME are all missing"
        raise FileRefused(file, reason, _AS_EXPORTED)
    return marks[0] if marks else "subscribed"


def _has(table: Table, name: str) -> bool:
    return table.column(name) is not None
