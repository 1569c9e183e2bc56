"""Exports while others write, and exports that end on the way: nothing is skipped, or half."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any

import psycopg
import pytest
from peewee import Database

from tests.support.contacts import ARTA, BEN, NEWS, Run, arta, found, say, table_of
from tests.support.exports import Told, names, objects
from widget_backend.store import changes, people
from widget_backend.store.database import write_transaction
from widget_backend.store.deliverability import mark_undeliverable
from widget_backend.store.erasure import forget

postgres_only = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
LOGS = {
    "ledger": (
        "INSERT INTO ledger (site, profile_key, revision, at, door, wording, language, digest) "
        "VALUES ('shop', %s, 99, 1, 'hosted', 'w', 'en', 'd')"
    ),
    "otherchange": "INSERT INTO otherchange (site, profile_key) VALUES ('shop', %s)",
}


@contextmanager
def uncommitted(database: Database, url: str, log: str) -> Iterator[psycopg.Connection[Any]]:
    """A transaction that has written a row about Arta, and stays open."""
    with psycopg.connect(url) as connection:
        connection.execute(LOGS[log], [arta(database).profile.ledger_key])
        yield connection


def until_waiting(database: Database, log: str, exporting: Future[Any]) -> None:
    """Until the export waits for a lock of this table, or does not."""
    waiting = f"SELECT 1 FROM pg_locks WHERE NOT granted AND relation = '{log}'::regclass"
    while not exporting.done() and not database.execute_sql(waiting).fetchone():
        pass


def bounce(database: Database, email: str) -> None:
    with write_transaction(database):
        mark_undeliverable(database, found(database, email)[email].profile.id, 1, 1)


def speak(database: Database, email: str) -> None:
    say(database, {"language": "sq"}, email=email)


@postgres_only
@pytest.mark.parametrize(("log", "change"), [("ledger", speak), ("otherchange", bounce)])
def test_a_row_that_commits_late_with_a_lower_number_is_never_skipped(
    run: Run,
    database: Database,
    database_url: str,
    cursor: str,
    site_file: Path,
    told: Told,
    log: str,
    change: Callable[[Database, str], None],
) -> None:
    command = ("export", site_file, "--cursor", cursor, "--format", "ndjson")
    with ThreadPoolExecutor(1) as pool, uncommitted(database, database_url, log) as late:
        change(database, BEN)  # has a higher number, and commits first
        exporting = pool.submit(run, *command)
        until_waiting(database, log, exporting)
        late.commit()
        result = exporting.result()
    *entries, last = map(json.loads, result.stdout.splitlines())
    assert names(entries) + names(told(last["cursor"])) == [ARTA, BEN]


@postgres_only
@pytest.mark.parametrize("log", LOGS)
def test_an_export_that_waits_in_vain_leaves_the_cursor_and_lets_people_save(
    run: Run,
    database: Database,
    database_url: str,
    cursor: str,
    site_file: Path,
    tmp_path: Path,
    log: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(changes, "TRIES", 2)
    monkeypatch.setattr(changes, "LOCKED", 0.02)
    monkeypatch.setattr(changes, "BETWEEN", 0.0)
    kept, out = tmp_path / "cursor", tmp_path / "out.csv"
    kept.write_text(cursor)
    with uncommitted(database, database_url, log):
        result = run("export", site_file, "--cursor-file", kept, "-o", out)
        assert result.exit_code == 1
        (line,) = result.stderr.splitlines()
        assert line.startswith("WIDGET_DATABASE_URL: ")
        assert line.endswith("then run the command again.")
        say(database, {"language": "sq"}, email=BEN)
    assert (kept.read_text(), out.exists()) == (cursor, False)
    assert run("export", site_file, "--cursor-file", kept, "-o", out).exit_code == 0
    assert [row["email"] for row in table_of(out.read_text())] == [ARTA, BEN]


# ── each person as of one moment ────────────────────────────────────────────────────────────


def test_a_save_during_an_export_is_in_it_as_a_whole_or_not_at_all(
    run: Run,
    database: Database,
    cursor: str,
    site_file: Path,
    told: Told,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ask = people._CHOICES.run

    def somebody_saves(database: Database, **values: Any) -> Any:
        with ThreadPoolExecutor(1) as pool:
            pool.submit(say_both, database).result()
        return ask(database, **values)

    with monkeypatch.context() as patch:
        patch.setattr(people._CHOICES, "run", somebody_saves)
        (row, _, last) = objects(run, site_file, "--cursor", "start")
    assert "language" not in row
    assert "news" not in row["topics"]
    (row,) = told(last["cursor"])
    assert row["language"] == "sq"
    assert row["topics"]["news"]["on"]


def say_both(database: Database) -> None:
    with database.connection_context():
        say(database, {"language": "sq", "topic:news": NEWS})


def test_who_is_erased_while_they_are_exported_is_told_as_erased(
    run: Run, database: Database, cursor: str, site_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = arta(database).profile
    speak(database, ARTA)
    ask = people._NAMED.run

    def they_are_erased(database: Database, **values: Any) -> Any:
        forget(database, {person.id: person.ledger_key})
        return ask(database, **values)

    monkeypatch.setattr(people, "_one_moment", lambda _: nullcontext())
    monkeypatch.setattr(people._NAMED, "run", they_are_erased)
    (entry, _) = objects(run, site_file, "--cursor", cursor)
    assert entry == {"person": person.ledger_key, "erased": True}


# ── ended on the way ────────────────────────────────────────────────────────────────────────

PAUSING = """
import sys
from widget_backend.contacts.exports import CsvOutput
from widget_backend.cli import main
add = CsvOutput.add
def pause(self, people):
    add(self, people)
    print("half", flush=True)
    sys.stdin.read()
