"""Deliverability: whether mail arrives at an address, by bounces and by answers to messages."""

from __future__ import annotations

from typing import Any

from peewee import Case, Database, fn

from widget_backend.store.changes import note_changes
from widget_backend.store.models import Identity
from widget_backend.store.prepared import PreparedQuery, parameter

_still_back: Any = fn.COALESCE(Identity.undeliverable_at, 0) >= parameter("mailed_at")
"""Whether mail came back after what was answered now."""

_REACHED = PreparedQuery(
    Identity.update(
        {
            Identity.reached_at: parameter("mailed_at"),
            Identity.undeliverable: Identity.undeliverable & _still_back,
            Identity.undeliverable_at: Case(None, [(_still_back, Identity.undeliverable_at)], None),
        }
    ).where(
        (Identity.profile == parameter("profile"))
        & (Identity.kind == "email")
        & (Identity.reached_at.is_null() | (Identity.reached_at < parameter("mailed_at")))
    )
)


def mark_reached(database: Database, profile: int, mailed_at: int) -> None:
    """Somebody answered what was mailed then to the address on file: it had arrived.

    An address whose mail had come back before that can be written to again. Must stand in a
    transaction.
    """
    _REACHED.run(database, profile=profile, mailed_at=mailed_at)


def note_reached(database: Database, profile: int, mailed_at: int) -> None:
    """The same where no consent record is added that would tell of it."""
    was_back = is_undeliverable(database, profile)
    mark_reached(database, profile, mailed_at)
    if was_back and not is_undeliverable(database, profile):
        note_changes(database, [profile])


_UNDELIVERABLE = PreparedQuery(
    Identity.select(Identity.undeliverable).where(
        (Identity.profile == parameter("profile")) & (Identity.kind == "email")
    )
)


def is_undeliverable(database: Database, profile: int) -> bool:
    """Whether mail to the address on file came back for good."""
    row = _UNDELIVERABLE.run(database, profile=profile).fetchone()
    return bool(row and row[0])


def is_news(
    undeliverable_at: int | None, reached_at: int | None, bounced_at: int | None, now: int
) -> bool:
    """Whether it is news that mail came back then, to an address of which this is known.

    It is none if something that was mailed later arrived, or, where nobody knows when it came back,
    if anything ever did. Times are seconds since 1970.
    """
    if bounced_at is None:
        return undeliverable_at is None and reached_at is None
    at = min(bounced_at, now)
    is_later = undeliverable_at is None or undeliverable_at < at
    return is_later and (reached_at is None or reached_at < at)


def mark_undeliverable(
    database: Database, profile: int, bounced_at: int | None, now: int, kind: str = "email"
) -> bool:
    """Messages to the person's address, or to another contact detail of theirs, came back for good
    then; whether that is news.

    What they chose stays as it is. It counts for nothing if something that was mailed later
    arrived, or, where nobody knows when it came back, if anything ever did. Times are seconds since
    1970. Must stand in a transaction.
    """
    at = now if bounced_at is None else min(bounced_at, now)
    earlier = Identity.undeliverable_at.is_null()
    never_reached = Identity.reached_at.is_null()
    if bounced_at is not None:
        earlier |= Identity.undeliverable_at < at
        never_reached |= Identity.reached_at < at
    mine = (Identity.profile == profile) & (Identity.kind == kind)
    values = {Identity.undeliverable: True, Identity.undeliverable_at: at}
    is_news = bool(Identity.update(values).where(mine & earlier & never_reached).execute(database))
    if is_news:
        note_changes(database, [profile])
    return is_news
