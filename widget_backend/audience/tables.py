"""Tables: CSV files row by row, each with the line it begins on, whatever quotes go wrong."""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from widget_backend.audience.cells import unguard
from widget_backend.audience.files import SEPARATORS, refuse_unreadable
from widget_backend.errors import FileRefused

LONGEST_ROW = 200
"""Physical lines. A quotation mark that opens for longer was never closed."""

LONGEST_CELL = csv.field_size_limit()
"""Characters."""

STRAY_QUOTE = "a quotation mark opens or closes in the wrong place"


@dataclass(frozen=True)
class Row:
    """One row of a table. `line` is the physical line of the file on which it begins.

    `problem` is empty, or says why this is no row of its table; `cells` are then what could be
    read. Cells are as they stand in the file, with the guard against formulas if they have one.
    """

    line: int
    cells: tuple[str, ...]
    problem: str = ""

    def __getitem__(self, column: int) -> str:
        """A cell as it was meant: without guard and spaces around it."""
        return unguard(self.cells[column].strip()).strip()


class Table:
    """A CSV file in UTF-8 with a header. Rows are read as they are asked for."""

    def __init__(self, path: Path, text: TextIO) -> None:
        self.path = path
        self.size = path.stat().st_size
        self._text = text
        self._lines = _Lines(text)
        first = self._read()
        if first and first.cells == ("sep=", ""):  # said for Excel alone, and true
            first = self._read()
        self.header = first.cells if first and not first.problem else ()

    @property
    def position(self) -> int:
        """Bytes read so far, out of `size`."""
        return self._text.buffer.tell()

    def column(self, *names: str) -> int | None:
        """Where the column of one of these names stands, in whatever case; the last if several."""
        wanted = {name.casefold() for name in names}
        found = [at for at, name in enumerate(self.header) if name.strip().casefold() in wanted]
        return found[-1] if found else None

    def rows(self) -> Iterator[Row]:
        """Every row below the header, bad ones too; empty ones are passed over."""
        while (row := self._read()) is not None:
            if any(cell.strip() for cell in row.cells):
                yield self._checked(row)

    def _checked(self, row: Row) -> Row:
        fields, columns = len(row.cells), len(self.header)
        if row.problem or fields == columns:
            return row
        if self._lines.spanned > 1:
            return self._first_line_only(row.line)
        return Row(row.line, row.cells, f"has {fields} fields where the header has {columns}")

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
def open_table(path: Path, *address_columns: str) -> Iterator[Table]:
    """The table in a file, which must have a column of one of these names.

    Raises FileRefused with the cure when it is anything but CSV in UTF-8 with such a header.
    """
    refuse_unreadable(path)
    with path.open(encoding="utf-8-sig", newline="") as text:
        table = Table(path, text)
        if table.column(*address_columns) is None:
            raise _refused(path, address_columns)
        yield table


def _refused(path: Path, names: tuple[str, ...]) -> FileRefused:
    with path.open(encoding="utf-8-sig") as text:
        header = text.readline()
    for separator, (what, cure) in SEPARATORS.items():
        if header.strip() == f"sep={separator}":
            return FileRefused(str(path), f"line 1: its columns are separated by {what}", cure)
        cells = {cell.strip().strip('"').casefold() for cell in header.split(separator)}
        if cells & {name.casefold() for name in names}:
            return FileRefused(str(path), f"its columns are separated by {what}", cure)
    wanted = " or ".join(f"“{name}”" for name in names)
    cure = "let the first line name the columns, as the mail platform exported it"
    return FileRefused(str(path), f"line 1: no column is called {wanted}", cure)
