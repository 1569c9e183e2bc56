"""Pace: how much of an import stands in one transaction, so that people can save meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic, sleep

MOST = 500
"""Entries to a transaction, however fast it goes."""
FEWEST = 5
FIRST = 20


class Pace:
    """Fits the size of transactions to the time that they take, and leaves room between them.

    Whoever wants to save waits while a transaction is open (SQLite), or while it holds their own
    row (PostgreSQL). `longest` is the seconds that one may take; `room` those between two, in which
    others that wait find the database free.
    """

    def __init__(
        self,
        longest: float = 0.015,
        room: float = 0.004,
        clock: Callable[[], float] = monotonic,
        wait: Callable[[float], None] = sleep,
    ) -> None:
        self.size = FIRST
        self._longest = longest
        self._room = room
        self._clock = clock
        self._wait = wait
        self._start = clock()

    def begun(self) -> None:
        """To be called once the transaction is open: who waits for a turn keeps nobody waiting."""
        self._start = self._clock()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Around one transaction of at most `size` entries: times it, then waits."""
        size = self.size
        self.begun()
        yield
        took = max(self._clock() - self._start, 0.0001)
        # Never more than twice as many at once: one quick transaction says little of the next.
        fitting = min(2 * size, round(size * self._longest / took))
        self.size = max(FEWEST, min(MOST, fitting))
        self._wait(self._room)


class Steady(Pace):
    """Always so many entries to a transaction, and no room: where nobody else is about."""

    def __init__(self, size: int = MOST) -> None:
        super().__init__()
        self.size = size

    @contextmanager
    def transaction(self) -> Iterator[None]:
        yield
