"""Sockets handed over: the server takes them, and whoever connects while it restarts is served."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from http.client import HTTPConnection
from pathlib import Path

import pytest

from tests.support.processes import COMMAND, serve_process, with_sockets
from tests.support.serving import serving
from tests.support.systems import program
from widget_backend.config import Settings
from widget_backend.errors import SettingInvalid
from widget_backend.server.handed_over import handed_over, where

SOON = 60
HEALTH = b"GET /healthz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"


@contextmanager
def listening_at(path: Path) -> Iterator[socket.socket]:
    with socket.socket(socket.AF_UNIX) as one:
        one.bind(str(path))
        one.listen()
        yield one


@pytest.fixture
def sockets(tmp_path: Path) -> Iterator[list[socket.socket]]:
    with socket.create_server(("127.0.0.1", 0)) as inet, listening_at(tmp_path / "socket") as unix:
        yield [inet, unix]


def connected(to: socket.socket) -> socket.socket:
    one = socket.socket(to.family)
    one.settimeout(SOON)
    one.connect(to.getsockname())
    return one


def test_who_connects_between_two_servers_is_answered_by_the_second(
    sockets: list[socket.socket], tmp_path: Path
) -> None:
    url = f"sqlite:///{tmp_path}/widget.db"
    with ExitStack() as stack:
        with serve_process(url, sockets) as (first, _):
            assert first.stdout
            path = sockets[1].getsockname()
            assert first.stdout.readline() == f"listening on {path}, for a proxy\n"
            first.send_signal(signal.SIGTERM)
            assert first.wait(SOON) == 0
        waiting = [stack.enter_context(connected(each)) for each in sockets]
        for one in waiting:
            one.sendall(HEALTH)
        with serve_process(url, sockets):
            for one in waiting:
                assert one.recv(100).startswith(b"HTTP/1.1 200 ")
    assert Path(path).is_socket()  # it is not the server's to remove


def test_who_has_just_connected_when_the_server_stops_may_still_ask(tmp_path: Path) -> None:
    """As a proxy does: it connects, and sends the request a moment later."""
    with serve_process(f"sqlite:///{tmp_path}/widget.db") as (server, port):
        answered = HTTPConnection("127.0.0.1", port, timeout=SOON)
        answered.request("GET", "/healthz")
        assert answered.getresponse().read() == b"ok\n"
        with socket.create_connection(("127.0.0.1", port), SOON) as new:
            server.send_signal(signal.SIGTERM)
            assert answered.sock
            assert answered.sock.recv(1) == b""  # it has begun to stop
            new.sendall(HEALTH)
            assert new.recv(100).startswith(b"HTTP/1.1 200 ")
        answered.close()
        assert server.wait(SOON) == 0


def who_asks(environ: dict[str, str], start_response: object) -> list[bytes]:
    start_response("200 OK", [])  # type: ignore[operator]
    return [environ["REMOTE_ADDR"].encode()]


def test_only_by_the_unix_socket_is_the_proxy_believed(sockets: list[socket.socket]) -> None:
    request = b"GET / HTTP/1.1\r\nX-Forwarded-For: 203.0.113.7\r\nConnection: close\r\n\r\n"
    with serving(who_asks, sockets=sockets):
        seen = []
        for each in sockets:
            with connected(each) as one, one.makefile("rb") as answer:
                one.sendall(request)
                seen.append(answer.read().rpartition(b"\r\n")[2].decode())
    assert seen == ["127.0.0.1", "203.0.113.7"]


def test_the_server_says_where_the_sockets_are_and_not_its_settings(
    sockets: list[socket.socket],
) -> None:
    settings = Settings((), "", (), "", host="192.0.2.1", port=1)
    assert where(settings, []) is settings
    both = where(settings, sockets)
    assert (both.host, both.port) == sockets[0].getsockname()
    assert both.socket == Path(sockets[1].getsockname())
    only_unix = where(settings, sockets[1:])
    assert (only_unix.host, only_unix.port) == ("", 0)


def test_what_was_meant_for_another_process_is_left_alone() -> None:
    environment = {"LISTEN_PID": "1", "LISTEN_FDS": "1", "LISTEN_FDNAMES": "a", "HOME": "/"}
    assert handed_over(environment) == []
    assert environment == {"HOME": "/"}


@pytest.mark.parametrize("count", ["", "0", "-1", "one", "١", "1000"])
def test_a_number_of_sockets_that_is_none_is_refused(count: str) -> None:
    with pytest.raises(SettingInvalid, match=f"LISTEN_FDS: “{count}” is no number from 1 to 100"):
        handed_over({"LISTEN_PID": str(os.getpid()), "LISTEN_FDS": count})


@pytest.mark.parametrize("kind", [socket.SOCK_STREAM, socket.SOCK_DGRAM])
def test_a_socket_that_does_not_listen_is_refused_in_one_line(kind: int) -> None:
    """As a unit with Accept=yes, or with ListenDatagram=, hands over."""
    one, other = socket.socketpair(type=kind)
    with one, other:
        command = with_sockets([*COMMAND, "serve"], [one])
        child = subprocess.run(command, pass_fds=[one.fileno()], capture_output=True, text=True)
    assert child.returncode == 1
    (line,) = child.stderr.splitlines()
    assert re.search("LISTEN_FDS: file 3 is no socket that listens .* ListenStream=", line)


def test_systemd_itself_hands_over(tmp_path: Path) -> None:
    path = tmp_path / "socket"
    settings = {
        "WIDGET_SITES": str(Path(__file__).parents[1] / "support" / "kutia"),
        "WIDGET_DATABASE_URL": f"sqlite:///{tmp_path}/widget.db",
        "WIDGET_SIGNING_KEYS": "k" * 32,
    }
    activate = program("systemd-socket-activate", "systemd")
    passed = [f"--setenv={name}={value}" for name, value in settings.items()]
    passed.append(f"--setenv=PYTHONPATH={os.pathsep.join(sys.path)}")
    command = [activate, f"--listen={path}", *passed, *COMMAND, "serve", "--no-mail"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as child:
        try:
            assert child.stderr
            next(line for line in child.stderr if "Listening on" in line)
            with socket.socket(socket.AF_UNIX) as one:
                one.settimeout(SOON)
                one.connect(str(path))
                one.sendall(HEALTH)
                assert one.recv(100).startswith(b"HTTP/1.1 200 ")
            child.terminate()
            assert child.wait(SOON) == 0
        finally:
            child.kill()
