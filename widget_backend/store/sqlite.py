"""SQLite: a file that only `migrate` makes, opened durably, and checked for being in its place."""

from __future__ import annotations

import logging
import os
import sqlite3
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from time import monotonic, sleep
from typing import Any

from peewee import SqliteDatabase

from widget_backend.errors import DatabaseUnavailable
from widget_backend.store.timeouts import telling
from widget_backend.store.write_queue import WriteQueue

WAIT = 5
"""Seconds for which another program may hold the write lock."""
POLL = 0.001
"""Seconds between two tries for it."""
PRAGMAS = {
    # An acknowledged save survives power loss: with NORMAL it would only survive a crash.
    "synchronous": "full",
    "foreign_keys": 1,
    # What is deleted is overwritten. Not every build of SQLite does so without being told.
    "secure_delete": 1,
}
BESIDE = ("-wal", "-shm")
"""What SQLite keeps beside the file for as long as anybody has it open: the newest saves."""

READING = ("SELECT", "PRAGMA")
"""How statements begin that need no lock."""

Place = tuple[int, int]
"""Where a file is, whatever it is called: the disk, and its number there."""

log = logging.getLogger(__name__)


class Connection(sqlite3.Connection):
    """A connection that knows which files it has opened, by their paths."""

    files: dict[str, Place | None]

    def note(self, path: str, real: str) -> None:
        """Must follow the opening at once. `real` is the path without links."""
        self.execute("SELECT count(*) FROM sqlite_master")  # opens what stands beside it, too
        self.execute("PRAGMA busy_timeout = 0")  # from now on `_patiently` waits
        self.files = {name: place(name) for name in (path, *(real + end for end in BESIDE))}

    @property
    def is_in_place(self) -> bool:
        """Whether the paths still name what was opened. Else nobody would find what is saved."""
        return all(known is None or place(name) == known for name, known in self.files.items())


def place(path: str) -> Place | None:
    """Where the file is that a path names; None if there is no file."""
    try:
        status = os.stat(path)
    except OSError:
        return None
    return status.st_dev, status.st_ino


class SqliteFile(SqliteDatabase):
    """An SQLite database in a file, which connecting does not create.

    A command that only reads leaves no empty file behind when a name is mistyped. Everything raises
    DatabaseUnavailable while the path names another file than the one that was opened first, or
    none: what was saved is in the first one. `is_new`: the file was made by this process.
    """

    def __init__(self, file: str) -> None:
        self.may_make_file = False
        self.is_new = False
        self.writing = WriteQueue()
        self._path = os.path.abspath(file)  # whatever folder the process goes to
        self._opened: Place | None = None
        self._is_away = False
        super().__init__(file, pragmas=PRAGMAS)

    @property
    def path(self) -> Path:
        return Path(self._path)

    def _connect(self) -> Connection:
        real = os.path.realpath(self._path)  # SQLite works beside what a link leads to
        if self.may_make_file:
            self._opened = None
            with suppress(OSError):  # there is one, or SQLite says why there can be none
                os.close(os.open(real, os.O_CREAT | os.O_EXCL, 0o600))
                self.is_new = True
        elif self._opened and place(real) != self._opened:
            raise self._away()
        mode = "rwc" if self.may_make_file else "rw"
        name = f"{Path(real).as_uri()}?mode={mode}"
        connection = sqlite3.connect(
            name, uri=True, isolation_level=None, timeout=WAIT, factory=Connection
        )
        try:
            self._add_conn_hooks(connection)  # type: ignore[attr-defined]
            connection.note(self._path, real)
        except BaseException:
            connection.close()
            raise
        self._opened = self._opened or connection.files[self._path]
        return connection

    def connect(self, reuse_if_open: bool = False) -> bool:
        return bool(telling(super().connect, reuse_if_open))

    def execute_sql(self, sql: str, params: Any = None) -> Any:
        if self.in_transaction():
            return telling(super().execute_sql, sql, params)
        if sql.startswith(READING):
            cursor = self._patiently(super().execute_sql, sql, params)
        else:
            with self.writing.alone():
                cursor = self._writing(super().execute_sql, sql, params)
        self._require_in_place()
        return cursor

    def begin(self, lock_type: str | None = None) -> None:
        self._writing(super().begin, lock_type)

    def _writing(self, call: Callable[..., Any], *arguments: Any) -> Any:
        """What the call returns; it takes the write lock, which another program may hold."""
        try:
            result = self._patiently(call, *arguments)
        except DatabaseUnavailable as error:
            if error.kind == "held":
                self.writing.failed()
            raise
        self.writing.opened()
        return result

    def _patiently(self, call: Callable[..., Any], *arguments: Any) -> Any:
        """What the call returns, tried again each millisecond while another program has the lock.

        SQLite's own waiting sleeps ever longer between two tries, up to a tenth of a second, and
        misses the moments that an import in another process leaves free.
        """
        until = monotonic() + WAIT
        while True:
            try:
                return telling(call, *arguments)
            except DatabaseUnavailable as error:
                if error.kind != "held" or monotonic() >= until:
                    raise
            self.writing.waits += 1
            sleep(POLL)

    def commit(self) -> None:
        """What is acknowledged is in the file that the path names."""
        telling(super().commit)
        self._require_in_place()

    def rollback(self) -> None:
        """SQLite has done so by itself when its disk is full."""
        if self.connection().in_transaction:
            telling(super().rollback)

    def empty_log(self) -> None:
        """Move what was saved from the `-wal` file into the file itself, and empty it.

        Until then deleted values stand in it. While somebody else reads or writes, this does
        nothing.
        """
        with self.writing.alone():
            self.execute_sql("PRAGMA wal_checkpoint(TRUNCATE)")

    def _require_in_place(self) -> None:
        if not self.connection().is_in_place:
            raise self._away()
        self._is_away = False

    def _away(self) -> DatabaseUnavailable:
        reason = f"{self.path} was moved, replaced or deleted while it was open"
        if not self._is_away:
            self._is_away = True
            log.error("%s: nothing is saved or shown. Put it back, or restart the server.", reason)
        return DatabaseUnavailable("moved", reason)
