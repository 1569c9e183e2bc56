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
    """The lines on which names stood first, each with a word. Names are kept as hashes."""

    table = "seen (name BLOB PRIMARY KEY, line, word)"

    def earlier_lines(self, name: str, word: str, line: int) -> tuple[int | None, int | None]:
        """The line on which this name stood first, and that on which it had this word first.

        Each is None, and remembered, if it is this line.
        """
        first = self._earlier(name, line, word)
        if first is None:
            return None, None
        # Only for names that come again: one query less for all others.
        first_line, first_word = first
        with_word = first if first_word == word else self._earlier(f"{word} {name}", line, word)
        return first_line, with_word and with_word[0]

    def _earlier(self, key: str, line: int, word: str) -> tuple[int, str] | None:
        digest = hashlib.blake2b(key.encode(), digest_size=16).digest()
        insert = "INSERT OR IGNORE INTO seen VALUES (?, ?, ?)"
        if self._rows.execute(insert, (digest, line, word)).rowcount:
            return None
        query = "SELECT line, word FROM seen WHERE name = ?"
        earlier: tuple[int, str] = self._rows.execute(query, (digest,)).fetchone()
        return earlier
