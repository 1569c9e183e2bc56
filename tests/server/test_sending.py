"""Sending answers: the thread that made one sends it, and the loop of the server what is left."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from http.client import HTTPConnection
from threading import Thread

import pytest

from tests.support.serving import serving
from widget_backend.server.connections import Connection
from widget_backend.server.listener import bind, listen

PIECE = b"x" * 1024 * 1024
PIECES = 24
"""More than the server keeps of one answer in memory."""
LITTLE, TOO_MUCH = 1, 17 * 1024 * 1024
"""Bytes that wait to be sent; a thread with too much waits for the loop to send some."""


def pieces(environment: object, start: object) -> Iterator[bytes]:
    start("200 OK", [("Content-Type", "text/plain")])  # type: ignore[operator]
    return iter([PIECE] * PIECES)


@pytest.fixture
def connection() -> Iterator[Connection]:
    server = listen(pieces, [bind(0, "WIDGET_PORT")])
    here, there = socket.socketpair()
    with here, there:
        connection = Connection(server, here, ("127.0.0.1", 1), server.adj, map={})
        connection.requests.append(object())
        yield connection
    server.task_dispatcher.shutdown()
    server.close()


@pytest.mark.parametrize(
    ("waiting", "a_thread_sends", "the_loop_sends"),
    [
        (0, False, False),
        (LITTLE, False, True),
        (LITTLE, True, False),  # or the loop asks again for ever, and takes the thread its time
        (TOO_MUCH, True, True),  # or the thread waits for the loop, and the loop for the thread
    ],
)
def test_the_loop_sends_where_no_thread_does(
    connection: Connection, waiting: int, a_thread_sends: bool, the_loop_sends: bool
) -> None:
    connection.total_outbufs_len = waiting
    asked: list[bool] = []
    loop = Thread(target=lambda: asked.append(connection.writable()))
    if a_thread_sends:
        with connection.outbuf_lock:
            loop.start()
            loop.join()
    else:
        loop.start()
        loop.join()
    assert asked == [the_loop_sends]


def test_an_answer_of_any_length_arrives_whole() -> None:
    with serving(pieces) as port:
        client = HTTPConnection("127.0.0.1", port)
        client.request("GET", "/")
        assert len(client.getresponse().read()) == PIECES * len(PIECE)
        client.close()
