"""Columns: finding one by its name or, for addresses, by its content."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Protocol

from widget_backend.contacts.encodings import wrong_separator
from widget_backend.errors import FileRefused
from widget_backend.rules.email_addresses import email_address

ADDRESS_NAMES = ("Email Address", "email")
"""Names of the column of addresses: Mailchimp's, and the one in our own export."""

RENAME = (
    "rename the one that is not meant in the first line, with a text editor: a spreadsheet would "
    "rewrite times"
)
_LIKE_AN_ADDRESS = re.compile(r"\S+@\S+")

NAME_IT = "name the one that is meant: --address-column “…”"
LET_IT_NAME = (
    "name it with --address-column, or let the first line name the columns, as the mail platform "
    "exported it"
)


def find_column(file: str, header: Sequence[str], *names: str, cure: str = RENAME) -> int | None:
    """The index of the column with one of these names: exactly, or else ignoring case and spaces.

    Raises FileRefused if two columns match, since it is unknown which one is meant.
    """
    folded = {fold_name(name) for name in names}
    exact = [at for at, name in enumerate(header) if name in names]
    possible = exact or [at for at, name in enumerate(header) if fold_name(name) in folded]
    if len(possible) > 1:
        first, second = (header[at] for at in possible[:2])
        reason = f"the columns “{first}” and “{second}” could both be meant"
        if first == second:
            reason = f"two columns are called “{first}”"
        raise FileRefused(file, f"line 1: {reason}", cure)
    return possible[0] if possible else None


def fold_name(name: str) -> str:
    """A name without case and spaces."""
    return "".join(name.casefold().split())


class Row(Protocol):
    """A row of a CSV file: its cells by column, and the line where it begins."""

    @property
    def line(self) -> int: ...
    def __getitem__(self, column: int, /) -> str: ...


def address_column(
    file: str,
    first_line: str,
    header: Sequence[str],
    named: str | None,
    rows: Iterable[Row],
    usual: Sequence[str] = ADDRESS_NAMES,
) -> int:
    """The index of the column of addresses: the one that is `named`, or one of the `usual` names,
    or the only one that contains nothing but addresses. `rows` are read only in the last case.

    Raises FileRefused, with the cure, if there is none or more than one.
    """
    names = (named,) if named else usual
    column = find_column(file, header, *names, cure=RENAME if named else NAME_IT)
    if column is not None:
        return column
    if (separator := wrong_separator(first_line)) is not None:
        raise FileRefused(file, *separator)
    reason = f"line 1: no column is called {' or '.join(f'“{name}”' for name in names)}"
    if named:
        raise FileRefused(file, reason, "write the name as it stands in the first line")
    if any(map(email_address, header)):
        raise FileRefused(file, f"{reason}, and it holds an address itself", LET_IT_NAME)
    return _column_by_content(file, header, rows, reason)


def _column_by_content(file: str, header: Sequence[str], rows: Iterable[Row], reason: str) -> int:
    """The only column with addresses, if each of its cells is empty or an address.

    If another column has something like an address, that one may be meant, with mistyped addresses,
    and this one may name friends who never agreed to anything.
    """
    with_addresses: set[int] = set()
    first_other_line: dict[int, int] = {}
    for row in rows:
        for at in range(len(header)):
            cell = row[at]
            if is_similar := _LIKE_AN_ADDRESS.fullmatch(cell):
                with_addresses.add(at)
            if cell and not (is_similar and email_address(cell)):
                first_other_line.setdefault(at, row.line)
    addresses_only = with_addresses - first_other_line.keys()
    if addresses_only == with_addresses and len(addresses_only) == 1:
        return addresses_only.pop()
    if addresses_only:
        first, second = (header[at] for at in sorted(with_addresses)[:2])
        reason += f", and both “{first}” and “{second}” hold addresses"
        raise FileRefused(file, reason, NAME_IT)
    if with_addresses:
        at = max(with_addresses, key=lambda each: first_other_line[each])
        reason += f", and “{header[at]}” holds no address in line {first_other_line[at]}"
    raise FileRefused(file, reason, LET_IT_NAME)
