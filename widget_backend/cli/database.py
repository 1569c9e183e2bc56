"""Opening the database for a command: whatever is wrong with it becomes one line."""

from __future__ import annotations

import os
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from peewee import Database, PeeweeException, PostgresqlDatabase
from playhouse.pool import PooledPostgresqlDatabase

import widget_backend
from widget_backend.config import read_setting
from widget_backend.errors import (
    DatabaseUnavailable,
    FaultOfOurs,
    MigrationDue,
    SettingInvalid,
    WidgetError,
)
from widget_backend.store.database import DATABASE, migrate, open_database, require_migrated
from widget_backend.store.database_errors import driver_error, fault_of

PACKAGE = Path(widget_backend.__file__).parent
PASSING_ON = {
    "prepared.py",
    "timeouts.py",
    "postgres.py",
    "sqlite.py",
    "writing.py",
    "write_queue.py",
}
AGAIN = "then run the command again"


def names_database() -> bool:
    """Whether the settings name one, for commands that can do without."""
    return bool(os.environ.get(DATABASE) or os.environ.get(f"{DATABASE}_FILE"))


@contextmanager
def connected() -> Iterator[Database]:
    """A connection to the database of the settings, which is left as it is: no table or file is
    created or changed.

    Raises MigrationDue, DatabaseNewer, SettingInvalid if the database fails, and FaultOfOurs.
    """
    with _connected(prepare=require_migrated) as database:
        yield database


@contextmanager
def connected_and_migrated() -> Iterator[Database]:
    """The same, after creating or updating its tables if that is due."""
    with _connected(prepare=migrate) as database:
        yield database


@contextmanager
def connected_to_copy() -> Iterator[Database]:
    """The same as `connected`, whichever older version has made its tables: a backup comes before a
    migration."""

    def prepare(database: Database) -> None:
        try:
            require_migrated(database)
        except MigrationDue as due:
            if due.is_empty:
                raise

    with _connected(prepare) as database:
        yield database


@contextmanager
def connected_to_serve(migrates: bool) -> Iterator[Database]:
    """The same for a server. Several of them may share PostgreSQL, so its tables are changed only
    when that is told."""

    def prepare(database: Database) -> None:
        is_shared = isinstance(database, PostgresqlDatabase)
        (require_migrated if is_shared and not migrates else migrate)(database)

    with _connected(prepare) as database:
        yield database


@contextmanager
def _connected(prepare: Callable[[Database], object]) -> Iterator[Database]:
    database = open_database(read_setting(DATABASE))
    with database_errors(database):
        prepare(database)
        with database.connection_context():
            yield database


@contextmanager
def database_errors(database: Database) -> Iterator[None]:
    """Turns errors of the database into SettingInvalid, and those that we caused into FaultOfOurs.

    Neither contains what the database says about rows. Closes the connections at the end.
    """
    try:
        yield
    except DatabaseUnavailable as error:
        raise _setting_invalid(error.kind, error.text) from error
    except PeeweeException as error:
        fault = fault_of(error)
        raise (
            _setting_invalid(fault.kind, fault.text) if fault else _fault_of_ours(error)
        ) from error
    finally:
        if isinstance(database, PooledPostgresqlDatabase):
            database.close_all()


_CURES: dict[str, str] = {
    "silent": f"see that the database runs and is the right one, {AGAIN}",
    "held": f"wait until the other program is done with it, or end that, {AGAIN}",
    "full": f"make room on its disk, {AGAIN}",
    "disk": f"look after its disk, {AGAIN}",
    "refused": f"name the right database, and let this user read and write it, {AGAIN}",
    "damaged": "name the right database, or take this one from a backup",
    "moved": f"put it back, {AGAIN}",
    "repeated": "run the command again",
    "temporary": f"set TMPDIR to a folder that this user may write, {AGAIN}",
}


def _setting_invalid(kind: str, text: str) -> SettingInvalid:
    # The text of the database would quote the row.
    reason = "somebody else wrote the same contacts meanwhile" if kind == "repeated" else text
    return SettingInvalid(DATABASE, reason, _CURES[kind])


def _fault_of_ours(error: PeeweeException) -> WidgetError:
    driver = driver_error(error)
    code = getattr(driver, "sqlite_errorname", None) or getattr(driver, "sqlstate", None)
    name = f"{type(error).__name__} ({code})" if code else type(error).__name__
    frames = traceback.extract_tb(error.__traceback__)
    files = [(Path(each.filename), each.lineno) for each in frames]
    # The innermost file that asked the database for something, and not one that passed it on.
    file, line = [
        (file, line)
        for file, line in files
        if file.is_relative_to(PACKAGE) and file.name not in PASSING_ON
    ][-1]
    return FaultOfOurs(name, f"{file.relative_to(PACKAGE.parent)} line {line}")
