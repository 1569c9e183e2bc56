"""What was acknowledged is there after `kill -9`, and nothing is there by half."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from itertools import islice
from pathlib import Path

import pytest
from peewee import Database, SqliteDatabase

from tests.support.power import lose_power
from widget_backend.store.database import migrate, open_database
from widget_backend.store.ledger import records
from widget_backend.store.models import ConsentRecord, ConsentValue
from widget_backend.store.profiles import create_profile, read_profile

ENOUGH = 200
"""Acknowledged saves before the process is killed."""
TOGETHER = 4
"""Profiles that are saved at the same time, so that commits hold several saves."""


@pytest.mark.parametrize("attempt", range(3))
def test_every_acknowledged_save_survives_kill_9(
    database: Database, database_url: str, settle: Callable[[Database], None], attempt: int
) -> None:
    handles = create_profiles(database)
    acknowledged = acknowledged_until_killed(handles, database_url)
    settle(database)
    for handle in handles:
        person = read_profile(database, "shop", handle)
        # At most one more: committed, and killed before it could be acknowledged.
        assert acknowledged[handle] <= person.revision <= acknowledged[handle] + 1
        revisions = [record.revision for record in records(database, person.ledger_key)]
        assert revisions == list(range(1, person.revision + 1))
        last = "weekly" if person.revision % 2 else "monthly"
        for topic in ("offers", "news"):
            assert person.state[f"topic:{topic}"]["frequency"] == last
    assert ConsentRecord.select().count(database) == ConsentValue.select().count(database)


@pytest.mark.parametrize("synchronous", ["full", "normal"])
def test_what_sqlite_acknowledged_survives_power_loss(tmp_path: Path, synchronous: str) -> None:
    """And would not with `synchronous=NORMAL`, by which the test shows that it can fail."""
    file = tmp_path / "widget.db"
    url = f"sqlite:///{file}"
    database = open_database(url)
    migrate(database)
    with database.connection_context():
        handles = create_profiles(database)
    acknowledged = acknowledged_until_killed(handles, url, synchronous)
    lose_power(file)
    with database.connection_context():
        kept = {handle: read_profile(database, "shop", handle).revision for handle in handles}
        assert database.execute_sql("PRAGMA integrity_check").fetchone() == ("ok",)
    lost = {handle for handle in handles if kept[handle] < acknowledged[handle]}
    assert lost == (set() if synchronous == "full" else set(handles))


def create_profiles(database: Database) -> list[str]:
    return [create_profile(database, "shop", 1).handle for _ in range(TOGETHER)]


def acknowledged_until_killed(handles: list[str], url: str, *synchronous: str) -> dict[str, int]:
    """The last revision of each profile that a process acknowledged before it was killed."""
    with subprocess.Popen(
        [sys.executable, "-m", "tests.support.saver", url, ",".join(handles), *synchronous],
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout
        lines = list(islice(process.stdout, ENOUGH))
        while not set(handles) <= {line.split()[0] for line in lines}:
            lines.append(next(process.stdout))  # on a busy machine a thread may start late
        process.kill()
        # What was still in the pipe was acknowledged as well; a torn last line was not.
        lines += [line for line in process.stdout if line.endswith("\n")]
    return {handle: int(revision) for handle, revision in map(str.split, lines)}


@pytest.mark.usefixtures("with_disk")
def test_sqlite_waits_for_the_disk_and_postgres_is_not_told_otherwise(
    empty_database: Database,
) -> None:
    def setting(statement: str) -> object:
        return empty_database.execute_sql(statement).fetchone()[0]

    migrate(empty_database)
    with empty_database.connection_context():
        if isinstance(empty_database, SqliteDatabase):
            assert setting("PRAGMA journal_mode") == "wal"
            assert setting("PRAGMA synchronous") == 2
            assert setting("PRAGMA foreign_keys") == 1
        else:
            for name in ("synchronous_commit", "fsync"):
                source = f"SELECT source FROM pg_settings WHERE name = '{name}'"
                assert setting(source) == "configuration file", "not of our connection"


def test_migrating_again_changes_nothing(empty_database: Database) -> None:
    assert migrate(empty_database)[0] == "0001_first_tables"
    with empty_database.connection_context():
        before = empty_database.get_tables()
    assert migrate(empty_database) == []
    with empty_database.connection_context():
        assert empty_database.get_tables() == before
