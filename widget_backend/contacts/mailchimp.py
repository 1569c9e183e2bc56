"""Mailchimp's audience exports: which of the three kinds a table is, and what its rows say."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Literal

from widget_backend.contacts.csv_output import Rejects
from widget_backend.contacts.csv_reader import Row, Table, rows_again
from widget_backend.contacts.duplicates import FirstLines
from widget_backend.contacts.other_statuses import refuse_other_statuses
from widget_backend.contacts.statuses import STRICTEST, Meaning, Statuses
from widget_backend.contacts.times import UnreadableTimes, latest_reading, read_time
from widget_backend.errors import FileRefused
from widget_backend.rules.email_addresses import email_address, other_writing

Kind = Literal["subscribed", "unsubscribed", "cleaned"]

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

AGREED = OPT_IN[::2]
TIMES = (*AGREED, "UNSUB_TIME", "CLEAN_TIME", "LAST_CHANGED")

NEVER_EMPTY = ("LEID", "EUID")
"""Mailchimp numbers every contact: a row that ends before these lost more than empty cells."""

MEANT: dict[Meaning, Kind] = {
    "off": "unsubscribed",
    "undeliverable": "cleaned",
    "on": "subscribed",
}
"""The kind of contact that a status makes of a row; with any other nobody is brought in."""

WHY_NOT: dict[Meaning, str] = {
    "never asked": "never subscribed there, by its status",
    "pending": "has not confirmed there, by its status",
}

_AS_EXPORTED = "export the audience again and import its files as they are"
_SAY_WHEN = "say where and when they agreed with --consent"
NO_TIME = f"has no opt-in or confirmation time; {_SAY_WHEN}"
NO_READABLE_TIME = (
    "has no opt-in or confirmation time that can be read; export it again and import the file as "
    f"it is, since a spreadsheet rewrote the times, or {_SAY_WHEN}"
)
STILL_TO_COME = (
    "has an opt-in or confirmation time that is still to come; put it right where it comes from, "
    f"or {_SAY_WHEN}"
)


@dataclass(frozen=True)
class Consent:
    """On whose word people are subscribed whose row has no time: where and when they agreed, in
    the words of who imports them, and the day if there is one."""

    text: str
    on: date | None = None

    @property
    def evidence(self) -> dict[str, str]:
        return {"consent": self.text, **({"consented_on": self.on.isoformat()} if self.on else {})}


@dataclass(frozen=True)
class Entry:
    """One contact of an export.

    `evidence` is what the platform recorded, by the names of its columns, together with `file` and
    `kind`; without what it left empty. For who is subscribed on somebody's word it has `consent`
    and, if known, `consented_on`. `written` is the address as it stands there, if that is not its
    one spelling. `row` is where it stands. `again` means that the file names the person more than
    once, with another kind before this one.
    """

    line: int
    email: str
    kind: Kind
    tags: tuple[str, ...]
    evidence: Mapping[str, str]
    written: str | None = None
    row: Row | None = None
    again: bool = False

    @property
    def bounced_at(self) -> int | None:
        """When mail came back for good, in seconds since 1970; None if that cannot be read."""
        at = read_time(self.evidence.get("CLEAN_TIME", ""))
        return int(at.timestamp()) if at else None

    @property
    def left_by(self) -> datetime | None:
        """When the person unsubscribed there at the latest; None if that is not known."""
        left, changed = (self.evidence.get(name, "") for name in ("UNSUB_TIME", "LAST_CHANGED"))
        return read_time(left) or latest_reading(left) or read_time(changed)


class Audience:
    """An export: its kind, and its entries one after another.

    `kind` is None when a status column says for each row which it is. `unreadable` counts, as the
    entries are read, the times that are none.
    """

    def __init__(
        self, table: Table, consent: Consent | None = None, now: datetime | None = None
    ) -> None:
        """Raises FileRefused when the header is none of an export, or a status is unknown: a word
        of a known column, or a no in a column that is not known."""
        self.table = table
        self.unreadable = UnreadableTimes()
        self._consent = consent
        # A day later: some write their own clock's time, and it is tomorrow somewhere.
        self._latest = (now or datetime.now(UTC)) + timedelta(days=1)
        self._statuses = Statuses(table)
        self._statuses.refuse_unknown_words(rows_again(table.path))
        of_rows = bool(self._statuses.columns)
        self.kind = None if of_rows else kind_of(table, consent is not None)
        kinds = EVIDENCE if self.kind is None else (self.kind,)
        wanted = [*OPT_IN, *(name for kind in kinds for name in EVIDENCE[kind])]
        wanted += ["LAST_CHANGED"] if of_rows else []
        self._evidence = {name: at for name in wanted if (at := table.column(name)) is not None}
        self._tags = table.column("TAGS")
        filled = [table.column(name) for name in NEVER_EMPTY]
        self._last_filled = max(table.address, *(at or 0 for at in filled))
        self._refuse_other_statuses()

    def _refuse_other_statuses(self) -> None:
        if self.kind not in {None, "subscribed"}:
            return
        read = {self.table.address, *self._statuses.columns.values(), *self._evidence.values()}
        read |= set() if self._tags is None else {self._tags}
        rows = rows_again(self.table.path)
        wanted = (row for row in rows if self.kind or self._statuses.meaning(row) == "on")
        refuse_other_statuses(self.table, read, wanted)

    def described(self) -> str:
        """What told the kinds of its contacts."""
        return self.kind or " and ".join(f"by “{name}”" for name in self._statuses.columns)

    def entries(self, rejects: Rejects) -> Iterator[Entry]:
        """Every contact once; rows that are none go to the rejects with the reason.

        Who is named again as having left, or as out of reach, is an entry once more.
        """
        with FirstLines() as first_lines:
            for row in self.table.rows():
                entry = self._entry(row)
                entry = entry if isinstance(entry, str) else _once(entry, first_lines)
                if isinstance(entry, str):
                    rejects.add(row, entry)
                else:
                    yield entry

    def _entry(self, row: Row) -> Entry | str:
        """The contact of a row, or why it is none."""
        if row.problem:
            return row.problem
        if row.dropped and self._last_filled >= len(row.cells) - row.dropped:
            return row.uneven
        cell = row[self.table.address]
        email = email_address(cell)
        if not email:
            return "is not an email address" if cell else "has no email address"
        recorded = {name: row[at] for name, at in self._evidence.items() if row[at]}
        readable = self._read_times(row.line, recorded)
        kind, why = self._kind(row, recorded)
        if kind is None:
            return why
        evidence = {"file": self.table.path.name, "kind": kind, **recorded}
        if kind == "subscribed" and (why := self._why_no_time(recorded, readable)):
            if not self._consent:
                return why
            evidence |= self._consent.evidence
        tags = () if self._tags is None else tuple(_tags(row[self._tags]))
        return Entry(row.line, email, kind, tags, evidence, other_writing(cell, email), row)

    def _why_no_time(self, recorded: Mapping[str, str], readable: set[str]) -> str:
        """Why no time says that the person agreed; empty where one does."""
        times = [read_time(recorded[name]) for name in readable & set(AGREED)]
        if any(at and at <= self._latest for at in times):
            return ""
        if times:
            return STILL_TO_COME
        return NO_READABLE_TIME if recorded.keys() & set(AGREED) else NO_TIME

    def _read_times(self, line: int, recorded: Mapping[str, str]) -> set[str]:
        """The columns whose time can be read; the others are counted."""
        times = [name for name in TIMES if name in recorded]
        readable = {name for name in times if read_time(recorded[name])}
        for name in times:
            if name not in readable:
                self.unreadable.add(line, name, recorded[name])
        return readable

    def _kind(self, row: Row, recorded: dict[str, str]) -> tuple[Kind | None, str]:
        """What kind of contact a row is, or why it is none that may come in."""
        if self.kind is not None:
            return self.kind, ""
        statuses = {name: row[at] for name, at in self._statuses.columns.items()}
        recorded |= statuses
        status = self._statuses.meaning(row)
        if status is None:
            silent = " and ".join(f"“{name}”" for name, word in statuses.items() if not word)
            return None, f"says nothing in {silent}"
        meaning = min((status, *_marks(recorded)), key=STRICTEST.index)
        return MEANT.get(meaning), WHY_NOT.get(meaning, "")


def _marks(recorded: Mapping[str, str]) -> Iterator[Meaning]:
    """What a row means by having a time at which its person left or went out of reach."""
    for meaning, kind in MEANT.items():
        if EVIDENCE[kind] and recorded.get(EVIDENCE[kind][0]):
            yield meaning


def _once(entry: Entry, first_lines: FirstLines) -> Entry | str:
    """The entry, or why it does not count: an earlier one has the address.

    A no after a yes does count.
    """
    again = first_lines.before(entry.email, entry.line)
    earlier = again
    if entry.kind != "subscribed":
        earlier = first_lines.before(f"{entry.kind} {entry.email}", entry.line)
    if earlier:
        return f"repeats the address of line {earlier}, which counts"
    return replace(entry, again=True) if again else entry


def _tags(cell: str) -> Iterator[str]:
    """Tags stand in one cell as a row of their own: `"Newsletter","Club card"`."""
    for tag in next(csv.reader([" ".join(cell.splitlines())], skipinitialspace=True), []):
        if tag.strip():
            yield tag.strip()


def kind_of(table: Table, consent: bool = False) -> Kind:
    """Raises FileRefused when a header is none of an export, or could be more than one kind's.

    Taking those who left for subscribers would be the worst of mistakes, so nothing is guessed.
    With `consent`, a table without times is one of subscribers.
    """
    file = str(table.path)
    marks = [kind for kind, names in EVIDENCE.items() if names and _has(table, names[0])]
    if len(marks) > 1:
        reason = "line 1: it has the columns of both unsubscribed and cleaned contacts"
        raise FileRefused(file, reason, _AS_EXPORTED)
    if marks and (table.column(EVIDENCE[marks[0]][0]) or 0) < (table.column(OPT_IN[0]) or 0):
        reason = f"line 1: {EVIDENCE[marks[0]][0]} stands where columns of your own do"
        raise FileRefused(file, reason, f"rename a column of your own, or {_AS_EXPORTED}")
    if not marks and not consent and not all(_has(table, name) for name in AGREED):
        reason = "line 1: OPTIN_TIME and CONFIRM_TIME, UNSUB_TIME, CLEAN_TIME are all missing"
        raise FileRefused(file, reason, f"{_AS_EXPORTED}, or {_SAY_WHEN}")
    return marks[0] if marks else "subscribed"


def _has(table: Table, name: str) -> bool:
    return table.column(name) is not None
