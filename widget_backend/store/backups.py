"""Copies of a database as it is at one moment, while others write, and what is known of a copy."""

from __future__ import annotations

import errno
import os
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple

from peewee import Database, PostgresqlDatabase
from playhouse.migrations import Runner

from widget_backend.errors import DatabaseUnavailable
from widget_backend.store.backup_file import Kind
from widget_backend.store.database import FOLDER, HISTORY, open_database
from widget_backend.store.database_errors import fault_of_sqlite
from widget_backend.store.postgres_tools import find_program, run_program, server_version
from widget_backend.store.sqlite import SqliteFile


class Facts(NamedTuple):
    """What a manifest says of a database; see there. `unlike_ledger` is how many people are at
    another revision than their last consent record: the ledger does not say what is stored."""

    database: Kind
    server: int
    migration: str
    sites: list[str]
    counts: dict[str, int]
    unlike_ledger: int


def kind_of(database: Database) -> Kind:
    return "sqlite" if isinstance(database, SqliteFile) else "postgresql"


def copy_database(database: Database, to: Path) -> Facts:
    """Write a copy to the empty file `to`, and check it. Others go on writing.

    Raises DatabaseUnavailable, ToolMissing, and OSError where the copy cannot be written.
    """
    if isinstance(database, SqliteFile):
        return _copy_file(database, to)
    assert isinstance(database, PostgresqlDatabase)
    return _dump(database, to)


def _copy_file(database: SqliteFile, to: Path) -> Facts:
    try:
        with closing(sqlite3.connect(to, isolation_level=None)) as copy:
            database.connection().backup(copy)
            copy.execute("PRAGMA journal_mode = delete")  # one file, with nothing beside it
    except sqlite3.Error as error:
        fault = fault_of_sqlite(error)
        if fault.kind in {"damaged", "temporary"}:
            raise DatabaseUnavailable(fault.kind, fault.text) from error
        raise OSError(errno.ENOSPC if fault.kind == "full" else errno.EIO, fault.text) from error
    require_sound(to)
    copied = open_database(f"sqlite:///{to}")
    with copied.connection_context():
        return facts_of(copied)


def require_sound(file: Path) -> None:
    """Raises DatabaseUnavailable if an SQLite file is damaged, or a row refers to none."""
    try:
        with closing(sqlite3.connect(file)) as connection:
            (result,) = connection.execute("PRAGMA integrity_check(1)").fetchone()
            lost = connection.execute("PRAGMA foreign_key_check").fetchone()
    except sqlite3.Error as error:
        fault = fault_of_sqlite(error)
        kind = "temporary" if fault.kind == "temporary" else "damaged"
        raise DatabaseUnavailable(kind, fault.text) from error
    if result != "ok":
        raise DatabaseUnavailable("damaged", f"integrity_check: {result.partition(chr(10))[0]}")
    if lost:
        raise DatabaseUnavailable("damaged", f"a row of table {lost[0]} belongs to none")


def _dump(database: PostgresqlDatabase, to: Path) -> Facts:
    """What is counted and what is dumped is of the same moment."""
    version = server_version(database)
    dump, restore = find_program("pg_dump", version), find_program("pg_restore", version)
    with database.atomic():
        database.execute_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        database.execute_sql("SET LOCAL idle_in_transaction_session_timeout = 0")
        ((snapshot,),) = database.execute_sql("SELECT pg_export_snapshot()").fetchall()
        facts = facts_of(database)
        options = ("--format=custom", "--no-owner", "--no-privileges", "--lock-wait-timeout=5000")
        run_program(database, dump, *options, f"--snapshot={snapshot}", f"--file={to}")
    run_program(database, restore, f"--file={os.devnull}", str(to))  # reads all of it
    return facts


# ── what is in a database ───────────────────────────────────────────────────────────────────


def facts_of(database: Database) -> Facts:
    """It must be connected, and have our tables, of whichever version."""
    return Facts(
        database=kind_of(database),
        server=server_version(database) if isinstance(database, PostgresqlDatabase) else 0,
        migration=last_migration(database),
        sites=_column(database, "SELECT DISTINCT site FROM profile ORDER BY site"),
        counts=counts_of(database),
        unlike_ledger=_column(database, UNLIKE_LEDGER)[0],
    )


def last_migration(database: Database) -> str:
    """The name of the newest that was applied."""
    return str(max(Runner(database, str(FOLDER)).applied()))


def counts_of(database: Database) -> dict[str, int]:
    """The number of rows of each table, without that of migrations."""
    tables = sorted(each for each in database.get_tables() if each != HISTORY)
    counts = [_column(database, f'SELECT count(*) FROM "{each}"') for each in tables]  # noqa: S608
    return {table: count for table, (count,) in zip(tables, counts, strict=True)}


UNLIKE_LEDGER = """SELECT count(*) FROM profile LEFT JOIN
  (SELECT profile_key, max(revision) AS newest FROM ledger GROUP BY profile_key) AS recorded
  ON recorded.profile_key = profile.ledger_key
  WHERE profile.revision <> coalesce(recorded.newest, 0)"""


def _column(database: Database, query: str) -> list[Any]:
    return [value for (value,) in database.execute_sql(query).fetchall()]
