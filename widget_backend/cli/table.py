"""Tables on a terminal."""

from __future__ import annotations

from collections.abc import Sequence
from unicodedata import east_asian_width


def aligned(rows: Sequence[tuple[str, ...]]) -> list[str]:
    """Lines with columns of one width; numbers are on the right of theirs."""
    widths = [max(map(_width, column)) for column in zip(*rows, strict=True)]
    return ["  ".join(map(_padded, row, widths)).rstrip() for row in rows]


def _padded(cell: str, width: int) -> str:
    blanks = " " * (width - _width(cell))
    is_number = cell.replace(",", "").removeprefix("-").isdigit()
    return blanks + cell if is_number else cell + blanks


def _width(cell: str) -> int:
    return sum(2 if east_asian_width(sign) in "WF" else 1 for sign in cell)
