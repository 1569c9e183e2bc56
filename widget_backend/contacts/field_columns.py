"""Columns of fields: what a file holds of people beside, as far as the site declares it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from widget_backend.contacts.csv_reader import CsvFile, CsvRow
from widget_backend.contacts.field_cells import kind_of
from widget_backend.contacts.unreadable import Unreadable
from widget_backend.errors import FileRefused
from widget_backend.site.filters import Value
from widget_backend.site.model import ProfileField, Site

Values = Mapping[str, Value]
"""By id of the field."""


def read_fields(table: object, site: Site, file: str) -> dict[str, ProfileField]:
    """The table `[fields]` of a map: by the name of a column, the field that it is.

    Raises FileRefused for a field that the site does not declare, or that two columns are.
    """
    if not isinstance(table, dict):
        cure = 'write [fields] and below it "Name of the column" = "id of the field"'
        raise FileRefused(file, "fields: is no table", cure)
    fields: dict[str, ProfileField] = {}
    for column, name in table.items():
        field = site.field(name) if isinstance(name, str) else None
        if field is None:
            known = ", ".join(each.id for each in site.fields)
            cure = f"choose one of {known}" if known else "declare it under [[fields]]"
            raise FileRefused(file, f"fields.{column}: no field is called “{name}”", cure)
        first = next((name for name, each in fields.items() if each is field), None)
        if first is not None:
            raise _two_columns(file, first, column, field)
        fields[column] = field
    return fields


def _two_columns(file: str, first: str, second: str, field: ProfileField) -> FileRefused:
    reason = f"fields: both “{first}” and “{second}” are “{field.id}”"
    return FileRefused(file, reason, "leave one of them")


class FieldColumns:
    """The columns of one file that are fields. What is no value of its field is passed over."""

    def __init__(self, csv_file: CsvFile, fields: Mapping[str, ProfileField]) -> None:
        """`fields` are by the names of their columns, which one file may have and another not.

        Raises FileRefused if two columns are the same field.
        """
        self.by_column: dict[int, ProfileField] = {}
        self.missing: list[str] = []
        """Names that the file does not have."""
        self.unreadable: dict[str, Unreadable] = {}
        """By the name of the column, where there are any."""
        self._header = csv_file.header
        for name, field in fields.items():
            at = csv_file.column(name)
            if at is None:
                self.missing.append(name)
                continue
            for other, known in self.by_column.items():
                if known is field and other != at:
                    raise _two_columns(str(csv_file.path), self._header[other], name, field)
            self.by_column[at] = field

    def read(self, row: CsvRow) -> Values:
        """What a row holds; empty cells hold nothing."""
        return dict(self._read(row)) if self.by_column else {}

    def _read(self, row: CsvRow) -> Iterator[tuple[str, Value]]:
        for at, field in self.by_column.items():
            if cell := row[at]:
                value = kind_of(field).read(cell)
                if value is None:
                    self._count(row.line, self._header[at], field)
                else:
                    yield field.id, value

    def _count(self, line: int, column: str, field: ProfileField) -> None:
        kind = kind_of(field)
        unreadable = self.unreadable.setdefault(column, Unreadable(kind.one, kind.many))
        unreadable.add(line, column)

    @property
    def warnings(self) -> Iterator[str]:
        """A sentence for the columns that are missing, and for each in which something could not be
        read, with the cure."""
        if self.missing:
            names = ", ".join(f"“{name}”" for name in self.missing)
            cure = "If it should have them, write their names there as in its first line"
            reason = f"the map names columns under [fields] that are not here: {names}"
            yield f"line 1: {reason}. {cure}."
        for at, field in self.by_column.items():
            if unreadable := self.unreadable.get(self._header[at]):
                yield f"{unreadable}; the rest of the row counts. {kind_of(field).cure}."
