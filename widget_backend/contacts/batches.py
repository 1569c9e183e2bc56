"""Batches: several of something at a time, and as many as one transaction should hold."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import TypeVar

from widget_backend.contacts.pace import Pace

T = TypeVar("T")
R = TypeVar("R")


def in_batches(items: Iterable[T], size: int) -> Iterator[list[T]]:
    iterator = iter(items)
    while batch := list(islice(iterator, size)):
        yield batch


def in_turns(items: Iterable[T], keep: Callable[[list[T]], R], pace: Pace) -> Iterator[R]:
    """What `keep` returns of each batch, which it writes: as many items as the pace allows."""
    iterator = iter(items)
    while batch := list(islice(iterator, pace.size)):
        with pace.turn():
            kept = keep(batch)
        yield kept
