"""A Unix socket: the proxy that asks there is believed, and nobody's server loses its file."""

from __future__ import annotations

import os
import socket
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.support.serving import serving
from widget_backend.errors import SettingInvalid
from widget_backend.server.unix_socket import MODE, UnixSocket, bind

REQUEST = b"GET / HTTP/1.1\r\nX-Forwarded-For: 192.0.2.9, 203.0.113.7\r\nConnection: close\r\n\r\n"
BY_THE_PROXY = "asked by 203.0.113.7."


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "widget.sock"


def who_asks(environ: dict[str, Any], start_response: Any) -> list[bytes]:
    start_response("200 OK", [])
    return [f"\r\nasked by {environ['REMOTE_ADDR']}.".encode()]


def ask(one: socket.socket) -> str:
    one.sendall(REQUEST)
    with one.makefile("rb") as answer:
        return answer.read().decode().rpartition("\r\n")[2]


def ask_at(path: Path) -> str:
    with socket.socket(socket.AF_UNIX) as one:
        one.connect(str(path))
        return ask(one)


def test_who_asks_by_the_socket_is_believed_and_who_asks_by_the_port_is_not(path: Path) -> None:
    with serving(who_asks, socket_path=path) as port:
        assert ask_at(path) == BY_THE_PROXY
        with socket.create_connection(("127.0.0.1", port)) as one:
            assert ask(one) == "asked by 127.0.0.1."


def test_only_the_user_and_the_group_of_the_server_may_ask(path: Path) -> None:
    with serving(who_asks, socket_path=path):
        assert stat.S_IMODE(path.stat().st_mode) == MODE == 0o660


def test_the_file_is_gone_once_the_server_is(path: Path) -> None:
    with serving(who_asks, socket_path=path):
        pass
    assert not path.exists()


def test_the_file_of_a_server_that_was_killed_is_replaced(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as killed:
        killed.bind(str(path))
    assert path.is_socket()
    with serving(who_asks, socket_path=path):
        assert ask_at(path) == BY_THE_PROXY


def test_a_server_that_listens_keeps_its_file(path: Path) -> None:
    with serving(who_asks, socket_path=path):
        with pytest.raises(SettingInvalid) as refused:
            bind(path)
        line = f"WIDGET_SOCKET: {path} is used by another program, which listens there. "
        other = path.with_name("widget-2.sock")
        cure = f"end that one, or choose another path, as WIDGET_SOCKET={other}."
        assert str(refused.value) == line + cure
        assert ask_at(path) == BY_THE_PROXY


def test_a_server_that_is_too_busy_to_answer_keeps_its_file(path: Path) -> None:
    with UnixSocket(path) as busy, socket.socket(socket.AF_UNIX) as waiting:
        busy.listen(0)
        waiting.connect(str(path))
        with pytest.raises(SettingInvalid, match="is used by another program"):
            bind(path)


OTHERS: dict[str, Callable[[Path], object]] = {
    "a file": lambda path: path.write_text("precious"),
    "a folder": lambda path: path.mkdir(),
    "a link to nowhere": lambda path: path.symlink_to("nowhere"),
    "a pipe": lambda path: os.mkfifo(path),
}


@pytest.mark.parametrize("what", OTHERS)
def test_whatever_else_is_there_is_left_alone(path: Path, what: str) -> None:
    OTHERS[what](path)
    before = os.lstat(path)
    with pytest.raises(SettingInvalid, match=r"is there, and no socket\. name another file"):
        bind(path)
    assert os.path.samestat(os.lstat(path), before)


def test_a_server_that_stops_leaves_the_file_of_the_next_one(path: Path) -> None:
    first = bind(path)
    path.unlink()
    second = bind(path)
    first.close()
    assert path.is_socket()
    second.close()
    assert not path.exists()
