"""When people said what holds: the times beside their choices (`rules/later_words.py`)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from peewee import Database

from widget_backend.rules.later_words import Times
from widget_backend.rules.state import OVERALL, topic_subject
from widget_backend.store import models
from widget_backend.store.changes import note_changes
from widget_backend.store.models import Preference


def note_times(
    database: Database,
    profile: int,
    times: Mapping[str, int | None],
    left: int | None,
    spoke: int | None = None,
) -> None:
    """When the person said what they have chosen, by subject, and when they left everything.

    Only who is off has a time for `overall` here. Where `left` or `spoke` is None, it stays as it
    is. Must stand in a transaction.
    """
    for subject, at in times.items():
        _, _, topic = subject.partition(":")
        mine = (Preference.profile == profile) & (Preference.topic == topic)
        if topic:
            Preference.update(said_at=at).where(mine).execute(database)
    values: dict[Any, Any] = {models.Profile.left_at: left} if left is not None else {}
    if OVERALL in times:
        values = dict.fromkeys((models.Profile.overall_at, models.Profile.left_at), times[OVERALL])
    if spoke is not None:
        values[models.Profile.spoke_at] = spoke
    if values:
        models.Profile.update(values).where(models.Profile.id == profile).execute(database)
    if times:
        note_changes(database, [profile])


def restore_times(database: Database, profile: int, times: Times) -> None:
    """Exactly these times, also for those that nobody knows. Must stand in a transaction."""
    topics = {topic_subject(each): at for each, at in times.topics.items()}
    note_times(database, profile, topics, None)
    values = {models.Profile.overall_at: times.overall, models.Profile.left_at: times.left}
    models.Profile.update(values).where(models.Profile.id == profile).execute(database)
