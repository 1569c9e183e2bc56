"""Pace: how much of an import stands in one transaction, so that people can save meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from math import inf
from time import monotonic, sleep

from peewee import Database, PostgresqlDatabase

MOST = 500
"""Entries to a transaction, however fast it goes."""
FEWEST = 5
FIRST = 20
REMEMBERED = 50
"""Transactions, some second together: for so long others are taken to be about after one waited."""


class Pace:
    """Fits the size of transactions to the time that they take, and leaves room between them.

    Whoever wants to save waits while a transaction is open (SQLite), or while it holds their own
    row (PostgreSQL). `longest` is the seconds that its work may take; making it durable comes on
    top, and takes as long for few entries as for many. `room` is the seconds between two
    transactions, in which others that wait find the database free. Where others write too, work
    takes half as long, and room is twice as long as the work was: who has `waited` longer than that
    for a turn has waited for somebody.
    """

    def __init__(
        self,
        longest: float = 0.012,
        room: float = 0.003,
        waited: float = 0.002,
        clock: Callable[[], float] = monotonic,
        wait: Callable[[float], None] = sleep,
    ) -> None:
        self.size = FIRST
        self._longest = longest
        self._room = room
        self._waited = waited
        self._clock = clock
        self._wait = wait
        self._asked = clock()
        self._others = 0
        self._took = 0.0

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Around a transaction of at most `size` entries: leaves room after it."""
        self._asked = self._clock()
        yield
        self._wait(max(self._room, 2 * self._took) if self._others else self._room)

    @contextmanager
    def work(self) -> Iterator[None]:
        """Around what is done within the transaction, once it is open: fits `size` to its time."""
        size, begun = self.size, self._clock()
        self._others = (
            REMEMBERED if begun - self._asked > self._waited else max(0, self._others - 1)
        )
        yield
        self._took = max(self._clock() - begun, 0.0001)
        longest = self._longest / 2 if self._others else self._longest
        # Never more than twice as many at once: one quick transaction says little of the next.
        fitting = min(2 * size, round(size * longest / self._took))
        self.size = max(FEWEST, min(MOST, fitting))


def pace_for(database: Database) -> Pace:
    """On PostgreSQL only those wait whose own row is held, and nobody waits for a turn."""
    if isinstance(database, PostgresqlDatabase):
        return Pace(longest=0.06, room=0.001, waited=inf)
    return Pace()
