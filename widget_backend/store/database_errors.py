"""Database errors: what each means, by its code; never by its text, which may hold values."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from typing import Any, Literal

from peewee import PeeweeException

from widget_backend.store.temporary_files import what_is_wrong

Kind = Literal[
    "silent", "held", "full", "disk", "refused", "damaged", "moved", "repeated", "temporary"
]
"""silent: it does not answer. held: another program holds what is needed. full: its disk is.
disk: cannot be read or written. refused: its settings or rights say no. damaged: it is no database,
or no longer. moved: its file is elsewhere. repeated: somebody wrote the same row first. temporary:
it has no room for temporary files."""


@dataclass(frozen=True)
class Fault:
    """What keeps a database from doing what is asked, none of which this software can mend."""

    kind: Kind
    text: str
    """The first line of what the database says."""


_SQLITE: dict[int, Kind] = {
    3: "refused",  # PERM
    5: "held",  # BUSY
    6: "held",  # LOCKED
    8: "refused",  # READONLY
    10: "disk",  # IOERR
    11: "damaged",  # CORRUPT
    13: "full",  # FULL
    14: "refused",  # CANTOPEN
    22: "disk",  # NOLFS
    23: "refused",  # AUTH
    26: "damaged",  # NOTADB
    787: "repeated",  # CONSTRAINT_FOREIGNKEY: what it belongs to is gone meanwhile
    1555: "repeated",  # CONSTRAINT_PRIMARYKEY
    2067: "repeated",  # CONSTRAINT_UNIQUE
}
"""By the extended code or, where that is not named, by its last byte (sqlite.org/rescode.html)."""

_LACKS_FILES = {1, 10, 14}
"""What SQLite says without temporary files: ERROR, where it has taken back more than was asked for;
IOERR; CANTOPEN."""

_POSTGRES: dict[str, Kind] = {
    "08": "silent",  # connection exceptions
    "23503": "repeated",  # foreign key: what it belongs to is gone meanwhile
    "23505": "repeated",  # unique
    "25006": "refused",  # read only, as a standby is
    "28": "refused",  # wrong user or password
    "3D000": "refused",  # no such database
    "40001": "held",  # others wrote what this transaction has read
    "40P01": "held",  # a deadlock: of two that waited for each other this one was given up
    "42501": "refused",  # insufficient privilege
    "53": "silent",  # too many connections, out of memory
    "53100": "full",
    "55P03": "held",  # lock_timeout
    "57": "silent",  # shut down, starting up
    "57014": "held",  # statement_timeout
    "58": "disk",
    "XX001": "damaged",
    "XX002": "damaged",
}
"""By SQLSTATE or, where that is not named, by its class (PostgreSQL's appendix A)."""

CROSSED = {"40001", "40P01"}
"""Serialization failure and deadlock: PostgreSQL gave up one of two transactions."""
TAKEN = {"42P07", "42710", "42723"}
"""Duplicate table (or index, or view), duplicate object (or type), and duplicate function."""


def fault_of(error: PeeweeException) -> Fault | None:
    """What an error of the database means; None for a mistake in a program, which ours must be."""
    driver = driver_error(error)
    if isinstance(driver, sqlite3.Error) and (fault := _lack_of_files(driver)):
        return fault
    kind = _kind(driver, type(error).__name__)
    text = str(error).partition("\n")[0]
    return Fault(kind, text or "it does not answer") if kind else None


def fault_of_sqlite(error: sqlite3.Error) -> Fault:
    """The same of what Python's own module has raised, where peewee is not asked."""
    return _lack_of_files(error) or Fault(_kind(error, "") or "damaged", str(error))


def _lack_of_files(error: sqlite3.Error) -> Fault | None:
    code = getattr(error, "sqlite_errorcode", 0)
    if code & 0xFF in _LACKS_FILES and (text := what_is_wrong()):
        return Fault("temporary", text)
    return None


def is_name_taken(error: PeeweeException) -> bool:
    """Whether PostgreSQL has something of that name already: a table, index, type or function."""
    return getattr(driver_error(error), "sqlstate", None) in TAKEN


def is_conflict(error: BaseException) -> bool:
    """Whether others wrote at the same time, so that the same transaction may succeed now.

    The error is peewee's or was raised from it.
    """
    if not isinstance(error, PeeweeException):
        return isinstance(error.__cause__, PeeweeException) and is_conflict(error.__cause__)
    driver = driver_error(error)
    if getattr(driver, "sqlstate", None) in CROSSED:
        return True
    return _kind(driver, type(error).__name__) == "repeated"


def driver_error(error: PeeweeException) -> BaseException | None:
    """What the driver itself raised."""
    original: BaseException | None = getattr(error, "orig", None)
    return original


def _kind(driver: Any, peewee: str) -> Kind | None:
    code = getattr(driver, "sqlite_errorcode", None)
    if code is not None:
        return _SQLITE.get(code) or _SQLITE.get(code & 0xFF)
    state = getattr(driver, "sqlstate", None)
    if state is not None:
        return _POSTGRES.get(state) or _POSTGRES.get(state[:2])
    # No code at all: the driver itself says that nobody is there.
    return "silent" if peewee in {"OperationalError", "InterfaceError"} else None
