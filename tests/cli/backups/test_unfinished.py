"""PostgreSQL: nobody uses a database before the backup is restored to the end."""

from __future__ import annotations

import os
import subprocess
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
from peewee import Database
from playhouse.pool import PooledPostgresqlDatabase

from tests.support.backups import (
    ALONE,
    KEY,
    Restore,
    Run,
    contents_of,
    path_with_programs,
    rewritten,
)
from tests.support.houses import on_postgresql
from tests.support.people import erase_people, person_of
from widget_backend.cli import restore as command
from widget_backend.store.database import open_database
from widget_backend.store.readiness import readiness
from widget_backend.store.suppression_file import SuppressionFile

pytestmark = on_postgresql

REFUSED = (
    "WIDGET_DATABASE_URL: a backup was not restored to the end, and deleted people may be in it. "
    "run restore again, which begins anew.\n"
)
STOPPING_BEFORE_THE_END = """
import sys
from widget_backend.cli import main, restore
def wait(*_):
    print("waits", flush=True)
    sys.stdin.read()
restore.erase_again = wait
main(["restore", *sys.argv[1:]])
"""


@pytest.fixture
def suppressions(run: Run, database: Database, file: Path, kept: SuppressionFile) -> str:
    """A backup was taken, then its only person was deleted: the file that says so."""
    arta = person_of(database, "shop")
    run("backup", file)
    kept.add(erase_people(database, arta))
    return str(kept.path)


@pytest.fixture
def unfinished(suppressions: str, database_url: str, new_url: str, file: Path) -> Iterator[str]:
    """A database in which everything is restored, and nobody is deleted again yet."""
    settings = {
        "WIDGET_DATABASE_URL": new_url,
        "WIDGET_SIGNING_KEYS": KEY,
        "WIDGET_SUPPRESSIONS": suppressions,
        "PATH": path_with_programs(database_url),
        "PYTHONPATH": os.pathsep.join(sys.path),
    }
    program = subprocess.Popen(
        [sys.executable, "-c", STOPPING_BEFORE_THE_END, str(file)],
        env=settings,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert program.stdout
    assert program.stdout.readline() == "waits\n"
    yield new_url
    program.kill()
    program.communicate()


@pytest.fixture
def killed(unfinished: str) -> str:
    """The same, after the connection of the restore ended, as it does when that is killed."""
    with psycopg.connect(unfinished, autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    return unfinished


@pytest.mark.parametrize("line", ["migrate", "backup other.zip"])
def test_no_command_uses_it_before(
    run: Run, unfinished: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, line: str
) -> None:
    monkeypatch.chdir(tmp_path)
    result = run(*line.split(), WIDGET_DATABASE_URL=unfinished)
    assert (result.exit_code, result.stderr) == (1, REFUSED)


def test_a_server_is_not_ready_on_it(unfinished: str) -> None:
    database = open_database(unfinished)
    assert isinstance(database, PooledPostgresqlDatabase)
    with database.connection_context():
        problems = {each.name: each.problem for each in readiness(database, 0, sends_mail=False)}
    database.close_all()
    assert problems["migrations"] == "a backup was not restored to the end"


def test_after_it_was_killed_restore_begins_anew(
    run: Run, suppressions: str, killed: str, file: Path
) -> None:
    assert run("migrate", WIDGET_DATABASE_URL=killed).stderr == REFUSED
    result = run("restore", file, WIDGET_DATABASE_URL=killed, WIDGET_SUPPRESSIONS=suppressions)
    assert result.exit_code == 0, result.stderr
    assert "deleted again: 1." in result.stdout
    assert contents_of(killed)["identity"] == []
    assert run("migrate", WIDGET_DATABASE_URL=killed).stdout == "The database is up to date.\n"


@pytest.fixture
def guest_url(new_url: str) -> Iterator[str]:
    """Of a user who may create tables in `public`, and does not own it."""
    name, parts = f"guest_{uuid.uuid4().hex}", urlsplit(new_url)
    with psycopg.connect(new_url, autocommit=True) as connection:
        connection.execute(f"CREATE ROLE {name} LOGIN PASSWORD 'x'")
        connection.execute(f"GRANT ALL ON SCHEMA public TO {name}")
    host = parts.netloc.rpartition("@")[2]
    yield parts._replace(netloc=f"{name}:x@{host}").geturl()
    with psycopg.connect(new_url, autocommit=True) as connection:
        connection.execute(f"DROP OWNED BY {name}")
        connection.execute(f"DROP ROLE {name}")


def objects_of(url: str) -> object:
    """What is in the schema, and to whom that belongs."""
    with psycopg.connect(url) as connection:
        return connection.execute(
            "SELECT nspowner, nspacl::text,"
            " array(SELECT relname::text FROM pg_class WHERE relnamespace = n.oid ORDER BY 1),"
            " array(SELECT proname::text FROM pg_proc WHERE pronamespace = n.oid ORDER BY 1)"
            " FROM pg_namespace n WHERE nspname = 'public'"
        ).fetchall()


def test_who_does_not_own_the_schema_leaves_nothing_and_reads_what_was_wrong(
    run: Run, suppressions: str, guest_url: str, new_url: str, file: Path, tmp_path: Path
) -> None:
    other = rewritten(file, tmp_path / "other.zip", counts={"profile": 7})
    before = objects_of(new_url)
    result = run("restore", other, ALONE, WIDGET_DATABASE_URL=guest_url)
    assert "has other rows than it says" in result.stderr
    assert objects_of(new_url) == before
    assert run("restore", file, ALONE, WIDGET_DATABASE_URL=guest_url).exit_code == 0


def test_a_fault_while_people_are_deleted_again_leaves_nobody(
    restore: Restore, suppressions: str, new_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> int:
        raise KeyboardInterrupt

    before = objects_of(new_url)
    with monkeypatch.context() as patch:
        patch.setattr(command, "erase_again", fail)
        result = restore(WIDGET_SUPPRESSIONS=suppressions)
    assert result.exit_code == 1
    assert objects_of(new_url) == before


@pytest.mark.parametrize(
    ("kind", "sql"),
    [
        ("view public.mine", "CREATE VIEW mine AS SELECT 1 AS one"),
        ("sequence public.mine", "CREATE SEQUENCE mine"),
        ("function public.mine()", "CREATE FUNCTION mine() RETURNS int LANGUAGE sql AS 'SELECT 1'"),
        ("table public.mine", "CREATE TABLE mine ()"),
    ],
)
def test_what_somebody_else_has_made_in_it_stays(
    restore: Restore, suppressions: str, new_url: str, kind: str, sql: str
) -> None:
    with psycopg.connect(new_url, autocommit=True) as connection:
        connection.execute(sql)
    before = objects_of(new_url)
    result = restore(ALONE)
    assert result.stderr.startswith(f"WIDGET_DATABASE_URL: it is not empty: it has the {kind}. ")
    assert objects_of(new_url) == before


def test_an_extension_is_no_obstacle_and_stays(
    restore: Restore, suppressions: str, new_url: str, file: Path, tmp_path: Path
) -> None:
    with psycopg.connect(new_url, autocommit=True) as connection:
        connection.execute("CREATE FUNCTION mine() RETURNS int LANGUAGE sql AS 'SELECT 1'")
        connection.execute("ALTER EXTENSION plpgsql ADD FUNCTION mine()")
    other = rewritten(file, tmp_path / "other.zip", counts={"profile": 7})
    before = objects_of(new_url)
    restore(ALONE, backup=other)
    assert objects_of(new_url) == before
    assert restore(ALONE).exit_code == 0
