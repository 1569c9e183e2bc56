"""Tables of other programs: ours have no place among them, unless PostgreSQL is shared."""

from __future__ import annotations

from pathlib import Path

import pytest
from peewee import Database, SqliteDatabase

from tests.support.houses import on_postgresql, on_sqlite
from tests.support.tables import (
    LEAVE_TABLES_ALONE,
    MIGRATE,
    Run,
    alone,
    everything,
    refused,
    runner,
)

EVERY = LEAVE_TABLES_ALONE | MIGRATE
THEIR_MIGRATIONS = """CREATE TABLE schema_migration (id INTEGER, name TEXT, applied TIMESTAMP);
INSERT INTO schema_migration VALUES (1, '0001_accounts', '2026-12-01 09:00:00')"""
OTHER_FILES = {
    "other names": "CREATE TABLE account (name TEXT)",
    "a name of ours": "CREATE TABLE profile (name TEXT)",
    "migrations as ours": f"CREATE TABLE account (name TEXT); {THEIR_MIGRATIONS}",
    "migrations kept otherwise": "CREATE TABLE schema_migration (version INTEGER)",
}
IN_THE_WAY = {
    "table": "CREATE TABLE identity (name TEXT)",
    "view": "CREATE VIEW wording AS SELECT 1 AS one",
    "index": "CREATE TABLE theirs (name TEXT); CREATE INDEX identity_confirmed ON theirs (name)",
    "type": "CREATE DOMAIN profile AS text",
    "function": "CREATE FUNCTION ledger_is_append_only() RETURNS trigger LANGUAGE plpgsql"
    " AS 'BEGIN END'",
}


@pytest.fixture
def run(database_url: str) -> Run:
    return runner(database_url)


def fill(database: Database, statements: str) -> object:
    """As another program does. What is there then."""
    if isinstance(database, SqliteDatabase):
        Path(database.database).touch()
    with alone(database):
        for each in statements.split(";"):
            database.execute_sql(each)
    return everything(database)


@on_sqlite
@pytest.mark.parametrize("kind", OTHER_FILES)
@pytest.mark.parametrize("command", EVERY)
def test_a_file_of_another_program_is_refused_by_every_command_and_not_touched(
    empty_database: Database, run: Run, kind: str, command: str
) -> None:
    before = fill(empty_database, OTHER_FILES[kind])
    line = "widget.db is a database of another program. name another file.\n"
    refused(run(*EVERY[command]), line, command)
    assert everything(empty_database) == before


@on_postgresql
def test_postgresql_may_be_shared_with_a_program_that_has_other_names(
    empty_database: Database, run: Run
) -> None:
    fill(empty_database, "CREATE TABLE account (name TEXT); INSERT INTO account VALUES ('theirs')")
    assert run("migrate").exit_code == 0
    assert run("migrate").output == "The database is up to date.\n"
    with alone(empty_database):
        assert empty_database.execute_sql("SELECT name FROM account").fetchall() == [("theirs",)]


@on_postgresql
@pytest.mark.parametrize("kind", IN_THE_WAY)
@pytest.mark.parametrize("command", MIGRATE)
def test_a_name_of_ours_that_another_program_has_there_is_told_and_nothing_is_made(
    empty_database: Database, run: Run, kind: str, command: str
) -> None:
    before = fill(empty_database, IN_THE_WAY[kind])
    result = run(*MIGRATE[command])
    refused(result, ". name a database of its own, which createdb makes.\n", command)
    assert f"something of another program is in the way: {_what(kind)} " in result.output
    assert " already exists" in result.output
    assert everything(empty_database) == before


def _what(kind: str) -> str:
    """As PostgreSQL calls it."""
    return kind if kind in {"type", "function"} else "relation"


@on_postgresql
@pytest.mark.parametrize("kind", ["migrations as ours", "migrations kept otherwise"])
@pytest.mark.parametrize("command", EVERY)
def test_a_table_of_migrations_that_another_program_has_there_is_told_by_every_command(
    empty_database: Database, run: Run, kind: str, command: str
) -> None:
    before = fill(empty_database, OTHER_FILES[kind])
    line = (
        "its table schema_migration is of another program. name a database of its own, which "
        "createdb makes.\n"
    )
    refused(run(*EVERY[command]), line, command)
    assert everything(empty_database) == before
