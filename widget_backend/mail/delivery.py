"""The postman: brings what waits in the outbox to the mail server, again and again if he must."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from threading import Event, Thread

from peewee import Database

from widget_backend.mail.transports import Carrier, Refused, Send
from widget_backend.store.outbox import Waiting, give_back, put_off, settle, take
from widget_backend.store.retention import tidy

PAUSES = (60, 300, 1800, 7200, 21_600, 43_200, 86_400)
"""Seconds to the next try after each that failed: two days in all, then the message is given up."""

ROUND = 1.0
"""Seconds between two looks into the outbox: somebody may be waiting for a code."""

TIDYING = 3600
"""Seconds between two times of tidying."""

PARTING = 10
"""Seconds for the message that is being sent when the server stops: a mail server may be silent."""

log = logging.getLogger(__name__)


def deliver(
    database: Database,
    carrier: Carrier,
    now: int,
    must_stop: Callable[[], bool] = lambda: False,
) -> int:
    """Send what is due; returns how many were sent. What cannot be sent is put off.

    A message that breaks the conversation is put off alone; the rest goes on in another one. Who
    `must_stop` does so between two messages, and the rest waits on.
    """
    waiting = take(database, now)
    sent = 0
    while waiting and not must_stop():
        before = len(waiting)
        try:
            with carrier.open() as send:
                while waiting and not must_stop():
                    sent += _deliver_one(database, send, waiting.pop(0), now)
        except Exception as error:
            log.warning("a conversation with the mail server ended: %s", type(error).__name__)
            if len(waiting) == before:  # nobody at the door
                for each in waiting:
                    _put_off(database, each, now)
                return sent
    give_back(database, waiting, now)
    return sent


def _deliver_one(database: Database, send: Send, waiting: Waiting, now: int) -> bool:
    """Raises whatever went wrong, after the message was put off."""
    try:
        send(waiting.recipient, waiting.message)
    except Refused:
        log.warning("message %s was refused for good", waiting.id)
        settle(database, waiting, None)
        return False
    except Exception:
        _put_off(database, waiting, now)
        raise
    settle(database, waiting, now)
    return True


def _put_off(database: Database, waiting: Waiting, now: int) -> None:
    if waiting.attempts < len(PAUSES):
        put_off(database, waiting, now + PAUSES[waiting.attempts])
        return
    log.warning("message %s was given up after %s tries", waiting.id, waiting.attempts + 1)
    settle(database, waiting, None)


def ask(carrier: Carrier) -> None:
    """Hear what the mail server can before the first message: forms refuse what it cannot take."""
    try:
        with carrier.open():
            pass
    except Exception as error:
        # Not worth a line on its own: the first message that cannot be sent has one.
        log.info("the mail server could not be asked: %s", type(error).__name__)


@contextmanager
def going_round(
    database: Database, carrier: Carrier, clock: Callable[[], datetime]
) -> Iterator[None]:
    """Somebody looks into the outbox, and tidies once an hour, in a thread of their own, until the
    block ends."""
    stopped = Event()

    def rounds() -> None:
        tidy_at = 0
        ask(carrier)
        while not stopped.is_set():
            sent = _round(database, carrier, clock, stopped.is_set)
            tidy_at = tidy_when_due(database, clock, tidy_at)
            if not sent:
                stopped.wait(ROUND)

    thread = Thread(target=rounds, name="postman", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stopped.set()
        thread.join(PARTING)


def _round(
    database: Database,
    carrier: Carrier,
    clock: Callable[[], datetime],
    must_stop: Callable[[], bool],
) -> int:
    """How many were sent; whatever goes wrong in one round, there is a next one."""
    try:
        with database.connection_context():
            return deliver(database, carrier, int(clock().timestamp()), must_stop)
    except Exception as error:
        log.warning("the outbox cannot be read: %s", type(error).__name__)
        return 0


def tidy_when_due(database: Database, clock: Callable[[], datetime], due: int) -> int:
    """One step of tidying at its time; returns when the next is due, in seconds since 1970.

    That is at once while there is more to do: mail goes out in between.
    """
    now = int(clock().timestamp())
    if now < due <= now + TIDYING:
        return due
    try:
        with database.connection_context():
            return now if tidy(database, now) else now + TIDYING
    except Exception as error:
        log.warning("tidying failed, and is tried again in an hour: %s", type(error).__name__)
        return now + TIDYING
