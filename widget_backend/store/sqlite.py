"""SQLite: a file that is made by `migrate` and by nothing else, and opened durably."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

from peewee import SqliteDatabase

PRAGMAS = {
    # An acknowledged save survives power loss: with NORMAL it would only survive a crash.
    "synchronous": "full",
    "foreign_keys": 1,
    "busy_timeout": 10_000,
}


class SqliteFile(SqliteDatabase):
    """An SQLite database in a file, which connecting does not make.

    Who only reads must leave no empty file behind where a name is mistyped.
    """

    def __init__(self, file: str) -> None:
        self.may_make_file = False
        super().__init__(file, pragmas=PRAGMAS)

    @property
    def path(self) -> Path:
        return Path(self.database)

    def _connect(self) -> Any:
        mode = "rwc" if self.may_make_file else "rw"
        name = f"{self.path.absolute().as_uri()}?mode={mode}"
        connection = sqlite3.connect(name, uri=True, isolation_level=None)
        try:
            self._add_conn_hooks(connection)  # type: ignore[attr-defined]
        except BaseException:
            connection.close()
            raise
        return connection
