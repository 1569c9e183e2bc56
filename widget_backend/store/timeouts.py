"""How long a request waits for the database in all, and when the database is not asked at all.

A database may be frozen, or held by another program. Then everybody gets an error within seconds,
and those who come meanwhile get it at once, so that no thread is held longer than the first one.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from math import inf
from threading import Lock
from time import monotonic
from typing import Any, TypeVar

from peewee import PeeweeException

from widget_backend.errors import DatabaseUnavailable
from widget_backend.store.database_errors import Kind, fault_of

T = TypeVar("T")
log = logging.getLogger(__name__)

OF_A_REQUEST = 8.0
"""Seconds; longer than PostgreSQL and SQLite wait for a lock that somebody else holds."""
BETWEEN_TRIES = 1.0
"""Seconds for which a database that did not answer is not asked again."""

_until: ContextVar[float] = ContextVar("until", default=inf)


def left() -> float:
    """Seconds for which the database may still be waited for; infinite outside of requests."""
    return max(0.0, _until.get() - monotonic())


def begin_request() -> None:
    _until.set(monotonic() + OF_A_REQUEST)


def end_request() -> None:
    _until.set(inf)


@contextmanager
def at_most(seconds: float) -> Iterator[None]:
    """The block waits for the database for at most that many seconds."""
    token = _until.set(min(_until.get(), monotonic() + seconds))
    try:
        yield
    finally:
        _until.reset(token)


class Failures:
    """When a database was tried in vain, so that nobody tries again at once."""

    def __init__(self, kind: Kind) -> None:
        self._kind = kind
        self._failed_at = -inf

    @property
    def has_failed(self) -> bool:
        return self._failed_at > -inf

    def failed(self) -> None:
        self._failed_at = monotonic()

    def opened(self) -> None:
        self._failed_at = -inf

    def refuse_if_tried(self) -> None:
        """Raises DatabaseUnavailable while it is too early to try again."""
        if monotonic() < self._failed_at + BETWEEN_TRIES:
            raise DatabaseUnavailable(self._kind, "it has just been tried in vain")


class Gate(Failures):
    """Where threads wait for each other before they may try what can take long.

    After somebody has tried in vain, nobody tries for a while, and then one at a time: all others
    are refused at once.
    """

    def __init__(self, kind: Kind) -> None:
        super().__init__(kind)
        self._lock = Lock()

    @contextmanager
    def passing(self) -> Iterator[None]:
        """Raises DatabaseUnavailable when it would be in vain, or takes too long."""
        seconds = 0.0 if self.has_failed else left()
        if not self._lock.acquire(timeout=-1 if seconds == inf else seconds):
            raise DatabaseUnavailable(self._kind, "others wait for it already")
        try:
            self.refuse_if_tried()
            yield
        finally:
            self._lock.release()


def telling(call: Callable[..., T], *arguments: Any, **more: Any) -> T:
    """What the call returns. Raises DatabaseUnavailable for what no program can mend."""
    try:
        return call(*arguments, **more)
    except PeeweeException as error:
        fault = fault_of(error)
        if fault is None or fault.kind == "repeated":
            raise
        raise DatabaseUnavailable(fault.kind, fault.text) from error
