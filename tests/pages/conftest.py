"""The world that the tests of pages walk through, on either database."""

from __future__ import annotations

import logging
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from browsing import Reader
from peewee import Database, SqliteDatabase
from worlds import LANGUAGES, World, make_world

from widget_backend.store.database import migrate, open_database

UNHURRIED = {True: "PRAGMA synchronous=OFF", False: "SET synchronous_commit TO off"}
"""Of SQLite, of PostgreSQL: no test of a page waits for the disk; those of the store do."""


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite file with our tables, to copy: quicker than to migrate for each test."""
    file = tmp_path_factory.mktemp("migrated") / "widget.db"
    database = open_database(f"sqlite:///{file}")
    migrate(database)
    database.close()
    return file


@pytest.fixture
def sqlite(migrated: Path, tmp_path: Path) -> Iterator[Database]:
    file = tmp_path / "widget.db"
    shutil.copy(migrated, file)
    database = open_database(f"sqlite:///{file}")
    database.execute_sql(UNHURRIED[True])
    yield database
    database.close()


@pytest.fixture
def world(sqlite: Database) -> World:
    """The app on SQLite, where it does not matter which database it is."""
    return make_world(sqlite, is_quick=True)


@pytest.fixture
def each_world(empty_database: Database) -> Iterator[World]:
    """The app on SQLite and on PostgreSQL, where what is stored matters.

    Not within a connection of ours: the app gives PostgreSQL's back after each request.
    """
    migrate(empty_database)
    is_sqlite = isinstance(empty_database, SqliteDatabase)
    empty_database.execute_sql(UNHURRIED[is_sqlite])
    yield make_world(empty_database, is_quick=is_sqlite)
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
    items[:] = [each for each in items if each not in again]


def _is_again(item: pytest.Item) -> bool:
    asked = item.callspec.params if hasattr(item, "callspec") else {}
    return asked.get("database_url") == "postgresql" and asked.get("tag") in {"en", "sq"}


@pytest.fixture
def reader(world: World) -> Reader:
    return Reader(world.client())


@pytest.fixture(autouse=True)
def no_fault_is_hidden(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """A fault becomes a page; the log still tells, whatever the test looked at."""
    yield
    faults = [each for each in caplog.get_records("call") if each.levelno >= logging.ERROR]
    assert not faults, [each.getMessage() for each in faults]
