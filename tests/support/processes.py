"""`preference-widget serve` in a process of its own."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from tests.support.serving import KEY
from widget_backend.demo.run import DIMORA

COMMAND = [sys.executable, "-c", "from widget_backend.cli import main; main()"]


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port: int = taken.getsockname()[1]
    return port


@contextmanager
def serve_process(url: str, **settings: str) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """The process, which listens already, and its port. `url` is the database’s."""
    port = free_port()
    usual = {
        "WIDGET_SITES": str(DIMORA / "SITE.toml"),
        "WIDGET_DATABASE_URL": url,
        "WIDGET_SIGNING_KEYS": KEY,
        "WIDGET_SMTP_URL": "smtp://127.0.0.1:1",
        "WIDGET_PORT": str(port),
    }
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    child: subprocess.Popen[str] = subprocess.Popen(
        [*COMMAND, "serve", "--migrate"],
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
