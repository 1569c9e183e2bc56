"""The column of phone numbers in a list of them: by its name, or the only one there is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from widget_backend.contacts.columns import find_column
from widget_backend.contacts.csv_reader import CsvFile, open_table
from widget_backend.contacts.platform import Platform
from widget_backend.errors import FileRefused
from widget_backend.rules.phone_numbers import phone_number

NAMES = ("Phone", "Phone Number", "Mobile", "Mobile Number", "Telephone", "SMS", "Number")
NAME_IT = "name it with --address-column, or as phone in the file of --columns"


@contextmanager
def open_numbers(
    path: Path, named: str | None, platform: Platform, region: str
) -> Iterator[CsvFile]:
    """A CSV file whose `address` is its column of numbers. Raises FileRefused, with the cure."""
    with open_table(path, platform.separator, platform.encoding) as csv_file:
        names = (named,) if named else platform.phone
        csv_file.address = _column(str(path), csv_file.header, names, region)
        yield csv_file


def _column(file: str, header: Sequence[str], names: Sequence[str], region: str) -> int:
    column = find_column(file, header, *(names or NAMES))
    if column is not None:
        return column
    reason = f"line 1: no column is called {' or '.join(f'“{each}”' for each in names or NAMES)}"
    if names:
        raise FileRefused(file, reason, "write the name as it stands in the first line")
    if any(phone_number(name, region) for name in header):
        cure = "let the first line name the column, such as Phone"
        raise FileRefused(file, "line 1: it holds a phone number itself", cure)
    if len(header) != 1:
        raise FileRefused(file, reason, NAME_IT)
    return 0
