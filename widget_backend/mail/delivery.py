"""Delivery: what waits in the outbox goes to the mail server, and is tried again if it must be."""

from __future__ import annotations

import logging
from collections.abc import Callable

from peewee import Database

from widget_backend.mail.transports import PermanentFailure, Send, Transport
from widget_backend.store.outbox import QueuedMessage, claim_due, finish, give_back, retry_later

RETRY_DELAYS = (60, 300, 1800, 7200, 21_600, 43_200, 86_400)
"""Seconds to the next attempt after each that failed: two days in all. Then it is given up."""

UNREACHED = "the mail server cannot be reached (%s): %s letters wait, the first for %s seconds"

log = logging.getLogger(__name__)


def deliver(
    database: Database,
    transport: Transport,
    now: int,
    must_stop: Callable[[], bool] = lambda: False,
) -> int:
    """Send the messages that are due; returns how many were sent. Failures are tried again later.

    If a message breaks the connection, only that message waits; the others go over a new one.
    `must_stop` is asked before each message; those that are left stay in the outbox.
    """
    queue = claim_due(database, now)
    sent = 0
    while queue and not must_stop():
        length = len(queue)
        try:
            with transport.connect() as send:
                while queue and not must_stop():
                    sent += _send_one(database, send, queue.pop(0), now)
        except Exception as error:
            name = type(error).__name__
            if len(queue) < length:
                log.warning("a conversation with the mail server ended: %s", name)
                continue
            first = min(filter(None, map(_delay, queue)), default=0)
            log.warning(UNREACHED, name, length, first)
            for message in queue:
                _retry_later(database, message, now)
            return sent
    give_back(database, queue)
    return sent


def _send_one(database: Database, send: Send, message: QueuedMessage, now: int) -> bool:
    """Whether it was sent. If it may succeed later, raises the error after putting it off."""
    try:
        send(message.recipient, message.message)
    except PermanentFailure:
        log.warning("message %s was refused for good", message.id)
        finish(database, message, None)
        return False
    except Exception:
        _retry_later(database, message, now)
        raise
    finish(database, message, now)
    return True


def _retry_later(database: Database, message: QueuedMessage, now: int) -> None:
    if delay := _delay(message):
        retry_later(database, message, now + delay)
    else:
        log.warning("message %s was given up after %s tries", message.id, message.attempts + 1)
        finish(database, message, None)


def _delay(message: QueuedMessage) -> int:
    """Seconds until it is tried again; 0 if it is not."""
    return RETRY_DELAYS[message.attempts] if message.attempts < len(RETRY_DELAYS) else 0


def ask_capabilities(transport: Transport) -> None:
    """Connect once, so that forms refuse what the mail server cannot take before it is tried."""
    try:
        with transport.connect():
            pass
    except Exception as error:
        # Not a warning: the first message that cannot be sent has one.
        log.info("the mail server could not be asked: %s", type(error).__name__)
