"""The outbox: messages are written in the transaction of what they tell of, and sent afterwards.

So nothing is promised that is not kept, and nothing is told that was rolled back.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from peewee import Database, PostgresqlDatabase, fn

from widget_backend.rules.email_addresses import for_mail
from widget_backend.store.models import Job, Profile
from widget_backend.store.prepared import PreparedQuery, parameter
from widget_backend.store.writing import write

PRETENDED = "pretended"
"""The kind of a message to nobody."""


@dataclass(frozen=True)
class OutgoingMessage:
    """A message of a site to somebody; `source` is the whole of it, as RFC 5322 has it.

    `about` is the handle of the profile that the message is about: by it erasing finds what is
    still to be sent. A message to an address that nobody is known by has the handle of nobody.
    """

    site: str
    kind: str
    recipient: str
    source: str
    about: str


@dataclass(frozen=True)
class QueuedMessage:
    """A message to send: `message` is the whole of it, as RFC 5322 has it."""

    id: int
    recipient: str
    message: str
    attempts: int


_FIRST_LINK = PreparedQuery(
    Profile.update(linked_at=parameter("at")).where(
        (Profile.handle == parameter("handle")) & Profile.linked_at.is_null()
    )
)


def note_first_link(database: Database, handle: str, at: int) -> None:
    """Whom this handle names has a link from now on. Must stand in a transaction."""
    _FIRST_LINK.run(database, handle=handle, at=at)


def enqueue(database: Database, message: OutgoingMessage, at: int) -> None:
    """Put a message into the outbox, to be sent as soon as the transaction is over.

    Whom it is about has a link from now on.
    """
    payload = {"recipient": message.recipient, "message": message.source}
    _insert(database, message, message.kind, payload, at)


def pretend_to_enqueue(database: Database, message: OutgoingMessage, at: int) -> None:
    """The same work for a message to nobody, so that time does not tell who is known here.

    It is as long as the message, without the address, and goes when messages are claimed.
    """
    source = message.source
    for address in (message.recipient, for_mail(message.recipient)):
        source = source.replace(address, "x" * len(address))
    payload = {"recipient": "x" * len(message.recipient), "message": source}
    _insert(database, message, PRETENDED, payload, at)


def _insert(
    database: Database, message: OutgoingMessage, kind: str, payload: dict[str, str], at: int
) -> None:
    # Also where the handle is nobody's: the same work.
    note_first_link(database, message.about, at)
    row = {"site": message.site, "kind": kind, "subject": message.about, "payload": payload}
    Job.insert(**row, queued_at=at, due_at=at).execute(database)


def was_enqueued(database: Database, site: str, kind: str, since: int) -> bool:
    """Whether a site has had a message of this kind since then, as long as that is kept."""
    is_meant = (Job.site == site) & (Job.kind == kind) & (Job.queued_at >= since)
    return bool(Job.select().where(is_meant).exists(database))


@dataclass(frozen=True)
class Waiting:
    """How many letters wait, since when the oldest does, and when the first of them is due."""

    count: int
    queued_at: int | None
    due_at: int | None


def waiting(database: Database) -> Waiting:
    """What was not sent yet to somebody, in seconds since 1970."""
    is_waiting = Job.due_at.is_null(False) & (Job.kind != PRETENDED)
    oldest = fn.MIN(Job.queued_at), fn.MIN(Job.due_at)
    (row,) = Job.select(fn.COUNT(Job.id), *oldest).where(is_waiting).tuples().execute(database)
    return Waiting(*row)


class WaitingMessage(NamedTuple):
    """A message that was not sent yet: of which kind, since when, when it is tried next, and how
    often that was done. Times are seconds since 1970."""

    kind: str
    queued_at: int
    due_at: int
    attempts: int


def waiting_for(database: Database, site: str, handle: str) -> list[WaitingMessage]:
    """What a site has still to send about the profile with this handle, oldest first."""
    is_theirs = (Job.site == site) & (Job.subject == handle)
    is_waiting = is_theirs & Job.due_at.is_null(False)
    query = Job.select(Job.kind, Job.queued_at, Job.due_at, Job.attempts).where(is_waiting)
    return [WaitingMessage._make(row) for row in query.order_by(Job.id).tuples().execute(database)]


def texts_waiting(database: Database) -> list[str]:
    """The whole of each message that was not sent yet, in the order in which they go out."""
    is_waiting = Job.due_at.is_null(False) & (Job.kind != PRETENDED)
    query = Job.select(Job.payload).where(is_waiting).order_by(Job.due_at, Job.id)
    return [payload["message"] for (payload,) in query.tuples().execute(database)]


LEASE = 900
"""Seconds for which claimed messages are nobody else's: a whole batch at the slowest server."""


def claim_due(database: Database, now: int, most: int = 20) -> list[QueuedMessage]:
    """The messages that are due, for the caller alone, in the order in which they became due.

    If the caller dies, they are due again after a while.
    """
    if not _due(now).exists(database):
        return []  # as almost always: nobody else waits for a lock that is not needed
    query = _due(now).order_by(Job.due_at, Job.id).limit(most)
    if isinstance(database, PostgresqlDatabase):
        query = query.for_update(skip_locked=True)

    def claim() -> list[QueuedMessage]:
        _end(database, (Job.due_at <= now) & (Job.kind == PRETENDED))
        rows = list(query.execute(database))
        if rows:
            _update(database, Job.id.in_([row.id for row in rows]), leased_until=now + LEASE)
        return [QueuedMessage(id=row.id, attempts=row.attempts, **row.payload) for row in rows]

    return write(database, claim)


def _due(now: int) -> Any:
    """What is due; never a look at what is over, of which there is much more."""
    is_free = Job.leased_until.is_null() | (Job.leased_until <= now)
    return Job.select().where((Job.due_at <= now) & is_free)


def give_back(database: Database, messages: Sequence[QueuedMessage]) -> None:
    """They were claimed and not tried: others may claim them at once."""
    if messages:
        _update(database, Job.id.in_([each.id for each in messages]), leased_until=None)


def retry_later(database: Database, message: QueuedMessage, at: int) -> None:
    """It could not be sent, and is due again at that time."""
    attempts = message.attempts + 1
    _update(database, Job.id == message.id, due_at=at, leased_until=None, attempts=attempts)


def finish(database: Database, message: QueuedMessage, sent_at: int | None) -> None:
    """It was sent, or given up (None). That there was a message is kept, what it said is not."""
    write(database, lambda: _end(database, Job.id == message.id, sent_at))


def stop_messages(
    database: Database, site: str, subjects: Sequence[str], kinds: Sequence[str] | None = None
) -> None:
    """What a site has still to send about these profiles, of these kinds, is never sent.

    `subjects` are handles. Must stand in a transaction.
    """
    is_meant = (Job.site == site) & Job.subject.in_(subjects)
    _end(database, is_meant & Job.kind.in_(kinds) if kinds else is_meant)


def _end(database: Database, jobs: Any, done_at: int | None = None) -> None:
    nothing = dict.fromkeys(("subject", "payload", "due_at", "leased_until"))
    Job.update({**nothing, "done_at": done_at}).where(jobs).execute(database)


def _update(database: Database, jobs: Any, **values: object) -> None:
    write(database, lambda: Job.update(values).where(jobs).execute(database))
