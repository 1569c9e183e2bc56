"""Duplicates: which addresses a file has named before, also if it does not fit into memory."""

from __future__ import annotations

import hashlib
import sqlite3
from types import TracebackType
from typing import Self


class NamelessTable:
    """A table in a nameless temporary file, so that a large file needs no more memory than a small
    one. `table` is its name and columns."""

    table: str

    def __enter__(self) -> Self:
        # An empty name is a private database that SQLite moves to disk as it grows.
        self._rows = sqlite3.connect("", isolation_level=None)
        self._rows.execute("PRAGMA journal_mode = OFF")
        self._rows.execute(f"CREATE TABLE {self.table} WITHOUT ROWID")
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._rows.close()


class SeenNames(NamelessTable):
    """The line on which each name stood first. Names are kept as hashes."""

    table = "seen (name BLOB PRIMARY KEY, line)"

    def earlier_line(self, name: str, line: int) -> int | None:
        """The line on which this name stood first; None, and remembered, if it is this one."""
        digest = hashlib.blake2b(name.encode(), digest_size=16).digest()
        added = self._rows.execute("INSERT OR IGNORE INTO seen VALUES (?, ?)", (digest, line))
        if added.rowcount:
            return None
        query = "SELECT line FROM seen WHERE name = ?"
        return int(self._rows.execute(query, (digest,)).fetchone()[0])
