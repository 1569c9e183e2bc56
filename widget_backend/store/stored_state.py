"""Stored states: what rows of profiles and preferences are as a part of a state."""

from __future__ import annotations

from typing import Any, NamedTuple, Protocol

from widget_backend.rules.basis import Ground, grounded
from widget_backend.rules.state import DO_NOT_TRACK, LANGUAGE, OVERALL, Value, topic_subject
from widget_backend.store.models import Preference
from widget_backend.store.rows import columns_of


class OfProfile(Protocol):
    """The columns of a profile that are a part of its state."""

    @property
    def language(self) -> str | None: ...
    @property
    def reach(self) -> str | None: ...
    @property
    def paused_until(self) -> str | None: ...
    @property
    def do_not_track(self) -> Any: ...
    @property
    def do_not_track_at(self) -> int | None: ...


class Choice(NamedTuple):
    """What somebody chose for one topic, as it is stored."""

    topic: str
    subscribed: Any
    channel: Any
    frequency: Any
    basis: Any
    basis_at: Any


CHOICE = columns_of(
    Choice,
    topic=Preference.topic,
    subscribed=Preference.subscribed,
    channel=Preference.channel,
    frequency=Preference.frequency,
    basis=Preference.basis,
    basis_at=Preference.basis_at,
)


def state_of_profile(row: OfProfile) -> dict[str, Value]:
    """The part of a state that stands in the row of the profile."""
    state: dict[str, Value] = {}
    if row.language:
        state[LANGUAGE] = row.language
    if row.reach:
        state[OVERALL] = {"reach": row.reach, "until": row.paused_until}
    if row.do_not_track is not None:  # 0 and 1 on SQLite
        state[DO_NOT_TRACK] = {"wanted": bool(row.do_not_track), "at": row.do_not_track_at}
    return state


def preference(choice: Choice) -> tuple[str, Value]:
    """One topic of a state: its subject and the choice."""
    value = {
        "on": bool(choice.subscribed),
        "channel": choice.channel,
        "frequency": choice.frequency,
    }
    ground = Ground(choice.basis or None, choice.basis_at)
    return topic_subject(choice.topic), grounded(value, ground) if choice.basis else value