CsvOutput.add = pause
main()
"""
Start = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def start(database_url: str) -> Start:
    """An export in a process of its own, which pauses when it has written people."""

    def begin(*arguments: Any) -> subprocess.Popen[str]:
        command = [sys.executable, "-c", PAUSING, "export", *map(str, arguments)]
        settings = {**os.environ, "WIDGET_DATABASE_URL": database_url}
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        process = subprocess.Popen(command, env=settings, text=True, **pipes)
        assert process.stdout
        assert process.stdout.readline() == "half\n"
        return process

    return begin


def test_an_export_that_is_killed_leaves_the_file_and_the_cursor_of_the_one_before(
    run: Run, database: Database, cursor: str, site_file: Path, tmp_path: Path, start: Start
) -> None:
    kept, out = tmp_path / "cursor", tmp_path / "out.csv"
    kept.write_text(cursor)
    out.write_text("the day before")
    speak(database, ARTA)
    with start(site_file, "--cursor-file", kept, "-o", out) as process:
        process.kill()
        process.communicate()
    assert (kept.read_text(), out.read_text()) == (cursor, "the day before")
    assert run("export", site_file, "--cursor-file", kept, "-o", out).exit_code == 0
    assert [row["email"] for row in table_of(out.read_text())] == [ARTA]


def test_two_exports_of_the_same_file_at_once_leave_one_of_them_whole(
    run: Run, cursor: str, site_file: Path, tmp_path: Path, start: Start
) -> None:
    out = tmp_path / "out.csv"
    with start(site_file, "-o", out) as process:
        assert run("export", site_file, "-o", out, "--fields", "email").exit_code == 0
        assert out.read_text() == f"email\n{ARTA}\n{BEN}\n"
        process.communicate("")
        assert process.returncode == 0
    assert out.read_bytes() == run("export", site_file).stdout_bytes
    assert [*tmp_path.glob("*.part")] == []


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has one")
@pytest.mark.parametrize("to", [["-o", "/dev/full"], []])
def test_a_full_disk_leaves_the_cursor_as_it_was(
    database: Database, database_url: str, cursor: str, site_file: Path, tmp_path: Path,
    to: list[str],
) -> None:  # fmt: skip
    kept = tmp_path / "cursor"
    kept.write_text(cursor)
    speak(database, ARTA)
    program = "from widget_backend.cli import main; main()"
    command = [sys.executable, "-c", program, "export", site_file, "--cursor-file", kept, *to]
    settings = {**os.environ, "WIDGET_DATABASE_URL": database_url}
    with Path("/dev/full").open("wb") as full:
        result = subprocess.run(
            command, env=settings, stdout=full, stderr=subprocess.PIPE, text=True
        )
    assert result.returncode == 1
    (line,) = result.stderr.splitlines()
    assert "cannot be written: no space left on device" in line
    assert kept.read_text() == cursor
    assert [each.name for each in tmp_path.glob("cursor*")] == ["cursor"]
