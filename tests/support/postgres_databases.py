"""PostgreSQL databases, of which those with our tables are used by one test after another.

To make a database and drop it takes the server ten times as long as to empty one.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg

from tests.support.postgres_servers import database_of

Connection = psycopg.Connection[tuple[Any, ...]]

LARGE = 1 << 20
"""Bytes of its tables from which on a database is dropped: emptied it stays as large, and a large
one is read otherwise."""

# Whoever a test has left behind, for example the pool of an app.
END_OTHERS = """SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity
  WHERE datname = current_database() AND pid <> pg_backend_pid()"""

# Without triggers: neither foreign keys nor the ledger, which is append-only, mind.
UNGUARDED = "SET session_replication_role = replica; SET lock_timeout = '10s'"

FILLED = """SELECT relname, pg_relation_size(oid) FROM pg_class
  WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
    AND relname <> 'schema_migration' AND pg_relation_size(oid) > 0"""

COUNT_FROM_ONE = """SELECT setval(oid::regclass, 1, false) FROM pg_class
  WHERE relkind = 'S' AND relnamespace = 'public'::regnamespace
    AND relname <> 'schema_migration_id_seq'"""

# Whatever a test may change of a database that is no row of ours.
SCHEMA = """SELECT
  (SELECT array_agg((relname, relkind, relhastriggers, reloptions) ORDER BY oid)::text
    FROM pg_class WHERE relnamespace = 'public'::regnamespace),
  (SELECT array_agg((attrelid, attname, atttypid, attnotnull, atthasdef) ORDER BY attrelid, attnum)
    ::text FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
    WHERE relnamespace = 'public'::regnamespace),
  (SELECT array_agg((conname, conrelid, convalidated) ORDER BY oid)::text FROM pg_constraint
    WHERE connamespace = 'public'::regnamespace),
  (SELECT array_agg((tgname, tgrelid, tgenabled) ORDER BY oid)::text FROM pg_trigger),
  (SELECT array_agg((proname, prosrc) ORDER BY oid)::text FROM pg_proc
    WHERE pronamespace = 'public'::regnamespace),
  (SELECT array_agg(setconfig)::text FROM pg_db_role_setting),
  (SELECT array_agg(each::text ORDER BY each::text)::text FROM schema_migration each)"""


class Databases:
    """Those of one server that one process of a run uses."""

    def __init__(self, server: str) -> None:
        self._server = server
        self._emptied: list[str] = []
        self._connections: dict[str, Connection] = {}
        self._schema: tuple[Any, ...] | None = None

    @contextmanager
    def without_tables(self) -> Iterator[str]:
        """The address of a database with nothing in it."""
        name = self._create()
        yield database_of(self._server, name)
        self._drop(name)

    @contextmanager
    def with_tables(self, is_alone: bool) -> Iterator[str]:
        """The address of a database that nobody has used, or that is as if nobody had.

        Unless the test `is_alone` with it, a connection of ours stays open, which makes it cheaper
        to empty.
        """
        name = self._emptied.pop() if self._emptied else self._migrated()
        if is_alone:
            self._leave(name)
        yield database_of(self._server, name)
        if self._empty(name):
            self._emptied.append(name)
        else:
            self._drop(name)

    def _migrated(self) -> str:
        # Files are copied sooner than they are written anew by way of the log.
        name = self._create("TEMPLATE migrated STRATEGY file_copy")
        if self._schema is None:
            self._schema = self._connection(name).execute(SCHEMA).fetchone()
        return name

    def _empty(self, name: str) -> bool:
        """Delete every row; False if it is then not as new."""
        try:
            connection = self._connection(name)
            connection.execute(END_OTHERS)
            filled = dict(connection.execute(FILLED).fetchall())
            if sum(filled.values()) > LARGE:
                return False
            connection.execute("".join(f'DELETE FROM "{table}";' for table in filled))
            connection.execute(COUNT_FROM_ONE)
            return connection.execute(SCHEMA).fetchone() == self._schema
        except psycopg.Error:
            return False

    def _connection(self, name: str) -> Connection:
        known = self._connections.get(name)
        if known is None or _is_lost(known):
            known = psycopg.connect(database_of(self._server, name), autocommit=True)
            known.execute(UNGUARDED)
            self._connections[name] = known
        return known

    def _leave(self, name: str) -> None:
        if name in self._connections:
            self._connections.pop(name).close()

    def _create(self, how: str = "") -> str:
        name = f"test_{uuid.uuid4().hex}"
        self._execute(f"CREATE DATABASE {name} {how}")
        return name

    def _drop(self, name: str) -> None:
        self._leave(name)
        self._execute(f"DROP DATABASE {name} WITH (FORCE)")

    def _execute(self, statement: str) -> None:
        with psycopg.connect(self._server, autocommit=True) as connection:
            connection.execute(statement)

    def close(self) -> None:
        for name in [*self._connections]:
            self._leave(name)


def _is_lost(connection: Connection) -> bool:
    """A test may have ended it, or frozen the server for longer than it waits."""
    try:
        connection.execute("SELECT 1")
    except psycopg.OperationalError:
        connection.close()
        return True
    return False
