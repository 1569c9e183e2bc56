"""One entry of a file: what it says of one contact."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from widget_backend.contacts.csv_reader import CsvRow
from widget_backend.contacts.field_columns import Values
from widget_backend.contacts.platform import Kind
from widget_backend.rules.basis import ASKED, Ground
from widget_backend.rules.copies import Copy


@dataclass(frozen=True)
class Entry:
    """One contact of a file. In a list of numbers, the number stands for the `email`.

    `at` is when they agreed, left, or mail to them came back, in seconds since 1970: for who left,
    the latest time that it can have been. None where nobody knows. `evidence` is what the platform
    recorded, by the names of its columns, without empty values; and `file` and `kind`. With a
    stated consent it also has `consent` and, if known, `consented_on`. `written` is the address as
    the file spells it, if that differs from `email`. `row` is the row that it comes from.
    `earlier` is the line on which the file has the person first, None if it is this one. `fields`
    is what the row holds beside. `copy` is what an export of our own says of the person, instead of
    `at`. `phone` is their number, in its one spelling, and `customer` their customer number.
    `ground` is what a yes rests on. The evidence `proves_phone` to be theirs. `language` is the tag
    of one that the site speaks.
    """

    line: int
    email: str
    kind: Kind
    tags: tuple[str, ...]
    evidence: Mapping[str, str]
    at: int | None = None
    written: str | None = None
    row: CsvRow | None = None
    earlier: int | None = None
    fields: Values = field(default_factory=dict)
    copy: Copy | None = None
    phone: str | None = None
    customer: str | None = None
    ground: Ground = ASKED
    proves_phone: bool = False
    language: str | None = None

    @property
    def is_back(self) -> bool:
        """Whether mail to them came back for good."""
        return self.copy.is_back if self.copy else self.kind == "cleaned"

    @property
    def back_at(self) -> int | None:
        """When it did, if it did; None where nobody knows."""
        return self.copy.back_at if self.copy else self.at


class Word(NamedTuple):
    """When somebody said something, and what a yes rests on; or a copy."""

    at: int | None
    copy: Copy | None = None
    ground: Ground = ASKED


Pair = tuple[CsvRow, Entry | str]
"""A row, and its entry or why it is rejected."""
