"""The commands on a database of either kind, and another one that is empty."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from peewee import Database

from tests.support.backups import Run, runner
from tests.support.people import crowd, person_of
from tests.support.postgres_servers import database_of


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
def full(database: Database) -> Database:
    """Somebody on two sites, and a crowd."""
    for site in ("inn", "shop"):
        person_of(database, site)
    crowd(database, "shop", 50)
    return database
