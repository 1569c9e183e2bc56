"""What every test may ask for: a database of either kind, and the world of the pages on it."""

from __future__ import annotations

import logging
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from peewee import Database
from playhouse.pool import PooledPostgresqlDatabase

from tests.support.browsing import Reader
from tests.support.postgres_databases import Databases
from tests.support.postgres_servers import postgres_server
from tests.support.worlds import LANGUAGES, World, make_world
from widget_backend.store import sqlite as sqlite_file
from widget_backend.store.database import migrate, open_database

MIGRATED = {"closed_database", "database", "each_world", "house", "tables"}
"""The fixtures that want a database with our tables; without them it is empty."""

SHIPPED = dict(sqlite_file.PRAGMAS)


@pytest.fixture(scope="session", autouse=True)
def nobody_waits_for_the_disk() -> None:
    """Saves are as quick as memory; those of processes that a test starts are not touched."""
    sqlite_file.PRAGMAS["synchronous"] = "off"


@pytest.fixture
def with_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """SQLite waits for the disk as it does in service."""
    monkeypatch.setitem(sqlite_file.PRAGMAS, "synchronous", SHIPPED["synchronous"])


@pytest.fixture
def tables(database_url: str) -> None:
    """Our tables are there, for tests that run commands and never open the database."""


@pytest.fixture(scope="session")
def postgres(name_of_run: str) -> Iterator[str]:
    """The address of a PostgreSQL server, one for all processes of a test run."""
    with postgres_server(name_of_run) as uri:
        yield uri


@pytest.fixture(scope="session")
def name_of_run() -> str:
    """What tells this test run from others on the machine; all its processes know it."""
    return os.environ.get("PYTEST_XDIST_TESTRUNUID", str(os.getpid()))[:12]


ALONGSIDE = {"each_world", "tables"}
"""Tests that ask for one of these do not mind who else is connected to their database."""


@pytest.fixture(scope="session")
def databases(postgres: str) -> Iterator[Databases]:
    """Those of this process, on the server that all share."""
    with closing(Databases(postgres)) as databases:
        yield databases


@pytest.fixture
def postgres_url(request: pytest.FixtureRequest, databases: Databases) -> Iterator[str]:
    """The address of a database with nothing in it but what the test puts there."""
    is_alone = ALONGSIDE.isdisjoint(request.fixturenames)
    is_migrated = _is_migrated(request)
    with databases.with_tables(is_alone) if is_migrated else databases.without_tables() as url:
        yield url


def _is_migrated(request: pytest.FixtureRequest) -> bool:
    return not MIGRATED.isdisjoint(request.fixturenames)


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
    with empty_database.connection_context():
        yield empty_database


# ── the world of the pages ──────────────────────────────────────────────────────────────────


@pytest.fixture
def sqlite(migrated: Path, tmp_path: Path) -> Iterator[Database]:
    file = tmp_path / "widget.db"
    shutil.copy(migrated, file)
    database = open_database(f"sqlite:///{file}")
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
