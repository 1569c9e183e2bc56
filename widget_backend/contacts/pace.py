"""Pace: how much of an import one transaction holds, so that people can save at the same time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic, sleep

from peewee import Database

from widget_backend.store.sqlite import SqliteFile

MOST = 500
"""Entries in a transaction, however fast it is."""
FEWEST = 5
FIRST = 20
REMEMBERED = 50
"""Transactions, about a second in all, for which others are assumed to write after one wait."""


class Pace:
    """Adapts the size of transactions to the time that they take, and pauses between them.

    A save waits while a transaction is open (SQLite), or while it locks the person's row
    (PostgreSQL). All times are in seconds. `max_work` is how long the work in a transaction may
    take; the commit comes on top, and takes as long for few entries as for many. `pause` is the
    time between two transactions, in which saves that wait get their turn. If others write too, the
    work takes `max_work_beside`, and the pause twice as long as the work did. Others write if
    `waits_for_others`, which counts these, counts more of them while a transaction begins. How long
    that takes does not tell: it takes long on a busy machine, too.
    """

    def __init__(
        self,
        max_work: float = 0.025,
        max_work_beside: float = 0.006,
        pause: float = 0.003,
        waits_for_others: Callable[[], int] = lambda: 0,
        clock: Callable[[], float] = monotonic,
        wait: Callable[[float], None] = sleep,
    ) -> None:
        self.size = FIRST
        self._max_work = max_work
        self._max_work_beside = max_work_beside
        self._pause = pause
        self._waits_for_others = waits_for_others
        self._clock = clock
        self._wait = wait
        self._waits_before = waits_for_others()
        self._contended = 0
        """For how many more transactions others are assumed to write."""
        self._work_time = 0.0

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Surrounds a transaction of at most `size` entries: pauses after it."""
        self._waits_before = self._waits_for_others()
        yield
        self._wait(max(self._pause, 2 * self._work_time) if self._contended else self._pause)

    @contextmanager
    def work(self) -> Iterator[None]:
        """Surrounds what is done within the transaction, once it is open: adapts `size`."""
        size, began_at = self.size, self._clock()
        has_waited = self._waits_for_others() > self._waits_before
        self._contended = REMEMBERED if has_waited else max(0, self._contended - 1)
        yield
        self._work_time = max(self._clock() - began_at, 0.0001)
        max_work = self._max_work_beside if self._contended else self._max_work
        # At most doubled: one quick transaction says little about the next.
        fitting = min(2 * size, round(size * max_work / self._work_time))
        self.size = max(FEWEST, min(MOST, fitting))


def pace_for(database: Database) -> Pace:
    """On PostgreSQL a save waits only for the person's own row, and no transaction for another."""
    if isinstance(database, SqliteFile):
        return Pace(waits_for_others=lambda: database.writing.waits)
    return Pace(max_work=0.06, pause=0.001)
