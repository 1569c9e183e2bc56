"""Opening the database for a command, with one line for whatever is wrong with it."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from peewee import Database, PeeweeException
from playhouse.pool import PooledPostgresqlDatabase

import widget_backend
from widget_backend.errors import DatabaseUnavailable, FaultOfOurs, SettingInvalid, WidgetError
from widget_backend.store.database import DATABASE, migrate, open_database, require_migrated
from widget_backend.store.database_errors import driver_error, fault_of

PACKAGE = Path(widget_backend.__file__).parent
HANDING_ON = {
    "prepared.py",
    "timeouts.py",
    "postgres.py",
    "sqlite.py",
    "writing.py",
    "write_queue.py",
}
AGAIN = "then run the command again"


@contextmanager
def opened(url: str) -> Iterator[Database]:
    """The database at a URL as it is, connected: no table is made or changed, nor a file.

    Raises MigrationDue, DatabaseNewer, SettingInvalid when it does not do what is asked, and
    FaultOfOurs.
    """
    with _opened(url, require_migrated) as database:
        yield database


@contextmanager
def opened_to_serve(url: str) -> Iterator[Database]:
    """The same, migrated if it must be."""
    with _opened(url, migrate) as database:
        yield database


@contextmanager
def telling_faults(database: Database) -> Iterator[None]:
    """Turns the database's errors into SettingInvalid, those of ours into FaultOfOurs.

    Neither holds what the database said about anybody's data.
    """
    try:
        yield
    except DatabaseUnavailable as error:
        raise _refused(error.kind, error.text) from error
    except PeeweeException as error:
        fault = fault_of(error)
        raise _refused(fault.kind, fault.text) if fault else _our_fault(error) from error
    finally:
        if isinstance(database, PooledPostgresqlDatabase):
            database.close_all()


@contextmanager
def _opened(url: str, prepare: Callable[[Database], object]) -> Iterator[Database]:
    database = open_database(url)
    with telling_faults(database):
        prepare(database)
        with database.connection_context():
            yield database


_CURES: dict[str, str] = {
    "silent": f"see that the database runs and is the right one, {AGAIN}",
    "held": f"wait until the other program is done with it, or end that, {AGAIN}",
    "full": f"make room on its disk, {AGAIN}",
    "disk": f"look after its disk, {AGAIN}",
    "refused": f"name the right database, and let this user read and write it, {AGAIN}",
    "damaged": "name the right database, or take this one from a backup",
    "moved": f"put it back, {AGAIN}",
    "repeated": "run the command again",
}


def _refused(kind: str, text: str) -> SettingInvalid:
    # What the database says of a row holds the row.
    reason = "somebody else wrote the same contacts meanwhile" if kind == "repeated" else text
    return SettingInvalid(DATABASE, reason, _CURES[kind])


def _our_fault(error: PeeweeException) -> WidgetError:
    driver = driver_error(error)
    code = getattr(driver, "sqlite_errorname", None) or getattr(driver, "sqlstate", None)
    name = f"{type(error).__name__} ({code})" if code else type(error).__name__
    frames = traceback.extract_tb(error.__traceback__)
    files = [(Path(each.filename), each.lineno) for each in frames]
    file, line = [each for each in files if _asks(each[0])][-1]
    return FaultOfOurs(name, f"{file.relative_to(PACKAGE.parent)} line {line}")


def _asks(file: Path) -> bool:
    """Whether it is a file of ours that asks for something, and not one that hands it on."""
    return file.is_relative_to(PACKAGE) and file.name not in HANDING_ON
