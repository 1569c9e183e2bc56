"""`worker` sends what `serve --no-worker` leaves; of several, one sends each letter."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from click.testing import CliRunner
from peewee import Database

from tests.support.inboxes import Inbox, listening
from tests.support.processes import COMMAND, free_port
from tests.support.worlds import Clock
from widget_backend.cli import main, serve
from widget_backend.demo.run import DIMORA
from widget_backend.jobs import worker
from widget_backend.jobs.work import email
from widget_backend.jobs.worker import background_worker
from widget_backend.store.database import open_database
from widget_backend.store.models import Job
from widget_backend.store.outbox import OutgoingMessage, enqueue

KEY = "k" * 32
SOON = 60
"""Seconds after which a test gives up; nothing here takes more than a few."""
LETTERS = 60


class Counting(Inbox):
    """Says when so many letters have arrived."""

    def __init__(self, count: int) -> None:
        super().__init__()
        self.count = count
        self.has_all = Event()

    async def handle_DATA(self, *arguments: Any) -> str:  # noqa: N802 - aiosmtpd names it
        answer = await super().handle_DATA(*arguments)
        if len(self.messages) >= self.count:
            self.has_all.set()
        return answer


@contextmanager
def inbox_of(count: int) -> Iterator[Counting]:
    with listening(Counting(count)) as inbox:
        assert isinstance(inbox, Counting)
        yield inbox


def write_letters(database: Database, count: int) -> list[str]:
    """To so many mailboxes, which are returned."""
    addresses = [f"somebody{number}@example.com" for number in range(count)]
    for each in addresses:
        source = f"From: Shop <shop@example.com>\r\nTo: {each}\r\n\r\nKodi\r\n"
        with database.connection_context():
            enqueue(database, OutgoingMessage("dimora", "code", each, source, each), 1)
    return addresses


def left_over(database: Database) -> int:
    with database.connection_context():
        return Job.select().where(Job.due_at.is_null(False)).count(database)


def settings(url: str, mail_port: int = 1) -> dict[str, str]:
    return {
        "WIDGET_SITES": str(DIMORA / "SITE.toml"),
        "WIDGET_DATABASE_URL": url,
        "WIDGET_SMTP_URL": f"smtp://127.0.0.1:{mail_port}",
    }


def test_of_several_workers_one_sends_each_letter(
    closed_database: Database,
    tables: None,
    database_url: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Each with a connection of its own, as separate processes have; also on one SQLite file."""
    monkeypatch.setattr(worker, "POLL_INTERVAL", 0)
    addresses = write_letters(closed_database, LETTERS)
    with inbox_of(LETTERS) as inbox, ExitStack() as workers:
        for _ in range(3):
            own = open_database(database_url)
            workers.callback(getattr(own, "close_all", own.close))
            workers.enter_context(background_worker(own, [email(inbox.transport)], Clock(), ()))
        assert inbox.has_all.wait(SOON)
    assert sorted(inbox.recipients) == sorted(addresses)
    assert left_over(closed_database) == 0


def test_the_command_sends_what_waits_and_reloads_and_stops_at_a_signal(
    closed_database: Database, tables: None, database_url: str
) -> None:
    (address,) = write_letters(closed_database, 1)
    environment = {name: value for name, value in os.environ.items() if "WIDGET" not in name}
    with inbox_of(1) as inbox:
        child = subprocess.Popen(
            [*COMMAND, "worker"],
            env={**environment, **settings(database_url, inbox.port), "PYTHONUNBUFFERED": "1"},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        try:
            assert child.stdout
            assert child.stdout.readline() == "working\n"
            assert inbox.has_all.wait(SOON)
            child.send_signal(signal.SIGHUP)
            assert child.stdout.readline() == "reloaded: dimora\n"
            child.send_signal(signal.SIGTERM)
            output, errors = child.communicate(timeout=SOON)
        finally:
            child.kill()
            child.wait()
    assert (child.returncode, output, errors) == (0, "", "")
    assert inbox.recipients == [address]
    assert left_over(closed_database) == 0


def test_the_command_says_what_it_lacks(tmp_path: Path) -> None:
    nothing = dict.fromkeys(settings(""), "")
    result = CliRunner().invoke(main, ["worker"], env={**nothing, "WIDGET_SIGNING_KEYS": ""})
    names = [line.partition(":")[0] for line in result.stderr.splitlines()]
    assert (result.exit_code, names) == (1, [*nothing])


def test_where_a_worker_sends_no_server_may_say_that_nobody_does() -> None:
    """Its pages would tell that a letter waits which has arrived."""
    result = CliRunner().invoke(main, ["serve", "--no-mail", "--no-worker"], env=settings(""))
    assert result.exit_code == 2
    line = "preference-widget serve: --no-mail and --no-worker contradict each other. "
    assert result.stderr.startswith(line)


@pytest.mark.parametrize(
    ("options", "works", "asks"),
    [
        pytest.param([], True, False, id="by itself"),
        pytest.param(["--no-worker"], False, True, id="for a worker"),
        pytest.param(["--no-mail"], True, False, id="without mail"),
    ],
)
def test_serve_works_itself_unless_a_worker_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, options: list[str], works: bool, asks: bool
) -> None:
    asked, worked = Event(), Event()

    @contextmanager
    def work(*_: object) -> Iterator[None]:
        worked.set()
        yield

    def until_stopped(_server: object, when_ready: Any) -> None:
        when_ready()
        assert asked.wait(SOON if asks else 0) is asks

    monkeypatch.setattr(serve, "background_worker", work)
    monkeypatch.setattr(serve, "ask_capabilities", lambda _: asked.set())
    monkeypatch.setattr(serve, "listen", lambda *_, **__: None)
    monkeypatch.setattr(serve, "serve_until_stopped", until_stopped)
    known = {**settings(f"sqlite:///{tmp_path}/widget.db"), "WIDGET_SIGNING_KEYS": KEY}
    known["WIDGET_PORT"] = str(free_port())
    result = CliRunner().invoke(main, ["serve", *options], env=known)
    assert result.exit_code == 0, result.exception
    assert worked.is_set() is works
    assert ("limits count what this process answers" in result.stderr) is ("--no-worker" in options)
