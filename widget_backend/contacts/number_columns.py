"""Columns of numbers: phone and customer numbers of contacts, and a bare list of phone numbers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from widget_backend.contacts.columns import find_column
from widget_backend.contacts.csv_reader import CsvFile, CsvRow, open_csv, open_table
from widget_backend.contacts.platform import Platform
from widget_backend.contacts.unreadable import Unreadable
from widget_backend.errors import FileRefused
from widget_backend.rules.phone_numbers import phone_number
from widget_backend.store.contact_details import Detail

NAMES = ("Phone", "Phone Number", "Mobile", "Mobile Number", "Telephone", "SMS", "Number")
NAME_IT = "name it with --address-column, or as phone in the file of --columns"


LONGEST = 500
"""Characters of a customer number."""


class NumberColumns:
    """The columns of phone numbers and customer numbers in a file of contacts.

    `unreadable` counts the phone numbers that cannot be read, while rows are read.
    """

    def __init__(self, csv_file: CsvFile, platform: Platform, region: str) -> None:
        """Raises FileRefused if a column is missing that somebody has named."""
        self.unreadable = Unreadable(
            "phone number could not be read", "phone numbers could not be read"
        )
        self._header = csv_file.header
        self._region = region
        is_read = not platform.is_list
        self._phone = _named(csv_file, platform, platform.phone) if is_read else None
        self._customer = _named(csv_file, platform, platform.customer) if is_read else None
        proof = (platform.phone_evidence,) if platform.phone_evidence else ()
        self._proof = _named(csv_file, platform, proof) if is_read else None
        self._stated = platform.stated_phone_evidence

    @property
    def uses(self) -> dict[int, str]:
        """What the columns are read for, by index."""
        uses = {
            self._phone: "phone number",
            self._customer: "customer number",
            self._proof: "evidence of the phone number",
        }
        return {at: use for at, use in uses.items() if at is not None}

    @property
    def details(self) -> frozenset[Detail]:
        phone: set[Detail] = set() if self._phone is None else {"phone"}
        customer: set[Detail] = set() if self._customer is None else {"customer"}
        return frozenset(phone | customer)

    def phone(self, row: CsvRow) -> str | None:
        """The number in its one spelling."""
        if self._phone is None or not (cell := row[self._phone]):
            return None
        number = phone_number(cell, self._region)
        if number is None:
            self.unreadable.add(row.line, self._header[self._phone])
        return number

    def prove(self, row: CsvRow, evidence: dict[str, str]) -> bool:
        """Whether the row, or whoever imports, says how its number is known to be the person’s.
        Adds that to the evidence."""
        proof = (row[self._proof] if self._proof is not None else "") or self._stated
        if self._phone is None or not row[self._phone] or not proof:
            return False
        evidence["phone_evidence"] = proof
        return True

    def customer(self, row: CsvRow) -> str | None:
        return None if self._customer is None else row[self._customer][:LONGEST] or None


def _named(csv_file: CsvFile, platform: Platform, names: Sequence[str]) -> int | None:
    column = csv_file.column(*names) if names else None
    if names and column is None and not platform.is_ours:
        reason = f"line 1: no column is called “{names[0]}”"
        cure = "name the column in the map as the first line does"
        raise FileRefused(str(csv_file.path), reason, cure)
    return column


@contextmanager
def open_contacts(path: Path, named: str | None, platform: Platform) -> Iterator[CsvFile]:
    """The same as `open_csv`, and also a file of customer numbers that has no addresses."""
    if platform.address:
        with open_csv(path, named, platform) as csv_file:
            yield csv_file
        return
    with open_table(path, platform.separator, platform.encoding) as csv_file:
        csv_file.address = csv_file.column(*platform.customer) or 0
        yield csv_file


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
