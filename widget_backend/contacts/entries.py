"""Entries: what the rows of a platform's file say of contacts, and which rows are not used."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from types import MappingProxyType

from widget_backend.contacts.basis_column import BasisColumn
from widget_backend.contacts.consents import AGREED, by_column
from widget_backend.contacts.consents import TIMES as DAYS_OF_CONSENT
from widget_backend.contacts.csv_output import Rejects
from widget_backend.contacts.csv_reader import CsvFile, CsvRow, usable_rows
from widget_backend.contacts.cures import without_address
from widget_backend.contacts.duplicates import SeenNames
from widget_backend.contacts.entry import Entry, Pair, Word
from widget_backend.contacts.field_columns import FieldColumns
from widget_backend.contacts.file_kinds import kind_of
from widget_backend.contacts.language_column import LanguageColumn
from widget_backend.contacts.number_columns import NumberColumns
from widget_backend.contacts.other_statuses import refuse_other_statuses
from widget_backend.contacts.platform import Kind, Platform
from widget_backend.contacts.recognise import STATUSES
from widget_backend.contacts.said_at import said_at
from widget_backend.contacts.stated_consent import NO_TIME, StatedConsent, lacking_consent
from widget_backend.contacts.statuses import KINDS, MEANINGS, REJECTED, STRICTEST, StatusColumns
from widget_backend.contacts.times import read_time
from widget_backend.contacts.unreadable import unreadable_times
from widget_backend.rules.email_addresses import email_address, other_writing
from widget_backend.site.model import ProfileField
from widget_backend.store.contact_details import Detail


class PlatformFile:
    """A file of contacts: its kind, and its entries one after another.

    People are `named_by` their address in it.

    `kind` is None if a status column says the kind of each row. `unreadable` counts the times that
    cannot be read, while the entries are read.
    """

    named_by = "address"

    def __init__(
        self,
        csv_file: CsvFile,
        platform: Platform,
        consent: StatedConsent | None = None,
        now: datetime | None = None,
        names: Collection[str] = (),
        fields: Mapping[str, ProfileField] = MappingProxyType({}),
        region: str = "",
        locales: Sequence[str] = (),
    ) -> None:
        """`names` are the tags and lists that the import knows, `fields` what columns are beside,
        by their names, `region` is that of phone numbers without a country code, and `locales` are
        the languages of the site. Raises FileRefused if the header is not that of an export, if a
        status column contains an unknown word, or if a column with an unknown name may say no."""
        self.csv_file = csv_file
        self.platform = platform
        self.unreadable = unreadable_times()
        beside = {} if platform.is_list else {**platform.fields, **fields}
        self.fields = FieldColumns(csv_file, beside)
        self.numbers = NumberColumns(csv_file, platform, region)
        self._basis = BasisColumn(csv_file, platform)
        self.language = LanguageColumn(csv_file, platform, locales)
        self.join: Callable[[Iterator[Pair]], Iterator[Pair]] = iter
        if not platform.address and platform.customer:
            self.named_by = "customer number"
        self._consent = consent
        self._names = names
        self._now = now or datetime.now(UTC)
        self._statuses = StatusColumns(csv_file, platform, {} if platform.is_list else STATUSES)
        self._statuses.refuse_unknown_words(usable_rows(csv_file.path, platform))
        has_statuses = bool(self._statuses.columns)
        needs_no_time = consent is not None or platform.is_ours
        self.kind = None if has_statuses else kind_of(csv_file, platform, needs_no_time)
        recorded = (*platform.agreed, *platform.evidence)
        if self.kind != "subscribed":
            recorded += (*platform.times, *platform.kinds, *platform.evidence_of_a_no)
        self._recorded = self._columns(*recorded)
        self._tags = csv_file.column(platform.tags[0]) if platform.tags else None
        self._last_filled = max(csv_file.address, *self._columns(*platform.never_empty).values(), 0)
        if self.kind in {None, "subscribed"}:
            self._refuse_other_statuses()

    def _columns(self, *names: str) -> dict[str, int]:
        """The columns of these names that the file has."""
        columns = {name: self.csv_file.column(name) for name in dict.fromkeys(names)}
        return {name: at for name, at in columns.items() if at is not None}

    def _refuse_other_statuses(self) -> None:
        read = {self.csv_file.address, *self._statuses.columns.values(), *self._recorded.values()}
        read |= set() if self._tags is None else {self._tags}
        read |= {
            *self._columns(*self.platform.ignored).values(),
            *self.numbers.uses,
            *self._basis.uses,
            *self.language.uses,
        }
        rows = usable_rows(self.csv_file.path, self.platform)
        subscribing = (row for row in rows if self.kind or self._statuses.meaning(row) == "on")
        refuse_other_statuses(self.csv_file, read, subscribing)

    @property
    def status_columns(self) -> Collection[str]:
        """The columns that say of what kind each row is."""
        return self._statuses.columns.keys()

    @property
    def columns_read(self) -> Mapping[str, int]:
        """The columns of statuses, times and evidence that are read, by name."""
        return {**self._recorded, **self._statuses.columns}

    @property
    def tags_column(self) -> int | None:
        return self._tags

    @property
    def other_uses(self) -> Mapping[int, str]:
        """What columns are read for that are no status, time, evidence or tags, by index."""
        return {**self.numbers.uses, **self._basis.uses, **self.language.uses}

    @property
    def details(self) -> frozenset[Detail]:
        """What entries bring beside choices, so that what is known of it must be read."""
        return self.numbers.details

    @property
    def kind_source(self) -> str:
        """The kind of the contacts, or the columns that say it for each of them."""
        return self.kind or " and ".join(f"by “{name}”" for name in self._statuses.columns)

    def entries(self, rejects: Rejects) -> Iterator[Entry]:
        """Each contact. Rows that are not used go to the rejects, with the reason.

        A contact that is repeated with another kind or time is one more entry. Where there are
        customer numbers, `join` finds the addresses of rows that have none.
        """
        with SeenNames() as seen:
            for row, entry in self.join((row, self._entry(row)) for row in self.csv_file.rows()):
                if isinstance(entry, Entry):
                    entry = _unless_repeated(entry, seen, self.named_by)
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
        cell = row[self.csv_file.address] if self.platform.address else ""
        email, customer = email_address(cell), self.numbers.customer(row)
        if not email and (cell or not customer):
            return without_address(cell)
        recorded = {name: row[at] for name, at in self._recorded.items() if row[at]}
        self._count_unreadable(row.line, recorded)
        kind, reason = self._kind(row, recorded)
        if kind is None:
            return reason
        evidence = {"file": self.csv_file.path.name, "kind": kind, **by_column(recorded)}
        tags = () if self._tags is None else tuple(self._tags_in(row[self._tags]))
        word = self._word(row, kind, recorded, evidence)
        if isinstance(word, str):
            return word
        return Entry(
            line=row.line,
            email=email or "",
            kind=kind,
            tags=tags,
            evidence=evidence,
            at=word.at,
            written=other_writing(cell, email) if email else None,
            row=row,
            fields=self.fields.read(row),
            copy=word.copy,
            phone=self.numbers.phone(row),
            customer=customer,
            ground=word.ground,
            proves_phone=self.numbers.prove(row, evidence),
            language=self.language.read(row),
        )

    def _word(
        self, row: CsvRow, kind: Kind, recorded: Mapping[str, str], evidence: dict[str, str]
    ) -> Word | str:
        """When they agreed, left, or mail came back, or why the row is rejected; or a copy, in an
        export of our own. Adds to the evidence what proves it."""
        at = said_at(self.platform, kind, recorded, self._now)
        reason = lacking_consent(self.platform, kind, at, recorded)
        if reason:
            if not self._consent:
                undated = self._basis.ground(row, kind, None, {})
                return undated if reason == NO_TIME and isinstance(undated, str) else reason
            evidence |= self._consent.evidence
            at = self._consent.at
        elif kind == "subscribed" and at and not recorded.keys() & {*DAYS_OF_CONSENT}:
            evidence[AGREED] = datetime.fromtimestamp(at, UTC).isoformat()
        ground = self._basis.ground(row, kind, at, evidence, reason)
        if isinstance(ground, str):
            return ground
        if ground.at and self._consent and self._consent.at:
            # The time of a platform may be that of an upload, and what ends by law ends the sooner.
            ground = ground._replace(at=min(ground.at, self._consent.at))
        return Word(at, None, ground)

    def _count_unreadable(self, line: int, recorded: Mapping[str, str]) -> None:
        for name in self.platform.times:
            if name in recorded and not read_time(recorded[name]):
                self.unreadable.add(line, name, recorded[name])

    def _kind(self, row: CsvRow, recorded: dict[str, str]) -> tuple[Kind | None, str]:
        """The kind of contact that a row is, or None and why the row is rejected.

        Adds the words of the status columns to what is `recorded`.
        """
        if self.kind is not None:
            return self.kind, ""
        words = {name: row[at] for name, at in self._statuses.columns.items()}
        recorded |= {name: word for name, word in words.items() if word}
        status = self._statuses.meaning(row)
        if status is None:
            empty = " and ".join(f"“{name}”" for name, word in words.items() if not word)
            return None, f"says nothing in {empty}"
        # A time of unsubscribing or bouncing means as much as a status.
        times = [MEANINGS[kind] for name, kind in self.platform.kinds.items() if name in recorded]
        meaning = min((status, *times), key=STRICTEST.index)
        return KINDS.get(meaning), REJECTED.get(meaning, "")

    def _tags_in(self, cell: str) -> Iterator[str]:
        assert self.platform.tags
        return self.platform.tags[1](cell, self._names)


def _unless_repeated(entry: Entry, seen: SeenNames, named_by: str) -> Entry | str:
    """The entry, or why it does not count: an earlier line says the same of the address.

    Lines of another kind or time count all the same, for the later event counts.
    """
    word = f"{entry.kind} {entry.copy or entry.at} {entry.ground.basis}"
    first, earlier = seen.earlier_lines(entry.email, word, entry.line)
    if earlier:
        return f"repeats the {named_by} of line {earlier}, which counts"
    return replace(entry, earlier=first) if first else entry
