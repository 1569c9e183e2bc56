"""The CSV reader: rows with the line they begin on, even if quotation marks are misplaced."""

from __future__ import annotations

import csv
import re
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from widget_backend.contacts import columns
from widget_backend.contacts.cures import with_cure
from widget_backend.contacts.encodings import past_a_mark, require_text, wrong_separator
from widget_backend.contacts.formula_guard import unescape_formula
from widget_backend.contacts.platform import Platform
from widget_backend.errors import FileRefused

LONGEST_ROW = 200
"""Lines. A quotation mark that stays open for longer was never closed."""

LONGEST_CELL = csv.field_size_limit()
"""Characters."""

STRAY_QUOTE = "a quotation mark opens or closes in the wrong place"
OPEN_QUOTE = "a quotation mark opens in line {line}, and its text does not end there"
_TAKES_A_ROW = re.compile(r"\n(.*\n)*.*\w@\w")
"""In the name of a column: the lines below belong to somebody."""

REJECTS_COLUMNS = ("line", "reason", "cure")
"""The columns that a rejects file has before those of the file that the rows come from."""
_OF_REJECTS = (REJECTS_COLUMNS, REJECTS_COLUMNS[:2])
"""These, and those of earlier versions."""


@dataclass(frozen=True)
class CsvRow:
    """One row. `line` is the line of the file on which it begins.

    `problem` is empty, or says why the row cannot be used; `cells` are then what could be read.
    Cells are as the file has them, guards against formulas included. Some spreadsheets drop empty
    cells at the end of a row: they are added again, and `dropped` counts them.
    """

    line: int
    cells: tuple[str, ...]
    problem: str = ""
    dropped: int = 0

    def __getitem__(self, column: int) -> str:
        """The value of a cell: without the guard and the spaces around it."""
        return unescape_formula(self.cells[column].strip()).strip()

    @property
    def dropped_reason(self) -> str:
        """Why the row cannot be used if the dropped cells were not empty."""
        columns = len(self.cells)
        return f"has {columns - self.dropped} fields where the header has {columns}"


class CsvFile:
    """A CSV file with a header, whose rows are read one by one.

    A rejects file that somebody corrected is read like the file that its rows come from: the
    columns of line, reason and cure are skipped. `address` is the index of the column of addresses,
    once it is known; `count` is how many rows were read so far.
    """

    def __init__(self, path: Path, text: TextIO, separator: str = ",") -> None:
        self.path = path
        self.size = path.stat().st_size
        self.address = 0
        self.count = 0
        self._text = text
        self.separator = separator
        self._lines = _Lines(text)
        self._reader = self._read_on()
        first = self._read()
        if first and first.cells == ("sep=", ""):  # the line `sep=…`, which is for Excel
            first = self._read()
        self.first_line = separator.join(first.cells) if first else ""
        self._require_closed(first)
        names = first.cells if first and not first.problem else ()
        skipped = (each for each in _OF_REJECTS if names[: len(each)] == each != names)
        self._skipped = len(next(skipped, ()))
        self.header = names[self._skipped :]

    def _require_closed(self, first: CsvRow | None) -> None:
        """Raises FileRefused if a quotation mark in the first line leaves the columns without
        names. Where other signs separate them, what is wrong is told by these."""
        problem = first.problem if first else ""
        if first and any(map(_TAKES_A_ROW.search, first.cells)):
            problem = OPEN_QUOTE.format(line=first.line)
        if problem == STRAY_QUOTE and wrong_separator(self.first_line):
            return
        if first and problem:
            reason, cure = with_cure(problem)
            where = "" if "in line" in problem else f"line {first.line}: "
            raise FileRefused(str(self.path), f"{where}{reason}", cure)

    @property
    def position(self) -> int:
        """Bytes read so far, out of `size`."""
        return self._text.buffer.tell()

    def column(self, *names: str) -> int | None:
        """The index of the column with one of these names. Raises FileRefused if two match."""
        return columns.find_column(str(self.path), self.header, *names)

    def rows(self) -> Iterator[CsvRow]:
        """All rows below the header, also those with a problem, but not empty ones."""
        while (row := self._read()) is not None:
            if any(cell.strip() for cell in row.cells[self._skipped :] or row.cells):
                self.count += 1
                yield row if row.problem else self._with_all_columns(row)

    def _with_all_columns(self, row: CsvRow) -> CsvRow:
        """The row with as many cells as the header has, or with the problem."""
        cells, wanted = row.cells[self._skipped :], len(self.header)
        if len(cells) == wanted:
            return CsvRow(row.line, cells)
        if self._lines.may_hold_contacts:
            return self._first_line_only(row.line)
        if any(cell.strip() for cell in cells[wanted:]):
            problem = f"has {len(cells)} fields where the header has {wanted}"
            return CsvRow(row.line, cells, problem)
        dropped = max(0, wanted - len(cells))
        return CsvRow(row.line, (*cells[:wanted], *[""] * dropped), dropped=dropped)

    def _read(self) -> CsvRow | None:
        line = self._lines.begin()
        try:
            return CsvRow(line, tuple(next(self._reader)))
        except StopIteration:
            # At the end, or when the row has taken too many lines.
            self._reader = self._read_on()
            return None
        except csv.Error as error:
            self._reader = self._read_on()
            too_long = "limit" in str(error) and self._lines.spanned == 1
            problem = f"a cell is longer than {LONGEST_CELL:,} characters"
            return self._first_line_only(line, problem if too_long else "")

    def _read_on(self) -> Iterator[list[str]]:
        return csv.reader(self._lines, delimiter=self.separator, strict=True)

    def _first_line_only(self, line: int, problem: str = "") -> CsvRow:
        """The row reduced to its first line. A misplaced quotation mark makes a row contain the
        rows below it, which are then read again."""
        text = self._lines.give_back()
        is_open = self._leaves_open(text)
        quote = OPEN_QUOTE.format(line=line) if is_open else STRAY_QUOTE
        return CsvRow(line, (text.rstrip("\r\n"),), problem or quote)

    def _leaves_open(self, line: str) -> bool:
        try:
            next(csv.reader([line], delimiter=self.separator, strict=True))
        except csv.Error as error:
            return "unexpected end" in str(error)
        return False


