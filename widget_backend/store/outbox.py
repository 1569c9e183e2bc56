"""The outbox: messages are written in the transaction of what they tell of, and sent afterwards.

So nothing is promised that is not kept, and nothing is told that was rolled back.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from peewee import Database, PostgresqlDatabase

from widget_backend.rules.email_addresses import for_mail
from widget_backend.store.models import Outbox
from widget_backend.store.writing import write


@dataclass(frozen=True)
class Letter:
    """A message of a site to somebody; `source` is the whole of it, as RFC 5322 has it."""

    site: str
    kind: str
    recipient: str
    source: str


@dataclass(frozen=True)
class Waiting:
    """A message to send: `message` is the whole of it, as RFC 5322 has it."""

    id: int
    recipient: str
    message: str
    attempts: int


def post(database: Database, letter: Letter, at: int) -> None:
    """Put a letter into the outbox, to be sent as soon as the transaction is over."""
    _insert(database, letter, letter.recipient, letter.source, at)


def pretend_to_post(database: Database, letter: Letter, at: int) -> None:
    """The same work for a message to nobody: so that time does not tell who is known here.

    As long as the letter, without whom it names; it goes when what waits is taken to be sent.
    """
    source = letter.source
    for address in (letter.recipient, for_mail(letter.recipient)):
        source = source.replace(address, "x" * len(address))
    _insert(database, letter, None, source, at)


def _insert(
    database: Database, letter: Letter, recipient: str | None, message: str, at: int
) -> None:
    row = {"site": letter.site, "kind": letter.kind, "recipient": recipient, "message": message}
    Outbox.insert(**row, queued_at=at, next_at=at).execute(database)


HELD = 900
"""Seconds for which taken messages are nobody else's: a whole batch at the slowest server."""


def take(database: Database, now: int, most: int = 20) -> list[Waiting]:
    """The messages that are due, for the caller alone; due first, first.

    If the caller dies, they are due again after a while.
    """
    if not _is_any_due(database, now):
        return []  # as almost always: nobody else waits for a lock that is not needed
    query = _due(now).order_by(Outbox.next_at, Outbox.id).limit(most)
    if isinstance(database, PostgresqlDatabase):
        query = query.for_update(skip_locked=True)

    def claim() -> list[Waiting]:
        _drop_pretended(database, now)
        rows = list(query.execute(database))
        if rows:
            mine = Outbox.id.in_([row.id for row in rows])
            Outbox.update(next_at=now + HELD).where(mine).execute(database)
        return [Waiting(row.id, row.recipient, row.message, row.attempts) for row in rows]

    return write(database, claim)


def _due(now: int) -> Any:
    """What is due; never a look at what was settled, of which there are many more."""
    return Outbox.select().where(Outbox.next_at <= now)


def _is_any_due(database: Database, now: int) -> bool:
    return bool(_due(now).exists(database))


def give_back(database: Database, waiting: Sequence[Waiting], now: int) -> None:
    """They were taken and not tried: due again at once."""
    if waiting:
        mine = Outbox.id.in_([each.id for each in waiting])
        write(database, lambda: Outbox.update(next_at=now).where(mine).execute(database))


def _drop_pretended(database: Database, now: int) -> None:
    """Kept for no longer than a letter that is sent."""
    pretended = (Outbox.next_at <= now) & Outbox.recipient.is_null()
    Outbox.update(next_at=None, message=None).where(pretended).execute(database)


def put_off(database: Database, waiting: Waiting, until: int) -> None:
    """It could not be sent; try again then."""
    _update(database, waiting, next_at=until, attempts=waiting.attempts + 1)


def settle(database: Database, waiting: Waiting, sent_at: int | None) -> None:
    """It was sent, or given up (None). That there was a message is kept, what it said is not."""
    _update(database, waiting, next_at=None, recipient=None, message=None, sent_at=sent_at)


def _update(database: Database, waiting: Waiting, **values: object) -> None:
    update = Outbox.update(values).where(Outbox.id == waiting.id)
    write(database, lambda: update.execute(database))
