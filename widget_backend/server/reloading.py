"""Reloading: after SIGHUP the server reads anew what it serves, while it goes on serving."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from queue import SimpleQueue
from threading import Thread

from widget_backend.fault_log import log_fault

STOP_TIMEOUT = 10
"""Seconds that a reload under way has to finish when the server stops."""


@contextmanager
def reloading(reload: Callable[[], object]) -> Iterator[None]:
    """Calls `reload` at SIGHUP, in a thread of its own, until the block ends.

    It never runs twice at a time: signals that come meanwhile have it run once more. A fault in it
    is logged. Must be entered in the main thread.
    """
    number = getattr(signal, "SIGHUP", None)
    if number is None:  # Windows, which has no such signal
        yield
        return
    # Its put, unlike Event.set, may be interrupted by a signal that puts as well.
    asked: SimpleQueue[bool] = SimpleQueue()
    thread = Thread(target=_reload_when_asked, args=(asked, reload), name="reload", daemon=True)
    previous = signal.signal(number, lambda *_: asked.put(True))
    thread.start()
    try:
        yield
    finally:
        asked.put(False)
        thread.join(STOP_TIMEOUT)
        signal.signal(number, previous)


def _reload_when_asked(asked: SimpleQueue[bool], reload: Callable[[], object]) -> None:
    while asked.get():
        while not asked.empty():
            if not asked.get():
                return
        try:
            reload()
        except Exception as error:
            log_fault(error, "reloading")
