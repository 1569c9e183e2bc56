"""A server as `serve` has it, on a port of its own."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from socket import socket

from waitress import wasyncore

from widget_backend.demo.run import DIMORA
from widget_backend.server import unix_socket
from widget_backend.server.listener import bind, listen
from widget_backend.site.load import load_site

SITE = load_site(DIMORA / "SITE.toml")
KEY = "k" * 32


@contextmanager
def serving(
    app: object,
    trusted_proxy: str = "",
    socket_path: Path | None = None,
    sockets: Sequence[socket] = (),
) -> Iterator[int]:
    """A server on a port of its own, or at sockets handed over, until the block ends."""
    own = [] if sockets else _own(socket_path)
    server = listen(app, sockets or own, trusted_proxy=trusted_proxy)
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        yield server.effective_port
    finally:
        # In the server's own thread: it must not wait on what is closed under its hands. It may be
        # awake already, and have closed the trigger before it is pulled.
        with suppress(OSError):
            server.trigger.pull_trigger(lambda: wasyncore.close_all(server._map, ignore_all=True))
        thread.join()
        server.task_dispatcher.shutdown()


def _own(path: Path | None) -> list[socket]:
    return [bind(0, "WIDGET_PORT"), *([unix_socket.bind(path)] if path else [])]
