"""Kinds of work that wait in the database until somebody does them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from peewee import Database

from widget_backend.mail.delivery import ask_capabilities, deliver
from widget_backend.mail.transports import Transport

MustStop = Callable[[], bool]


@dataclass(frozen=True)
class Work:
    """One kind of work.

    `run` does what is due at a time, in seconds since 1970, and returns how much it did; between
    two pieces it asks whether it must stop. `prepare` is called once, before everything else.
    `failure` is what the log says when `run` raises an error.
    """

    failure: str
    run: Callable[[Database, int, MustStop], int]
    prepare: Callable[[], object] = lambda: None


def email(transport: Transport) -> Work:
    """Sends the messages of the outbox."""
    return Work(
        failure="the outbox cannot be read",
        run=lambda database, now, must_stop: deliver(database, transport, now, must_stop),
        prepare=lambda: ask_capabilities(transport),
    )