class _Lines:
    """The lines of a text. A row takes some of them, and may give back all but its first."""

    def __init__(self, text: Iterator[str]) -> None:
        self._text = text
        self._given_back: deque[str] = deque()
        self._taken: list[str] = []
        self._first = 1

    @property
    def spanned(self) -> int:
        return len(self._taken)

    @property
    def may_hold_contacts(self) -> bool:
        """Whether lines of the row, below its first, may be rows of their own: with addresses."""
        return any("@" in line for line in self._taken[1:])

    def begin(self) -> int:
        """Start a row; returns the number of the line it begins on."""
        self._first += len(self._taken)
        self._taken = []
        return self._first

    def give_back(self) -> str:
        """Give all but the first line back; returns the first."""
        self._given_back.extendleft(reversed(self._taken[1:]))
        del self._taken[1:]
        return self._taken[0]

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        if len(self._taken) == LONGEST_ROW:
            raise StopIteration
        line = self._given_back.popleft() if self._given_back else next(self._text)
        self._taken.append(line)
        return line


@contextmanager
def open_csv(
    path: Path, address_column: str | None = None, platform: Platform | None = None
) -> Iterator[CsvFile]:
    """A CSV file, with the index of its column of addresses: see `columns.address_column`.

    Without a platform its columns are separated by commas, and it is in UTF-8. Raises FileRefused,
    with the cure, unless it is CSV with such a column.
    """
    platform = platform or Platform("", "", "", address=columns.ADDRESS_NAMES)
    require_text(path, platform.encoding)
    with path.open(encoding=platform.encoding, newline="") as text:
        csv_file = CsvFile(path, text, platform.separator)
        rows = usable_rows(path, platform)
        csv_file.address = columns.address_column(
            str(path),
            csv_file.first_line,
            csv_file.header,
            address_column,
            rows,
            platform.address,
        )
        yield csv_file


@contextmanager
def open_table(path: Path, separator: str, encoding: str) -> Iterator[CsvFile]:
    """A CSV file in which no column need hold addresses. Raises FileRefused unless it is text."""
    encoding = past_a_mark(encoding)
    require_text(path, encoding)
    with path.open(encoding=encoding, newline="") as text:
        yield CsvFile(path, text, separator)


def usable_rows(path: Path, platform: Platform) -> Iterator[CsvRow]:
    """The rows without a problem, read from the start: to check the file before it is imported."""
    with path.open(encoding=platform.encoding, newline="") as text:
        rows = CsvFile(path, text, platform.separator).rows()
        yield from (row for row in rows if not row.problem)
