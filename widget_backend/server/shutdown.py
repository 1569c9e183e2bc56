"""Shutdown: after a signal, requests that have arrived are still answered, and no others."""

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
from waitress.server import BaseWSGIServer

DRAIN_TIMEOUT = 20
"""Seconds that running requests have to finish."""
FIRST_WORDS_TIMEOUT = 1
"""Seconds that a new connection has to bring a request: a proxy that has just connected is about
to send one, and does not send it again once it has."""
LOOK_INTERVAL = 0.2
"""Seconds between two looks for a signal by a process that serves nobody."""
SIGNALS = (signal.SIGTERM, signal.SIGINT)

log = logging.getLogger(__name__)


def serve_until_stopped(
    server: Any, when_ready: Callable[[], object] = lambda: None, timeout: float = DRAIN_TIMEOUT
) -> None:
    """Serve until SIGTERM or SIGINT. Then accept nothing new, finish what runs, and return.

    `when_ready` is called as soon as a signal has this effect. Requests that take longer than
    `timeout` seconds are cut off. A second signal ends the process at once. Must be called in the
    main thread.
    """
    with _stop_signal(server.pull_trigger) as stop_signal:
        when_ready()
        while not stop_signal.is_set():
            _poll(server, 1)
        _drain(server, deadline=time.monotonic() + timeout)


def wait_until_stopped(when_ready: Callable[[], object] = lambda: None) -> None:
    """The same for a process that serves nobody: return at SIGTERM or SIGINT."""
    with _stop_signal(lambda: None) as stop_signal:
        when_ready()
        # To wait for the event itself would lock what the handler of the signal must lock, too.
        while not stop_signal.is_set():
            time.sleep(LOOK_INTERVAL)


@contextmanager
def _stop_signal(wake: Callable[[], object]) -> Iterator[threading.Event]:
    """An event that the first signal sets, waking the loop; the second ends the process."""
    stop_signal = threading.Event()

    def handle(number: int, _frame: FrameType | None) -> None:
        if stop_signal.is_set():
            signal.signal(number, signal.SIG_DFL)
            signal.raise_signal(number)
        stop_signal.set()
        wake()

    previous = {number: signal.signal(number, handle) for number in SIGNALS}
    try:
        yield stop_signal
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)


def _poll(server: Any, seconds: float) -> None:
    """Receive and send what is possible, waiting for it so long at most."""
    wasyncore.loop(timeout=seconds, use_poll=True, map=server._map, count=1)


def _drain(server: Any, deadline: float) -> None:
    listening = [each for each in server._map.values() if isinstance(each, BaseWSGIServer)]
    for each in listening:
        _accept_pending(each)
        wasyncore.dispatcher.close(each)  # closes only the socket that listens
    _poll(server, 0)  # requests that have arrived but were not read yet are answered too
    while (busy := sum(map(_close_idle, listening))) and time.monotonic() < deadline:
        _poll(server, 0.1)
    if busy:
        log.warning("stopped with %s requests unanswered", busy)
    server.task_dispatcher.shutdown(timeout=0 if busy else 1)
    wasyncore.close_all(server._map, ignore_all=True)


def _accept_pending(server: Any) -> None:
    """Accept everyone who has connected: they may have sent a request, and closing the socket would
    reset their connections."""
    connections = -1
    while connections < len(server.active_channels):
        connections = len(server.active_channels)
        server.handle_accept()


def _close_idle(server: Any) -> int:
    """Close each connection without a request or answer under way; returns how many are left."""
    busy = 0
    for channel in list(server.active_channels.values()):
        if channel.requests or channel.request or channel.total_outbufs_len or _is_new(channel):
            busy += 1
        else:
            channel.handle_close()
    return busy


def _is_new(connection: Any) -> bool:
    age = time.monotonic() - connection.idle_since
    return not connection.has_asked and age < FIRST_WORDS_TIMEOUT
