"""Duplicates: which addresses a file has named before, also if it does not fit into memory."""

from __future__ import annotations

import hashlib
import sqlite3
from types import TracebackType


class SeenNames:
    """The line on which each name stood first. Kept as hashes, in a nameless temporary file."""

    def __enter__(self) -> SeenNames:
        # An empty name is a private database that SQLite moves to disk as it grows.
        self._index = sqlite3.connect("", isolation_level=None)
        self._index.execute("PRAGMA journal_mode = OFF")
        self._index.execute("CREATE TABLE seen (name BLOB PRIMARY KEY, line) WITHOUT ROWID")
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._index.close()

    def earlier_line(self, name: str, line: int) -> int | None:
        """The line on which this name stood first; None, and remembered, if it is this one."""
        digest = hashlib.blake2b(name.encode(), digest_size=16).digest()
        added = self._index.execute("INSERT OR IGNORE INTO seen VALUES (?, ?)", (digest, line))
        if added.rowcount:
            return None
        query = "SELECT line FROM seen WHERE name = ?"
        return int(self._index.execute(query, (digest,)).fetchone()[0])
