"""Mailchimp’s audience exports: which of three kinds a file is, and what its rows say."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Literal

from widget_backend.contacts.csv_output import RejectsFile
from widget_backend.contacts.csv_reader import CsvFile, CsvRow, usable_rows
from widget_backend.contacts.duplicates import SeenNames
from widget_backend.contacts.other_statuses import refuse_other_statuses
from widget_backend.contacts.statuses import STRICTEST, Meaning, StatusColumns
from widget_backend.contacts.times import UnreadableTimes, latest_possible_time, read_time
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
"""The columns that only one kind has. The first of them tells which kind a file is."""

OPT_IN = ("OPTIN_TIME", "OPTIN_IP", "CONFIRM_TIME", "CONFIRM_IP")
"""When and from which IP address a person asked for email, and confirmed it."""

CONSENT_TIMES = ("OPTIN_TIME", "CONFIRM_TIME")
TIMES = (*CONSENT_TIMES, "UNSUB_TIME", "CLEAN_TIME", "LAST_CHANGED")

NEVER_EMPTY = ("LEID", "EUID")
"""Mailchimp numbers every contact. A row that ends before these has lost more than empty cells."""

KIND_OF_MEANING: dict[Meaning, Kind] = {
    "off": "unsubscribed",
    "undeliverable": "cleaned",
    "on": "subscribed",
}
"""The kind of contact that a row with this status is. Rows with another status are rejected."""

REJECTED_MEANINGS: dict[Meaning, str] = {
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
class StatedConsent:
    """Where and when people agreed, as the importer states it, for rows without a time of their
    own. `on` is the day, if it was one."""

    text: str
    on: date | None = None

    @property
    def evidence(self) -> dict[str, str]:
        return {"consent": self.text, **({"consented_on": self.on.isoformat()} if self.on else {})}


@dataclass(frozen=True)
class Entry:
    """One contact of an export.

    `evidence` is what the platform recorded, by the names of its columns, without empty values; and
    `file` and `kind`. With a stated consent it also has `consent` and, if known, `consented_on`.
    `written` is the address as the file spells it, if that differs from `email`. `row` is the row
    that it comes from. `is_repeated` means that the file has the person on an earlier line, with
    another kind.
    """

    line: int
    email: str
    kind: Kind
    tags: tuple[str, ...]
    evidence: Mapping[str, str]
    written: str | None = None
    row: CsvRow | None = None
    is_repeated: bool = False

    @property
    def bounced_at(self) -> int | None:
        """When email bounced for good, in seconds since 1970; None if that cannot be read."""
        at = read_time(self.evidence.get("CLEAN_TIME", ""))
        return int(at.timestamp()) if at else None

    @property
    def unsubscribed_by(self) -> datetime | None:
        """The latest time at which the person may have unsubscribed; None if it is unknown."""
        time, changed = (self.evidence.get(name, "") for name in ("UNSUB_TIME", "LAST_CHANGED"))
        return read_time(time) or latest_possible_time(time) or read_time(changed)


class MailchimpExport:
    """A file of contacts: its kind, and its entries one after another.

    `kind` is None if a status column says the kind of each row. `unreadable` counts the times that
    cannot be read, while the entries are read.
    """

    def __init__(
        self, csv_file: CsvFile, consent: StatedConsent | None = None, now: datetime | None = None
    ) -> None:
        """Raises FileRefused if the header is not that of an export, if a status column contains an
        unknown word, or if a column with an unknown name may say no."""
        self.csv_file = csv_file
        self.unreadable = UnreadableTimes()
        self._consent = consent
        # One day is added for local times without a zone, which may be tomorrow in UTC.
        self._latest = (now or datetime.now(UTC)) + timedelta(days=1)
        self._statuses = StatusColumns(csv_file)
        self._statuses.refuse_unknown_words(usable_rows(csv_file.path))
        has_statuses = bool(self._statuses.columns)
        self.kind = None if has_statuses else kind_of(csv_file, consent is not None)
        kinds = EVIDENCE if self.kind is None else (self.kind,)
        names = [*OPT_IN, *(name for kind in kinds for name in EVIDENCE[kind])]
        names += ["LAST_CHANGED"] if has_statuses else []
        self._evidence = {name: at for name in names if (at := csv_file.column(name)) is not None}
        self._tags = csv_file.column("TAGS")
        never_empty = [csv_file.column(name) for name in NEVER_EMPTY]
        self._last_filled = max(csv_file.address, *(at or 0 for at in never_empty))
        if self.kind in {None, "subscribed"}:
            self._refuse_other_statuses()

    def _refuse_other_statuses(self) -> None:
        read = {self.csv_file.address, *self._statuses.columns.values(), *self._evidence.values()}
        read |= set() if self._tags is None else {self._tags}
        rows = usable_rows(self.csv_file.path)
        subscribing = (row for row in rows if self.kind or self._statuses.meaning(row) == "on")
        refuse_other_statuses(self.csv_file, read, subscribing)

    @property
    def kind_source(self) -> str:
        """The kind of the contacts, or the columns that say it for each of them."""
        return self.kind or " and ".join(f"by “{name}”" for name in self._statuses.columns)

    def entries(self, rejects: RejectsFile) -> Iterator[Entry]:
        """Each contact once. Rows that are not used go to the rejects, with the reason.

        A contact that is repeated as unsubscribed or cleaned is one more entry.
        """
        with SeenNames() as seen:
            for row in self.csv_file.rows():
                entry = self._entry(row)
                if isinstance(entry, Entry):
                    entry = _unless_repeated(entry, seen)
                if isinstance(entry, Entry):
                    yield entry
                else:
                    rejects.add(row, entry)

    def _entry(self, row: CsvRow) -> Entry | str:
        """The contact in a row, or why the row is rejected."""
        if row.problem:
            return row.problem
        if row.dropped and self._last_filled >= len(row.cells) - row.dropped:
            return row.dropped_reason
        cell = row[self.csv_file.address]
        email = email_address(cell)
        if not email:
            return "is not an email address" if cell else "has no email address"
        recorded = {name: row[at] for name, at in self._evidence.items() if row[at]}
        readable = self._readable_times(row.line, recorded)
        kind, reason = self._kind(row, recorded)
        if kind is None:
            return reason
        evidence = {"file": self.csv_file.path.name, "kind": kind, **recorded}
        if kind == "subscribed" and (reason := self._lacks_consent(recorded, readable)):
            if not self._consent:
                return reason
            evidence |= self._consent.evidence
        tags = () if self._tags is None else tuple(_tags(row[self._tags]))
        return Entry(row.line, email, kind, tags, evidence, other_writing(cell, email), row)

    def _readable_times(self, line: int, recorded: Mapping[str, str]) -> set[str]:
        """The columns whose time can be read; the others are counted."""
        names = [name for name in TIMES if name in recorded]
        readable = {name for name in names if read_time(recorded[name])}
        for name in names:
            if name not in readable:
                self.unreadable.add(line, name, recorded[name])
        return readable

    def _kind(self, row: CsvRow, recorded: dict[str, str]) -> tuple[Kind | None, str]:
        """The kind of contact that a row is, or None and why the row is rejected.

        Adds the words of the status columns to what is `recorded`.
        """
        if self.kind is not None:
            return self.kind, ""
        words = {name: row[at] for name, at in self._statuses.columns.items()}
        recorded |= words
        status = self._statuses.meaning(row)
        if status is None:
            empty = " and ".join(f"“{name}”" for name, word in words.items() if not word)
            return None, f"says nothing in {empty}"
        # A time of unsubscribing or bouncing means as much as a status.
        times = [
            meaning
            for meaning, kind in KIND_OF_MEANING.items()
            if EVIDENCE[kind] and recorded.get(EVIDENCE[kind][0])
        ]
        meaning = min((status, *times), key=STRICTEST.index)
        return KIND_OF_MEANING.get(meaning), REJECTED_MEANINGS.get(meaning, "")

    def _lacks_consent(self, recorded: Mapping[str, str], readable: set[str]) -> str:
        """Why no time shows that the person agreed; empty if one does."""
        times = [read_time(recorded[name]) for name in readable & set(CONSENT_TIMES)]
        if any(at and at <= self._latest for at in times):
            return ""
        if times:
            return STILL_TO_COME
        return NO_READABLE_TIME if recorded.keys() & set(CONSENT_TIMES) else NO_TIME


def _unless_repeated(entry: Entry, seen: SeenNames) -> Entry | str:
    """The entry, or why it does not count: an earlier line has the address.

    After a line that subscribes, a line that unsubscribes counts, and one that is cleaned.
    """
    first = earlier = seen.earlier_line(entry.email, entry.line)
    if entry.kind != "subscribed":
        earlier = seen.earlier_line(f"{entry.kind} {entry.email}", entry.line)
    if earlier:
        return f"repeats the address of line {earlier}, which counts"
    return replace(entry, is_repeated=True) if first else entry


def _tags(cell: str) -> Iterator[str]:
    """The tags in one cell, which is a CSV row of its own: `"Newsletter","Club card"`."""
    for tag in next(csv.reader([" ".join(cell.splitlines())], skipinitialspace=True), []):
        if tag.strip():
            yield tag.strip()


def kind_of(csv_file: CsvFile, has_consent: bool = False) -> Kind:
    """The kind of an export, by its header. Raises FileRefused if it has none, or more than one.

    Nothing is guessed: to subscribe people who unsubscribed would be the worst mistake. With a
    stated consent, a file without times contains subscribers.
    """
    file = str(csv_file.path)
    kinds = [
        kind for kind, names in EVIDENCE.items() if names and csv_file.column(names[0]) is not None
    ]
    if len(kinds) > 1:
        reason = "line 1: it has the columns of both unsubscribed and cleaned contacts"
        raise FileRefused(file, reason, _AS_EXPORTED)
    mark = EVIDENCE[kinds[0]][0] if kinds else ""
    if mark and (csv_file.column(mark) or 0) < (csv_file.column("OPTIN_TIME") or 0):
        reason = f"line 1: {mark} stands where columns of your own do"
        raise FileRefused(file, reason, f"rename a column of your own, or {_AS_EXPORTED}")
    if not kinds and not has_consent and None in map(csv_file.column, CONSENT_TIMES):
        reason = "line 1: OPTIN_TIME and CONFIRM_TIME, UNSUB_TIME, CLEAN_TIME are all missing"
        raise FileRefused(file, reason, f"{_AS_EXPORTED}, or {_SAY_WHEN}")
    return kinds[0] if kinds else "subscribed"
