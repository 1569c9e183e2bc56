"""Opening a database: several processes at once, connections that are given back, bounded waits."""

from __future__ import annotations

import subprocess
import sys

import pytest
from peewee import Database
from playhouse.pool import PooledPostgresqlDatabase

from widget_backend.store.database import migrate, open_database, release
from widget_backend.store.models import Profile

MIGRATE = """
import sys
from widget_backend.store.database import migrate, open_database
database = open_database(sys.argv[1])
print("ready", flush=True)
sys.stdin.readline()
print(len(migrate(database)))
"""


def test_processes_that_start_together_migrate_an_empty_database_once(database_url: str) -> None:
    command = [sys.executable, "-c", MIGRATE, database_url]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    started = [subprocess.Popen(command, text=True, **pipes) for _ in range(4)]  # type: ignore[call-overload]
    for each in started:
        assert each.stdout.readline() == "ready\n"
    for each in started:
        each.stdin.write("go\n")
        each.stdin.flush()
    told = [each.communicate(timeout=60) for each in started]
    assert not any(error for _, error in told), told
    counts = sorted(int(said) for said, _ in told)
    assert counts[:3] == [0, 0, 0]
    assert counts[3] > 0


def test_a_request_gives_its_connection_back(postgres_url: str) -> None:
    database = open_database(postgres_url)
    assert isinstance(database, PooledPostgresqlDatabase)
    migrate(database)
    for _ in range(200):  # more than the pool has
        assert Profile.select().count(database) == 0
        release(database)
    assert len(database._in_use) == 0
    assert len(database._connections) == 1
    database.close_all()


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("lock_timeout", "5s"),
        ("statement_timeout", "1min"),
        ("idle_in_transaction_session_timeout", "30s"),
    ],
)
def test_postgresql_bounds_every_wait(postgres_url: str, setting: str, value: str) -> None:
    database: Database = open_database(postgres_url)
    with database.connection_context():
        ((found,),) = database.execute_sql(f"SHOW {setting}").fetchall()
    assert found == value
    database.close_all()
