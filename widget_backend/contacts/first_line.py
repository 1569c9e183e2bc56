"""The first line of a CSV file, which names its columns."""

from __future__ import annotations

import csv
from pathlib import Path

LONGEST = 1 << 20
"""Characters that are looked at."""


def first_line(path: Path, encoding: str = "utf-8-sig") -> str:
    """Without the line `sep=…`, which is for Excel. The file must be text in this encoding."""
    with path.open(encoding=encoding, newline="") as text:
        line = text.readline(LONGEST)
        return text.readline(LONGEST) if line.startswith("sep=") else line


def names_in(line: str, separator: str) -> list[str]:
    """The names of the columns; none where the line cannot be read."""
    try:
        return next(csv.reader([line], delimiter=separator), [])
    except csv.Error:
        return []
