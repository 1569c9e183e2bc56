"""Repeats: which addresses a file has named already, for files that do not fit into memory."""

from __future__ import annotations

import hashlib
import sqlite3
from types import TracebackType


class FirstLines:
    """The first line of each address. Kept in a nameless temporary file, as hashes only."""

    def __enter__(self) -> FirstLines:
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

    def before(self, address: str, line: int) -> int | None:
        """The earlier line that named this address; None, and remembered, if this is the first."""
        name = hashlib.blake2b(address.encode(), digest_size=16).digest()
        added = self._index.execute("INSERT OR IGNORE INTO seen VALUES (?, ?)", (name, line))
        if added.rowcount:
            return None
        found = self._index.execute("SELECT line FROM seen WHERE name = ?", (name,)).fetchone()
        return int(found[0])
