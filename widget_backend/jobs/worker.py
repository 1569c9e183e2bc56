"""The background worker: a thread that does the work that waits, and what the schedule names."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from threading import Event, Thread

from peewee import Database

from widget_backend.calling import calling
from widget_backend.errors import DatabaseUnavailable
from widget_backend.jobs.schedule import TASKS, Schedule, Task
from widget_backend.jobs.work import MustStop, Work

POLL_INTERVAL = 1.0
"""Seconds between two looks for work: a person may be waiting for an emailed code."""

STOP_TIMEOUT = 10
"""Seconds that the worker has to finish its piece of work: a mail server may be silent."""

AGAIN = 60
"""Seconds after which the log tells a trouble that lasts once more."""

log = logging.getLogger(__name__)


@contextmanager
def background_worker(
    database: Database,
    kinds: Sequence[Work],
    clock: Callable[[], datetime],
    tasks: Sequence[Task] = TASKS,
) -> Iterator[None]:
    """Does this work in a thread of its own until the block ends.

    One step of the schedule follows each round of work, so that neither waits long for the other.
    """
    stopped = Event()

    def run() -> None:
        schedule = Schedule(tasks)
        logged: dict[str, int] = {}
        for work in kinds:
            work.prepare()
        while not stopped.is_set():
            now = int(clock().timestamp())
            done = sum(_run(work, database, now, stopped.is_set, logged) for work in kinds)
            schedule.run_due(database, int(clock().timestamp()))
            if not done:
                stopped.wait(POLL_INTERVAL)

    thread = Thread(target=run, name="worker", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stopped.set()
        thread.join(STOP_TIMEOUT)


def _run(
    work: Work, database: Database, now: int, must_stop: MustStop, logged: dict[str, int]
) -> int:
    """How much was done. An error ends this round only; `logged` is when each was told last."""
    try:
        with database.connection_context():
            return work.run(database, now, must_stop)
    except Exception as error:
        trouble = f"{work.failure}: {_reason(error)}"
        if now - logged.get(trouble, -AGAIN) >= AGAIN:
            log.warning("%s", trouble)
            logged[trouble] = now
        return 0


def _reason(error: Exception) -> str:
    """Without what an error of the database may quote."""
    if isinstance(error, DatabaseUnavailable):
        return f"{error.text}. {calling('doctor --server')} says what to do"
    return type(error).__name__
