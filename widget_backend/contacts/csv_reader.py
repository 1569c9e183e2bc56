"""Tables: CSV files row by row, each with the line it begins on, whatever quotes go wrong."""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from widget_backend.contacts import columns
from widget_backend.contacts.encodings import refuse_unreadable
from widget_backend.contacts.formula_guard import unguard

LONGEST_ROW = 200
"""Physical lines. A quotation mark that opens for longer was never closed."""

LONGEST_CELL = csv.field_size_limit()
"""Characters."""

STRAY_QUOTE = "a quotation mark opens or closes in the wrong place"


OF_REJECTS = ("line", "reason")
"""The columns that a file of rejects has in front of those of the file they come from."""


@dataclass(frozen=True)
class Row:
    """One row of a table. `line` is the physical line of the file on which it begins.

    `problem` is empty, or says why this is no row of its table; `cells` are then what could be
    read. Cells are as they stand in the file, with the guard against formulas if they have one.
    Some spreadsheets drop empty cells at the end: they are here again, and `dropped` counts them.
    """

    line: int
    cells: tuple[str, ...]
    problem: str = ""
    dropped: int = 0

    def __getitem__(self, column: int) -> str:
        """A cell as it was meant: without guard and spaces around it."""
        return unguard(self.cells[column].strip()).strip()

    @property
    def uneven(self) -> str:
        """Why it is no row of its table if what it lacks was filled."""
        columns = len(self.cells)
        return f"has {columns - self.dropped} fields where the header has {columns}"


class Table:
    """A CSV file in UTF-8 with a header. Rows are read as they are asked for.

    A file of rejects that somebody put right is the table that the rejects come from: line and
    reason are passed over. `address` is where the addresses stand, once that is known.
    """

    def __init__(self, path: Path, text: TextIO) -> None:
        self.path = path
        self.size = path.stat().st_size
        self.address = 0
        self._text = text
        self._lines = _Lines(text)
        first = self._read()
        if first and first.cells == ("sep=", ""):  # said for Excel alone, and true
            first = self._read()
        self.first_line = ",".join(first.cells) if first else ""
        names = first.cells if first and not first.problem else ()
        rejects = len(names) > len(OF_REJECTS) and names[: len(OF_REJECTS)] == OF_REJECTS
        self._passed_over = len(OF_REJECTS) if rejects else 0
        self.header = names[self._passed_over :]

    @property
    def position(self) -> int:
        """Bytes read so far, out of `size`."""
        return self._text.buffer.tell()

    def column(self, *names: str) -> int | None:
        """Where the column of one of these names stands. Raises FileRefused if it may be two."""
        return columns.find_column(str(self.path), self.header, *names)

    def rows(self) -> Iterator[Row]:
        """Every row below the header, bad ones too; empty ones are passed over."""
        while (row := self._read()) is not None:
            if any(cell.strip() for cell in row.cells[self._passed_over :] or row.cells):
                yield row if row.problem else self._checked(row)

    def _checked(self, row: Row) -> Row:
        cells, wanted = row.cells[self._passed_over :], len(self.header)
        if len(cells) == wanted:
            return Row(row.line, cells)
        if self._lines.may_hold_contacts:
            return self._first_line_only(row.line)
        more = cells[wanted:]
        if any(cell.strip() for cell in more):
            reason = f"has {len(cells)} fields where the header has {wanted}"
            return Row(row.line, cells, reason)
        dropped = max(0, wanted - len(cells))
        return Row(row.line, (*cells[:wanted], *[""] * dropped), dropped=dropped)

    def _read(self) -> Row | None:
        line = self._lines.begin()
        try:
            return Row(line, tuple(next(csv.reader(self._lines, strict=True))))
        except StopIteration:
            return None
        except csv.Error as error:
            too_long = "limit" in str(error) and self._lines.spanned == 1
            problem = f"a cell is longer than {LONGEST_CELL:,} characters"
            return self._first_line_only(line, problem if too_long else STRAY_QUOTE)

    def _first_line_only(self, line: int, problem: str = STRAY_QUOTE) -> Row:
        """A stray quotation mark makes a row swallow those below it: give them back."""
        text = self._lines.give_back()
        return Row(line, (text.rstrip("\r\n"),), problem)


class _Lines:
    """The physical lines of a text. A row takes some, and may give all but its first back."""

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
        """Whether the row swallowed what could be others: lines below its first, with addresses."""
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
def open_table(path: Path, address_column: str | None = None) -> Iterator[Table]:
    """The table in a file, with its column of addresses: see `columns.address_column`.

    Raises FileRefused with the cure when it is anything but CSV in UTF-8 with such a header.
    """
    refuse_unreadable(path)
    with _opened(path) as table:
        rows = rows_again(path)
        table.address = columns.address_column(table, address_column, rows)
        yield table


def rows_again(path: Path) -> Iterator[Row]:
    """The rows of a file that may be read, for looking through it before anything is done."""
    with _opened(path) as table:
        yield from (row for row in table.rows() if not row.problem)


@contextmanager
def _opened(path: Path) -> Iterator[Table]:
    with path.open(encoding="utf-8-sig", newline="") as text:
        yield Table(path, text)
