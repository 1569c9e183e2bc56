"""Contexts: what people are busy with, until when (S1.2)."""

from __future__ import annotations

from peewee import Database

from widget_backend.rules.snapshot import Context
from widget_backend.store.models_of_sending import Context as Row


def set_context(database: Database, profile: int, kind: Context, until: int) -> None:
    """The last word on it holds: an earlier end, too. Must stand in a transaction."""
    insert = Row.insert(profile=profile, kind=kind, until=until).on_conflict(
        conflict_target=[Row.profile, Row.kind], preserve=[Row.until]
    )
    insert.execute(database)


def contexts_of(database: Database, profile: int, now: int) -> list[tuple[Context, int]]:
    """Those that last, the first to end first."""
    theirs = (Row.profile == profile) & (Row.until > now)
    query = Row.select(Row.kind, Row.until).where(theirs).order_by(Row.until)
    return list(query.tuples().execute(database))
