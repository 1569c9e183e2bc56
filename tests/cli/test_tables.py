"""`migrate`, `serve` and `import` make and change tables; other commands leave them alone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest
from peewee import Database, PeeweeException, SqliteDatabase
from peewee import __exception_wrapper__ as wrapper
from playhouse.migrations import Runner

from tests.support.tables import (
    CONTACTS,
    LEAVE_TABLES_ALONE,
    MIGRATE,
    SITE,
    Run,
    alone,
    everything,
    refused,
    runner,
)
from widget_backend.store import sqlite
from widget_backend.store.database import FOLDER, migrate
from widget_backend.store.database_errors import fault_of

RUN_MIGRATE = " run preference-widget migrate."
NEWER = (
    "WIDGET_DATABASE_URL: a newer version of this software has changed its tables "
    "(9999_what_comes_next). install that version here, too.\n"
)


@pytest.fixture
def run(database_url: str) -> Run:
    return runner(database_url)


@pytest.mark.parametrize("command", LEAVE_TABLES_ALONE)
def test_where_there_is_nothing_yet_no_command_but_those_that_migrate_makes_anything(
    empty_database: Database, run: Run, command: str
) -> None:
    before = everything(empty_database)
    is_file = isinstance(empty_database, SqliteDatabase)  # which may have been moved away
    reason = (
        "name the right one; for a new database," if is_file else "it has no tables of ours yet."
    )
    refused(run(*LEAVE_TABLES_ALONE[command]), f"{reason}{RUN_MIGRATE}\n", command)
    assert everything(empty_database) == before


@pytest.mark.parametrize("command", LEAVE_TABLES_ALONE)
def test_tables_of_an_older_version_are_left_as_they_are(
    empty_database: Database, run: Run, command: str
) -> None:
    migrate(empty_database)
    newest = sorted(FOLDER.glob("[0-9]*.py"))[-1].stem
    with alone(empty_database):
        forget = "DELETE FROM schema_migration WHERE name = "
        empty_database.execute_sql(f"{forget}{empty_database.param}", [newest])
    before = everything(empty_database)
    line = f"its tables are older than this version ({newest}).{RUN_MIGRATE}\n"
    refused(run(*LEAVE_TABLES_ALONE[command]), line, command)
    assert everything(empty_database) == before


@pytest.mark.parametrize("command", LEAVE_TABLES_ALONE | MIGRATE)
def test_a_database_that_a_newer_version_has_changed_is_refused_by_every_command(
    empty_database: Database, run: Run, command: str
) -> None:
    migrate(empty_database)
    with alone(empty_database):
        empty_database.execute_sql(
            "INSERT INTO schema_migration (name, applied) "
            "VALUES ('9999_what_comes_next', '2030-01-01 00:00:00')"
        )
    before = everything(empty_database)
    refused(run(*(LEAVE_TABLES_ALONE | MIGRATE)[command]), NEWER, command)
    assert everything(empty_database) == before


def test_migrate_says_what_it_did_and_does_it_once(empty_database: Database, run: Run) -> None:
    names = [each.stem for each in sorted(FOLDER.glob("[0-9]*.py"))]
    first, second = run("migrate"), run("migrate")
    assert first.output.splitlines() == [
        *[f"applied {name}" for name in names],
        "The database is up to date.",
    ]
    assert second.output == "The database is up to date.\n"
    assert run("export", SITE).exit_code == 0


def test_from_the_first_tables_on_everything_is_brought_up_to_date(
    empty_database: Database, run: Run
) -> None:
    if isinstance(empty_database, SqliteDatabase):
        Path(empty_database.database).touch()
    with alone(empty_database):
        Runner(empty_database, str(FOLDER)).up("0001_first_tables")
    assert run("migrate").output.startswith("applied 0002_mail\n")
    assert run("import", SITE, CONTACTS).exit_code == 0
    assert run("export", SITE).exit_code == 0


# ── what is told of errors ──────────────────────────────────────────────────────────────────


ADD = LEAVE_TABLES_ALONE["campaigns add"]


def test_a_mistake_in_this_software_is_not_told_as_a_database_that_does_not_run(
    database: Database, run: Run
) -> None:
    database.execute_sql("ALTER TABLE campaign RENAME COLUMN topic TO theme")
    result = run(*ADD)
    assert result.exit_code == 1
    assert result.output.startswith("preference-widget: a fault of its own: ")
    assert "store/campaigns.py line " in result.output
    assert result.output.endswith(". The database is well; report this line.\n")
    assert result.output.count("\n") == 1
    assert "You asked for offers" not in result.output


@pytest.fixture
def settings_of_sqlite(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    def settle(**pragmas: object) -> None:
        monkeypatch.setattr(sqlite, "PRAGMAS", {**sqlite.PRAGMAS, **pragmas})

    return settle


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_database_that_another_program_writes_is_told_as_that(
    database: Database, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite, "WAIT", 0)
    with database.atomic("IMMEDIATE"):
        assert run(*ADD).output == (
            "WIDGET_DATABASE_URL: database is locked. wait until the other program is done with "
            "it, or end that, then run the command again.\n"
        )
    assert run(*ADD).exit_code == 0


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_full_disk_is_told_as_that(
    database: Database, run: Run, settings_of_sqlite: Callable[..., None]
) -> None:
    ((pages,),) = database.execute_sql("PRAGMA page_count").fetchall()
    settings_of_sqlite(max_page_count=pages)
    words = [word.replace("You", "y" * 9000) for word in ADD]
    assert run(*words).output == (
        "WIDGET_DATABASE_URL: database or disk is full. make room on its disk, then run the "
        "command again.\n"
    )


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_standby_that_takes_no_writes_is_told_as_that(database: Database, run: Run) -> None:
    ((name,),) = database.execute_sql("SELECT current_database()").fetchall()
    database.execute_sql(f"ALTER DATABASE {name} SET default_transaction_read_only = on")
    assert run(*ADD).output == (
        "WIDGET_DATABASE_URL: cannot execute INSERT in a read-only transaction. name the right "
        "database, and let this user read and write it, then run the command again.\n"
    )


@pytest.mark.parametrize(
    ("driver", "kind"),
    [
        (psycopg.errors.DiskFull, "full"),
        (psycopg.errors.LockNotAvailable, "held"),
        (psycopg.errors.QueryCanceled, "held"),
        (psycopg.errors.SerializationFailure, "held"),
        (psycopg.errors.DeadlockDetected, "held"),
        (psycopg.errors.AdminShutdown, "silent"),
        (psycopg.errors.CannotConnectNow, "silent"),
        (psycopg.errors.TooManyConnections, "silent"),
        (psycopg.OperationalError, "silent"),
        (psycopg.InterfaceError, "silent"),
        (psycopg.errors.InvalidPassword, "refused"),
        (psycopg.errors.InsufficientPrivilege, "refused"),
        (psycopg.errors.UniqueViolation, "repeated"),
        (psycopg.errors.NotNullViolation, None),
        (psycopg.errors.UndefinedTable, None),
        (psycopg.errors.SyntaxError, None),
        (psycopg.errors.NumericValueOutOfRange, None),
        (psycopg.ProgrammingError, None),
    ],
)
def test_what_postgresql_says_is_sorted_by_its_code(
    driver: type[psycopg.Error], kind: str | None
) -> None:
    with pytest.raises(PeeweeException) as caught, wrapper:
        raise driver("a@example.com")
    fault = fault_of(caught.value)
    assert (fault.kind if fault else None) == kind
