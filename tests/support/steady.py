"""Transactions of one size, so that a test knows where one ends."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from widget_backend.contacts.pace import MOST, Pace


class Steady(Pace):
    """Always so many entries to a transaction, and no room: where nobody else is about."""

    def __init__(self, size: int = MOST) -> None:
        super().__init__()
        self.size = size

    @contextmanager
    def turn(self) -> Iterator[None]:
        yield

    @contextmanager
    def work(self) -> Iterator[None]:
        yield
