"""Threads that write to one SQLite file, and whose turns a test can arrange."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import copy_context
from typing import Any

from widget_backend.store import timeouts
from widget_backend.store.sqlite import SqliteFile
from widget_backend.store.writing import write


class Threads:
    def __init__(self, database: SqliteFile, pool: ThreadPoolExecutor) -> None:
        self.database = database
        self.pool = pool

    def start(self, action: Callable[[], Any]) -> Future[Any]:
        return self.pool.submit(self._write, action)

    def write_within(self, seconds: float, action: Callable[[], Any]) -> Any:
        with timeouts.at_most(seconds):
            return self.pool.submit(copy_context().run, self._write, action).result()

    def until_waiting(self, count: int) -> None:
        while len(self.database.writing._waiting) < count:
            pass

    def _write(self, action: Callable[[], Any]) -> Any:
        with self.database.connection_context():
            return write(self.database, action)

    @contextmanager
    def waiting(self, *actions: Callable[[], Any]) -> Iterator[list[Future[Any]]]:
        """These wait, in this order, while the block has the turn: they share the next commit."""
        with self.database.writing.alone():
            started = []
            for count, action in enumerate(actions, 1):
                started.append(self.start(action))
                self.until_waiting(count)
            yield started
