"""Columns: which one of a table is meant, by its name or, for addresses, by what it holds."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from widget_backend.contacts.encodings import separator_of
from widget_backend.errors import FileRefused
from widget_backend.rules.email_addresses import email_address

if TYPE_CHECKING:
    from widget_backend.contacts.csv_reader import Row, Table

ADDRESS_NAMES = ("Email Address", "email")
"""What the column of addresses is called: by Mailchimp, and in our own export."""

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
    """Where the column of one of these names stands: the exact name counts first, then whatever
    case and spaces it is written with.

    Raises FileRefused when two columns could be it: nobody knows which one is meant.
    """
    loose = {loosely(name) for name in names}
    exact = [at for at, name in enumerate(header) if name in names]
    possible = exact or [at for at, name in enumerate(header) if loosely(name) in loose]
    if len(possible) > 1:
        raise FileRefused(file, f"line 1: {_both(header, possible)}", cure)
    return possible[0] if possible else None


def loosely(name: str) -> str:
    """A name without case and spaces."""
    return "".join(name.casefold().split())


def _both(header: Sequence[str], possible: Sequence[int]) -> str:
    first, second = (header[at] for at in possible[:2])
    if first == second:
        return f"two columns are called “{first}”"
    return f"the columns “{first}” and “{second}” could both be meant"


def address_column(table: Table, named: str | None, rows: Iterable[Row]) -> int:
    """Where the addresses stand: in the column that is `named`, in one that is called as they are
    called, or in the only one that holds nothing else. `rows` are read in the last case only.

    Raises FileRefused, with the cure, when that is none or more than one.
    """
    file = str(table.path)
    names = (named,) if named else ADDRESS_NAMES
    column = find_column(file, table.header, *names, cure=RENAME if named else NAME_IT)
    if column is not None:
        return column
    if (separated := separator_of(table.first_line)) is not None:
        raise FileRefused(file, *separated)
    reason = f"line 1: no column is called {' or '.join(f'“{name}”' for name in names)}"
    if named:
        raise FileRefused(file, reason, "write the name as it stands in the first line")
    if any(map(email_address, table.header)):
        raise FileRefused(file, f"{reason}, and it holds an address itself", LET_IT_NAME)
    return _by_content(file, table.header, rows, reason)


def _by_content(file: str, header: Sequence[str], rows: Iterable[Row], reason: str) -> int:
    """The only column that holds addresses, and nothing else as far as its cells are filled.

    Where another holds what looks like one too, that may be the column that is meant, with
    mistyped addresses in it, and this one may name friends who never agreed to anything.
    """
    like_addresses: set[int] = set()
    otherwise: dict[int, int] = {}
    for row in rows:
        for at in range(len(header)):
            cell = row[at]
            if is_like_one := _LIKE_AN_ADDRESS.fullmatch(cell):
                like_addresses.add(at)
            if cell and not (is_like_one and email_address(cell)):
                otherwise.setdefault(at, row.line)
    only = like_addresses - otherwise.keys()
    if only == like_addresses and len(only) == 1:
        return only.pop()
    if only:
        first, second = (header[at] for at in sorted(like_addresses)[:2])
        reason += f", and both “{first}” and “{second}” hold addresses"
        raise FileRefused(file, reason, NAME_IT)
    if like_addresses:
        at = max(like_addresses, key=lambda each: otherwise[each])
        reason += f", and “{header[at]}” holds no address in line {otherwise[at]}"
    raise FileRefused(file, reason, LET_IT_NAME)
