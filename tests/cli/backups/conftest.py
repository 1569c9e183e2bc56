"""The commands on a database of either kind, and another one that is empty."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from click.testing import Result
from peewee import Database

from tests.support.backups import Restore, Run, runner
from tests.support.people import crowd, person_of
from tests.support.postgres_servers import database_of
from widget_backend.store.suppression_file import SuppressionFile


@pytest.fixture
def run(database_url: str) -> Run:
    return runner(database_url)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "monday.zip"


@pytest.fixture
def new_url(request: pytest.FixtureRequest, database_url: str, tmp_path: Path) -> Iterator[str]:
    """The address of a database of the same kind, with nothing in it."""
    if database_url.startswith("sqlite"):
        yield f"sqlite:///{tmp_path}/new/widget.db"
        return
    server, name = request.getfixturevalue("postgres"), f"new_{uuid.uuid4().hex}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        yield database_of(server, name)
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def restore(run: Run, file: Path, new_url: str) -> Restore:
    def into_the_new_one(*options: Any, backup: Path = file, **settings: str) -> Result:
        return run("restore", backup, *options, **{"WIDGET_DATABASE_URL": new_url, **settings})

    return into_the_new_one


@pytest.fixture
def kept(file: Path) -> SuppressionFile:
    """A file of suppressions in which nobody is yet."""
    return SuppressionFile(file.with_name("suppressions"))


@pytest.fixture(scope="session")
def backups() -> dict[str, bytes]:
    """Of a full database, by its kind."""
    return {}


@pytest.fixture
def backup(
    request: pytest.FixtureRequest, backups: dict[str, bytes], tables: None, run: Run, file: Path
) -> Path:
    """A backup of a full database, which need not be the one of this test: it is taken once."""
    kind = request.getfixturevalue("database_url").partition(":")[0]
    if kind not in backups:
        request.getfixturevalue("full")
        assert run("backup", file).exit_code == 0
        backups[kind] = file.read_bytes()
    file.write_bytes(backups[kind])
    return file


@pytest.fixture
def full(database: Database) -> Database:
    """Somebody on two sites, and a crowd."""
    for site in ("inn", "shop"):
        person_of(database, site)
    crowd(database, "shop", 50)
    return database
