"""Crowds: very many connections that say nothing, or hardly anything, stop nobody."""

from __future__ import annotations

import socket
import subprocess
import sys
from contextlib import AbstractContextManager, ExitStack
from http.client import HTTPConnection

import pytest

from tests.support.serving import serving
from widget_backend.server import connections, listener
from widget_backend.server.connections import MAX_CHUNKED_BODY
from widget_backend.server.listener import MAX_HEADERS

CROWD = 400
LONG = 12 * 1024 * 1024
"""Bytes of an answer: more than what lies between a server and who does not read."""
SOON = 15
"""Seconds for which a client waits: fewer than those after which a silent connection ends."""


def greet(environment: object, start: object) -> list[bytes]:
    start("200 OK", [("Content-Type", "text/plain"), ("Content-Length", "5")])  # type: ignore[operator]
    return [b"hello"]


def long_answer(environment: object, start: object) -> list[bytes]:
    start("200 OK", [("Content-Length", str(LONG))])  # type: ignore[operator]
    return [b"x" * LONG]


def running(app: object = greet) -> AbstractContextManager[int]:
    return serving(app)


def answer_of(port: int) -> bytes:
    connection = HTTPConnection("127.0.0.1", port, timeout=SOON)
    connection.request("GET", "/")
    content = connection.getresponse().read()
    connection.close()
    return content


SAYING = {
    "nothing": b"",
    "the first letter": b"G",
    "a header without end": b"GET / HTTP/1.1\r\nHost: ",
    "half a form": b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nname=",
}


@pytest.mark.parametrize("what", SAYING)
def test_hundreds_who_say_hardly_anything_stop_nobody(what: str) -> None:
    with running() as port, ExitStack() as crowd:
        for _ in range(CROWD):
            one = crowd.enter_context(socket.create_connection(("127.0.0.1", port), SOON))
            one.sendall(SAYING[what])
        assert answer_of(port) == b"hello"


def test_who_says_nothing_is_sent_away_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listener, "IDLE_TIMEOUT", 0)
    monkeypatch.setattr(listener, "IDLE_CHECK_INTERVAL", 0)
    with running() as port, socket.create_connection(("127.0.0.1", port), SOON) as one:
        assert one.recv(1) == b""


@pytest.mark.parametrize("what", SAYING)
def test_who_says_nothing_makes_room_where_no_more_connections_are_allowed(
    what: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listener, "MAX_CONNECTIONS", 20)
    monkeypatch.setattr(connections, "IDLE_TIMEOUT_WHEN_FULL", 1)
    with running() as port, ExitStack() as crowd:
        for _ in range(40):
            one = crowd.enter_context(socket.create_connection(("127.0.0.1", port), SOON))
            one.sendall(SAYING[what])
        assert answer_of(port) == b"hello"


@pytest.mark.parametrize("what", SAYING)
def test_who_takes_for_ever_is_sent_away_however_often_a_byte_comes(
    what: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "EXCHANGE_TIMEOUT", 0)
    with running() as port, socket.create_connection(("127.0.0.1", port), SOON) as one:
        one.sendall(SAYING[what])
        assert one.recv(1) == b""


def test_who_never_takes_the_answer_is_sent_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "EXCHANGE_TIMEOUT", 0)
    with running(long_answer) as port, socket.create_connection(("127.0.0.1", port), SOON) as one:
        one.sendall(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        assert len(b"".join(iter(lambda: one.recv(65536), b""))) < LONG


def test_a_long_header_is_refused_before_reading_it_costs_anything() -> None:
    with running() as port, socket.create_connection(("127.0.0.1", port), SOON) as one:
        one.sendall(b"GET / HTTP/1.1\r\nHost: " + b"a" * MAX_HEADERS)
        assert one.recv(64).startswith(b"HTTP/1.0 431 ")


IN_CHUNKS = {
    "chunks of one byte": (b"", b"1\r\na\r\n"),
    "a size without end": (b"", b"0"),
    "a chunk with remarks without end": (b"1;", b"a"),
    "a trailer without end": (b"0\r\n", b"a"),
}


@pytest.mark.parametrize("what", IN_CHUNKS)
def test_a_long_body_in_chunks_is_refused_before_reading_it_costs_anything(what: str) -> None:
    begins, goes_on = IN_CHUNKS[what]
    more = goes_on * (MAX_CHUNKED_BODY // len(goes_on) + 1)
    with running() as port, socket.create_connection(("127.0.0.1", port), SOON) as one:
        one.sendall(b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n")
        one.sendall(begins + more)
        assert one.recv(64).startswith(b"HTTP/1.1 413 ")


def test_a_form_in_chunks_is_read() -> None:
    form = b"1000\r\n" + b"a" * 0x1000 + b"\r\n"
    with running() as port, socket.create_connection(("127.0.0.1", port), SOON) as one:
        one.sendall(b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n")
        one.sendall(form * 16 + b"0\r\n\r\n")
        assert one.recv(64).startswith(b"HTTP/1.1 200 ")


# ── open files ──────────────────────────────────────────────────────────────────────────────

ALLOWING = """
import resource, sys
from widget_backend.server.listener import connection_limit
soft, hard = int(sys.argv[1]), int(sys.argv[2])
resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
print(connection_limit(1000), resource.getrlimit(resource.RLIMIT_NOFILE)[0])
"""


@pytest.mark.parametrize(
    ("soft", "hard", "connections", "files"),
    [
        pytest.param(256, 5000, 1000, 2300, id="as many as it takes are asked for"),
        pytest.param(2500, 5000, 1000, 2500, id="what is allowed already stays"),
        pytest.param(256, 1024, 362, 1024, id="fewer connections where no more is allowed"),
        pytest.param(256, 256, 50, 256, id="some there are always"),
    ],
)
def test_a_server_may_open_as_many_files_as_it_has_connections(
    soft: int, hard: int, connections: int, files: int
) -> None:
    command = [sys.executable, "-c", ALLOWING, str(soft), str(hard)]
    child = subprocess.run(command, capture_output=True, text=True, check=True)
    assert child.stdout.split() == [str(connections), str(files)]
    assert child.stderr.startswith("no more than") == (connections < 1000)
    assert child.stderr.count("\n") == (connections < 1000)
