"""The postman: brings what waits in the outbox to the mail server, again and again if he must."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from smtplib import SMTPException, SMTPServerDisconnected
from threading import Event, Thread

from peewee import Database, DatabaseError, InterfaceError

from widget_backend.mail.sending import Carrier, Refused, Send
from widget_backend.store.outbox import Waiting, put_off, settle, take

PAUSES = (60, 300, 1800, 7200, 21_600, 43_200, 86_400)
"""Seconds to the next try after each that failed: two days in all, then the message is given up."""

ROUND = 1.0
"""Seconds between two looks into the outbox: somebody may be waiting for a code."""

log = logging.getLogger(__name__)


def deliver(database: Database, carrier: Carrier, now: int) -> int:
    """Send what is due; returns how many were sent. What cannot be sent is put off."""
    waiting = take(database, now)
    if not waiting:
        return 0
    sent = 0
    try:
        with carrier.open() as send:
            while waiting:
                sent += _deliver_one(database, send, waiting[0], now)
                waiting.pop(0)
    except (SMTPException, OSError) as error:
        log.warning("the mail server cannot be reached: %s", type(error).__name__)
        for each in waiting:
            _put_off(database, each, now)
    return sent


def _deliver_one(database: Database, send: Send, waiting: Waiting, now: int) -> bool:
    """Raises what ends the whole conversation; what concerns this message only is settled here."""
    try:
        send(waiting.recipient, waiting.message)
    except SMTPServerDisconnected:
        raise
    except Refused:
        log.warning("message %s was refused for good", waiting.id)
        settle(database, waiting, None)
    except SMTPException:
        _put_off(database, waiting, now)
    else:
        settle(database, waiting, now)
        return True
    return False


def _put_off(database: Database, waiting: Waiting, now: int) -> None:
    if waiting.attempts < len(PAUSES):
        put_off(database, waiting, now + PAUSES[waiting.attempts])
        return
    log.warning("message %s was given up after %s tries", waiting.id, waiting.attempts + 1)
    settle(database, waiting, None)


@contextmanager
def going_round(
    database: Database, carrier: Carrier, clock: Callable[[], datetime]
) -> Iterator[None]:
    """Somebody looks into the outbox, in a thread of their own, until the block ends."""
    stopped = Event()

    def rounds() -> None:
        while not stopped.is_set():
            if not _round(database, carrier, clock):
                stopped.wait(ROUND)

    thread = Thread(target=rounds, name="postman", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stopped.set()
        thread.join()


def _round(database: Database, carrier: Carrier, clock: Callable[[], datetime]) -> int:
    """How many were sent; whatever goes wrong in one round, there is a next one."""
    try:
        with database.connection_context():
            return deliver(database, carrier, int(clock().timestamp()))
    except (DatabaseError, InterfaceError) as error:
        log.warning("the outbox cannot be read: %s", type(error).__name__)
        return 0
