"""What was acknowledged is there after `kill -9`, and nothing is there by half."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from itertools import islice
from pathlib import Path

import pytest
from peewee import Database, SqliteDatabase

from tests import support
from widget_backend.store.database import migrate
from widget_backend.store.ledger import records
from widget_backend.store.models import Ledger, LedgerValue
from widget_backend.store.profiles import create_profile, read_person

SAVER = Path(support.__file__).with_name("saver.py")
ENOUGH = 200
"""Acknowledged saves before the process is killed."""


@pytest.mark.parametrize("attempt", range(3))
def test_every_acknowledged_save_survives_kill_9(
    database: Database, database_url: str, settle: Callable[[Database], None], attempt: int
) -> None:
    handle = create_profile(database, "shop", 1).handle
    acknowledged = _acknowledged_until_killed(database_url, handle)
    settle(database)
    person = read_person(database, "shop", handle)
    told = records(database, person.ledger_key)

    assert acknowledged >= ENOUGH
    # At most one more: committed, and killed before it could be acknowledged.
    assert acknowledged <= person.revision <= acknowledged + 1
    assert [record.revision for record in told] == list(range(1, person.revision + 1))
    last = "weekly" if person.revision % 2 else "monthly"
    for topic in ("offers", "news"):
        assert person.state[f"topic:{topic}"]["frequency"] == last
    assert Ledger.select().count(database) == LedgerValue.select().count(database)


def _acknowledged_until_killed(url: str, handle: str) -> int:
    """The last revision that a process acknowledged that was killed while it was saving."""
    with subprocess.Popen(
        [sys.executable, str(SAVER), url, handle], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout
        said = list(islice(process.stdout, ENOUGH))
        process.kill()
        # What was still in the pipe was acknowledged as well; a torn last line was not.
        said += [line for line in process.stdout if line.endswith("\n")]
    return int(said[-1])


def test_sqlite_waits_for_the_disk_and_postgres_is_not_told_otherwise(database: Database) -> None:
    def setting(statement: str) -> object:
        return database.execute_sql(statement).fetchone()[0]

    if isinstance(database, SqliteDatabase):
        assert setting("PRAGMA journal_mode") == "wal"
        assert setting("PRAGMA synchronous") == 2
        assert setting("PRAGMA foreign_keys") == 1
    else:
        assert setting("SHOW synchronous_commit") == "on"
        assert setting("SHOW fsync") == "on"


def test_migrating_again_changes_nothing(empty_database: Database) -> None:
    assert migrate(empty_database)[0] == "0001_first_tables"
    with empty_database.connection_context():
        before = empty_database.get_tables()
    assert migrate(empty_database) == []
    with empty_database.connection_context():
        assert empty_database.get_tables() == before
