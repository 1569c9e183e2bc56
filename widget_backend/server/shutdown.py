"""Stopping: a signal ends the serving, and whoever has asked before still gets an answer."""

from __future__ import annotations

import logging
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

from waitress import wasyncore

GRACE = 20
"""Seconds in which what runs may end."""
SIGNALS = (signal.SIGTERM, signal.SIGINT)

log = logging.getLogger(__name__)


def serve_until_stopped(
    server: Any, tell: Callable[[], object] = lambda: None, grace: float = GRACE
) -> None:
    """Serve until SIGTERM or SIGINT; then take nothing new, finish what runs, and return.

    `tell` is called once a signal stops it so. What is not done `grace` seconds later is cut. A
    second signal ends the process at once. Must be called in the main thread.
    """
    with _stopping(server) as is_stopping:
        tell()
        while not is_stopping.is_set():
            _round(server, 1)
        _finish(server, time.monotonic() + grace)


@contextmanager
def _stopping(server: Any) -> Iterator[threading.Event]:
    """An event that the first signal sets, waking the server; the second ends the process."""
    is_stopping = threading.Event()

    def stop(number: int, _frame: FrameType | None) -> None:
        if is_stopping.is_set():
            signal.signal(number, signal.SIG_DFL)
            signal.raise_signal(number)
        is_stopping.set()
        server.pull_trigger()

    before = {number: signal.signal(number, stop) for number in SIGNALS}
    try:
        yield is_stopping
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _round(server: Any, seconds: float) -> None:
    """Read and send what there is, waiting for it so long at most."""
    wasyncore.loop(timeout=seconds, use_poll=True, map=server._map, count=1)


def _finish(server: Any, until: float) -> None:
    _accept_who_waits(server)
    wasyncore.dispatcher.close(server)  # of the socket that listens only
    _round(server, 0)  # what was sent before counts as asked
    while (busy := _let_go_of_the_idle(server)) and time.monotonic() < until:
        _round(server, 0.1)
    if busy:
        log.warning("stopped with %s requests unanswered", busy)
    server.task_dispatcher.shutdown(timeout=0 if busy else 1)
    wasyncore.close_all(server._map, ignore_all=True)


def _accept_who_waits(server: Any) -> None:
    """Whoever has connected may have asked already; closing the socket would hang up on them."""
    connections = -1
    while connections < len(server.active_channels):
        connections = len(server.active_channels)
        server.handle_accept()


def _let_go_of_the_idle(server: Any) -> int:
    """Close each connection on which nothing is under way; returns how many there are left."""
    busy = 0
    for channel in list(server.active_channels.values()):
        if channel.requests or channel.request or channel.total_outbufs_len:
            busy += 1
        else:
            channel.handle_close()
    return busy
