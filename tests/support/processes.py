"""`preference-widget serve` in a process of its own."""

from __future__ import annotations

import os
import random
import socket
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress

from tests.support.serving import KEY
from widget_backend.demo.run import DIMORA

COMMAND = [sys.executable, "-c", "from widget_backend.cli import main; main()"]

HANDING_OVER = """
import fcntl, os, sys
high = [fcntl.fcntl(int(each), fcntl.F_DUPFD, 100) for each in sys.argv[1].split()]
for number, each in enumerate(high, 3):
    os.dup2(each, number)
os.environ.update(LISTEN_PID=str(os.getpid()), LISTEN_FDS=str(len(high)))
os.execv(sys.executable, [sys.executable, *sys.argv[2:]])
"""
"""Starts a command as systemd does: the sockets of these numbers are its files from 3 on."""


def with_sockets(command: Sequence[str], sockets: Sequence[socket.socket]) -> list[str]:
    """A command that hands these sockets over to this command. Pass them on with `pass_fds`."""
    numbers = " ".join(str(each.fileno()) for each in sockets)
    return [sys.executable, "-c", HANDING_OVER, numbers, *command[1:]]


PORTS = range(11_000, 32_768)
"""Linux takes the port of a connection that goes out from those above: such a connection could take
a free port before the server does that it was chosen for. Browsers ask no server at 10080."""
MOST_WORKERS = 16
WORKER = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")) % MOST_WORKERS


def free_port() -> int:
    """One that no other worker of this run chooses, whatever seeds the random numbers of tests."""
    ports = PORTS[WORKER::MOST_WORKERS]
    for port in random.SystemRandom().sample(ports, len(ports)):
        with suppress(OSError), socket.create_server(("127.0.0.1", port)):
            return port
    raise AssertionError("no port is free")


@contextmanager
def serve_process(
    url: str, sockets: Sequence[socket.socket] = (), **settings: str
) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """The process, which listens already, and its port. `url` is the database’s.

    Of `sockets`, which are handed over to it, the first has the port.
    """
    port = (
        sockets[0].getsockname()[1] if sockets else int(settings.get("WIDGET_PORT") or free_port())
    )
    usual = {
        "WIDGET_SITES": str(DIMORA / "SITE.toml"),
        "WIDGET_DATABASE_URL": url,
        "WIDGET_SIGNING_KEYS": KEY,
        "WIDGET_SMTP_URL": "smtp://127.0.0.1:1",
        "WIDGET_PORT": str(port) if not sockets else "1",
    }
    command = [*COMMAND, "serve", "--migrate"]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    child: subprocess.Popen[str] = subprocess.Popen(
        with_sockets(command, sockets) if sockets else command,
        pass_fds=[each.fileno() for each in sockets],
        env={**os.environ, **usual, **settings, "PYTHONUNBUFFERED": "1"},
        **pipes,
    )
    try:
        assert child.stdout
        assert child.stdout.readline() == f"listening on http://127.0.0.1:{port}\n"
        yield child, port
    finally:
        child.kill()
        child.communicate()
