"""Columns of a file by the names that a map gives them, for files that say one thing a row."""

from __future__ import annotations

from widget_backend.contacts.csv_reader import CsvFile, CsvRow
from widget_backend.errors import FileRefused
from widget_backend.rules.email_addresses import email_address


class NamedColumns:
    """Where the columns of a file are."""

    def __init__(self, csv_file: CsvFile) -> None:
        self._file = csv_file

    def find(self, name: str, instead: str | None = "") -> int | None:
        """The index of a column. Raises FileRefused if it is missing, and nothing stands for it."""
        at = self._file.column(name)
        if at is None and instead is None:
            raise self._missing(name)
        return at

    def needed(self, name: str) -> int:
        """Raises FileRefused if it is missing."""
        at = self._file.column(name)
        if at is None:
            raise self._missing(name)
        return at

    def some_of(self, *names: str) -> list[int | None]:
        """Raises FileRefused if all are missing."""
        places = [self._file.column(name) for name in names]
        if all(at is None for at in places):
            raise self._missing(*names)
        return places

    def _missing(self, *names: str) -> FileRefused:
        columns = " or ".join(f"“{name}”" for name in names)
        cure = "name the columns of the file with --columns"
        return FileRefused(str(self._file.path), f"line 1: no column is called {columns}", cure)


def cell(row: CsvRow, column: int | None) -> str:
    """Empty where the file has no such column."""
    return "" if column is None else row[column]


def email_in(row: CsvRow, column: int | None) -> str:
    """An address in its one spelling; empty where there is none."""
    return email_address(cell(row, column)) or ""
