"""Contexts: what people are busy with, until when (S1.2)."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from peewee import Database

from widget_backend.rules.snapshot import Context
from widget_backend.store.models_of_sending import Context as Row
from widget_backend.store.prepared import PreparedInsert, PreparedQuery, is_one_of, parameter

_SET = PreparedInsert(
    Row,
    (Row.profile, Row.kind, Row.until),
    lambda insert: insert.on_conflict(
        conflict_target=[Row.profile, Row.kind], preserve=[Row.until]
    ),
)
_LASTING = PreparedQuery(
    Row.select(Row.profile, Row.kind, Row.until).where(
        is_one_of(Row.profile, "profiles") & (Row.until > parameter("now"))
    )
)


def set_contexts(database: Database, ends: Mapping[tuple[int, Context], int]) -> None:
    """Until when each person is busy with what. The last word on it holds: an earlier end, too.

    Must stand in a transaction.
    """
    _SET.run(database, [(profile, kind, until) for (profile, kind), until in ends.items()])


def set_context(database: Database, profile: int, kind: Context, until: int) -> None:
    """The same of one person. Must stand in a transaction."""
    set_contexts(database, {(profile, kind): until})


def lasting_contexts(
    database: Database, profiles: Collection[int], now: int
) -> dict[int, dict[Context, int]]:
    """What each of these people is busy with now, and until when."""
    contexts: dict[int, dict[Context, int]] = {}
    for profile, kind, until in _LASTING.run(database, profiles=profiles, now=now):
        contexts.setdefault(profile, {})[kind] = until
    return contexts


def contexts_of(database: Database, profile: int, now: int) -> list[tuple[Context, int]]:
    """Those of one person that last, the first to end first."""
    theirs = lasting_contexts(database, [profile], now).get(profile, {})
    return sorted(theirs.items(), key=lambda context: context[1])
