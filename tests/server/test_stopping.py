"""Stopping: who has asked before a signal gets an answer, nobody else gets in; the exit is 0."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from peewee import Database, SqliteDatabase

from tests.support.processes import COMMAND, free_port, serve_process
from tests.support.serving import KEY
from widget_backend.links import Link
from widget_backend.signing import Signer
from widget_backend.store.database import write_transaction
from widget_backend.store.models import ConsentRecord
from widget_backend.store.profiles import create_profile

SOON = 60
"""Seconds after which a test gives up; nothing here takes more than a few."""
FORM = "do=off"


@contextmanager
def nobody_may_write(database: Database) -> Iterator[None]:
    """Another connection holds what every save needs, until the block ends."""
    with write_transaction(database):
        if not isinstance(database, SqliteDatabase):
            database.execute_sql("LOCK TABLE profile IN EXCLUSIVE MODE")
        yield


@pytest.fixture
def paths(database: Database) -> list[str]:
    """Of as many people as ask at once: more than there are threads."""
    signer = Signer([KEY])
    people = [create_profile(database, "dimora", 1) for _ in range(6)]
    now = datetime.now(UTC)
    return [
        f"/u/{signer.mint('unsubscribe', Link('dimora', each.handle, 'en'), now)}"
        for each in people
    ]


Connect = Callable[[int], socket.socket]


@pytest.fixture
def connect() -> Iterator[Connect]:
    """Opens connections, which end with the test."""
    with ExitStack() as stack:
        yield lambda port: stack.enter_context(
            socket.create_connection(("127.0.0.1", port), timeout=SOON)
        )


def ask(one: socket.socket, path: str) -> socket.socket:
    """Sends a save and does not wait for the answer."""
    head = f"POST {path} HTTP/1.1\r\nHost: a\r\nContent-Length: {len(FORM)}\r\n"
    one.sendall(f"{head}Content-Type: application/x-www-form-urlencoded\r\n\r\n{FORM}".encode())
    return one


def answer(one: socket.socket) -> bytes:
    """The status line; nothing where the connection was cut."""
    return one.recv(65536).partition(b"\r\n")[0]


def wait_until_refused(port: int) -> None:
    for _ in range(20_000):
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=SOON) as late:
                late.recv(1)  # let go of, or reset, when the server stops listening
        except ConnectionRefusedError:
            return
        except ConnectionResetError:
            continue
    raise AssertionError("the server still listens")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT], ids=["SIGTERM", "SIGINT"])
def test_who_has_asked_before_a_signal_is_answered_and_nobody_after(
    database: Database,
    database_url: str,
    paths: list[str],
    connect: Connect,
    number: signal.Signals,
) -> None:
    with serve_process(database_url) as (server, port):
        with nobody_may_write(database):
            waiting = [ask(connect(port), path) for path in paths]
            idle = connect(port)
            server.send_signal(number)
            wait_until_refused(port)
        assert [answer(one) for one in waiting] == [b"HTTP/1.1 303 SEE OTHER"] * len(paths)
        assert idle.recv(1) == b""
        assert server.wait(SOON) == 0
        assert server.stderr
        # The port is not that of the demo’s links, which is told at the start.
        warning, *lines = server.stderr
        assert warning.startswith("warning: “url”")
        assert all(" POST /u/<token> 303 " in line for line in lines), lines
    assert ConsentRecord.select().count(database) == len(paths)


def test_who_has_asked_by_the_unix_socket_is_answered_as_well(
    database: Database, database_url: str, paths: list[str], connect: Connect, tmp_path: Path
) -> None:
    file = tmp_path / "widget.sock"
    serving = serve_process(database_url, WIDGET_SOCKET=str(file))
    with serving as (server, port), ExitStack() as stack:
        assert server.stdout
        assert server.stdout.readline() == f"listening on {file}, for a proxy\n"
        with nobody_may_write(database):
            waiting = []
            for path in paths:
                one = stack.enter_context(socket.socket(socket.AF_UNIX))
                one.connect(str(file))
                waiting.append(ask(one, path))
            server.send_signal(signal.SIGTERM)
            wait_until_refused(port)
        assert [answer(one) for one in waiting] == [b"HTTP/1.1 303 SEE OTHER"] * len(paths)
        assert server.wait(SOON) == 0
    assert not file.exists()


def test_a_second_signal_ends_it_at_once(
    database: Database, database_url: str, paths: list[str], connect: Connect
) -> None:
    with serve_process(database_url) as (server, port), nobody_may_write(database):
        ask(connect(port), paths[0])
        server.send_signal(signal.SIGTERM)
        wait_until_refused(port)
        server.send_signal(signal.SIGTERM)
        assert server.wait(SOON) == -signal.SIGTERM


def test_an_idle_server_ends_at_once_and_leaves_one_file(tmp_path: Path) -> None:
    with serve_process(f"sqlite:///{tmp_path}/widget.db") as (server, _):
        server.terminate()
        assert server.wait(SOON) == 0
    assert [each.name for each in tmp_path.iterdir()] == ["widget.db"]


def test_the_demo_ends_as_well(tmp_path: Path) -> None:
    ports = {"PORT": str(free_port()), "SHOP_PORT": str(free_port())}
    command = [*COMMAND, "demo", "--folder", str(tmp_path)]
    with subprocess.Popen(
        command, env={**os.environ, **ports, "PYTHONUNBUFFERED": "1"}, stdout=subprocess.PIPE
    ) as demo:
        try:
            assert demo.stdout
            next(line for line in demo.stdout if line.endswith(b"/mail/\n"))
            _wait_until_answered(int(ports["PORT"]))
            demo.terminate()
            assert demo.wait(SOON) == 0
        finally:
            demo.kill()
    assert not list(tmp_path.glob("preview.db-*"))


def _wait_until_answered(port: int) -> None:
    with socket.create_connection(("127.0.0.1", port), timeout=SOON) as one:
        one.sendall(b"GET /widget/v1.js HTTP/1.1\r\nHost: a\r\n\r\n")
        assert answer(one) == b"HTTP/1.1 200 OK"
