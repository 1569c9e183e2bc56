"""PostgreSQL, whose answers are waited for in seconds: libpq itself would wait for ever.

Imported only where psycopg is installed.
"""

from __future__ import annotations

from collections.abc import Generator
from time import monotonic
from typing import Any

import psycopg
from peewee import Psycopg3Adapter
from playhouse.pool import MaxConnectionsExceeded, PooledPostgresqlDatabase

from widget_backend.errors import DatabaseUnavailable, SettingInvalid
from widget_backend.store.timeouts import Gate, at_most, left, telling

CONNECTING = 3
"""Seconds; psycopg waits for no fewer than two."""
PING = 2.0
"""Seconds in which an idle connection must answer before it is used again."""
STATEMENT = 75.0
"""Seconds for which a statement is waited for outside of requests: the server ends it after 60."""

SETTINGS = {
    "connect_timeout": CONNECTING,
    # Milliseconds for sent data to be acknowledged by the other machine.
    "tcp_user_timeout": 10_000,
    # Milliseconds. A lock that somebody else holds must not hold every thread.
    "options": "-c lock_timeout=5000 -c statement_timeout=60000 "
    "-c idle_in_transaction_session_timeout=30000",
    # One for each thread that may serve, and some for commands; whoever comes too many waits.
    "max_connections": 72,
    "timeout": 5,
    "prefer_psycopg3": True,
}


class NoAnswer(psycopg.OperationalError):
    """The server has not answered in time: what it will do with the question is not known."""


class Connection(psycopg.Connection[Any]):
    """A connection that is given up, and closed, when the server does not answer in time."""

    def wait(self, gen: Generator[Any, Any, Any], *arguments: Any, **more: Any) -> Any:
        try:
            return super().wait(_bounded(gen), *arguments, **more)
        except NoAnswer:
            self.pgconn.finish()
            raise


def _bounded(gen: Generator[Any, Any, Any]) -> Generator[Any, Any, Any]:
    """The same conversation, resumed by psycopg several times a second, until time is over."""
    until = monotonic() + min(left(), STATEMENT)
    try:
        wanted = next(gen)
        while True:
            ready = yield wanted
            if not ready and monotonic() >= until:
                raise NoAnswer("the server does not answer")
            wanted = gen.send(ready)
    except StopIteration as end:
        return end.value


class Adapter(Psycopg3Adapter):
    def connect(self, db: Any, **settings: Any) -> Connection:
        if left() <= 0:
            raise NoAnswer("the server does not answer")
        if db.database.startswith("postgresql://"):
            return _require_utf8(Connection.connect(db.database, **settings))
        return _require_utf8(Connection.connect(dbname=db.database, **settings))


def _require_utf8(connection: Connection) -> Connection:
    """Raises SettingInvalid where text may come as bytes, or Arabic cannot be kept."""
    encoding = connection.info.parameter_status("server_encoding")
    if encoding == "UTF8":
        return connection
    connection.close()
    raise SettingInvalid(
        "WIDGET_DATABASE_URL",
        f"its encoding is {encoding}, which cannot keep every language",
        "make a new one with createdb --encoding=UTF8 --template=template0 NAME",
    )


class Postgres(PooledPostgresqlDatabase):
    """A pool of connections, of which threads neither wait for a frozen server in a queue.

    peewee connects and pings under locks of its own. The gate before them lets one thread try, and
    refuses all others, for as long as the server does not answer.
    """

    psycopg3_adapter = Adapter

    def __init__(self, *arguments: Any, **more: Any) -> None:
        self._gate = Gate("silent")
        super().__init__(*arguments, **more)

    def connect(self, reuse_if_open: bool = False) -> bool:
        with self._gate.passing():
            try:
                is_new = bool(telling(super().connect, reuse_if_open))
            except DatabaseUnavailable as error:
                self._note(error)
                raise
            except MaxConnectionsExceeded as error:
                raise DatabaseUnavailable("silent", "all connections are in use") from error
            self._gate.opened()
        return is_new

    def _is_closed(self, conn: Connection) -> bool:
        """Whether an idle connection is of no use. Raises NoAnswer when the server is silent."""
        if conn.closed:
            return True
        try:
            with at_most(PING):
                conn.execute("SELECT 1")
        except NoAnswer:
            raise
        except psycopg.Error:
            return True
        return False

    def execute_sql(self, sql: str, params: Any = None) -> Any:
        return self._asking(super().execute_sql, sql, params)

    def begin(self, *arguments: Any) -> None:
        self._asking(super().begin, *arguments)

    def commit(self) -> None:
        self._asking(super().commit)

    def rollback(self) -> None:
        self._asking(super().rollback)

    def _asking(self, call: Any, *arguments: Any) -> Any:
        try:
            return telling(call, *arguments)
        except DatabaseUnavailable as error:
            self._note(error)
            raise

    def _note(self, error: DatabaseUnavailable) -> None:
        if error.kind == "silent":
            self._gate.failed()
