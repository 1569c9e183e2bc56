"""Leaving: a topic or everything, in one step, from wherever a message was (S2.3, S2.9)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from widget_backend.rules.state import Change, Overall, State, Value, difference, reduces_mail
from widget_backend.rules.topics import first_preference
from widget_backend.site.model import Site

OFF: Overall = {"reach": "off", "until": None}


def unsubscribe(site: Site, state: State, topic: str | None) -> list[Change]:
    """What leaving a topic changes, or leaving everything where it is None; nothing if it is left.

    A topic that was never chosen is left too: unticked is a no that counts.
    """
    wanted: dict[str, Value] = {"overall": OFF} if topic is None else _without(site, state, topic)
    return difference(state, wanted)


def _without(site: Site, state: State, topic_id: str) -> dict[str, Value]:
    topic = site.topic(topic_id)
    held = state.get(f"topic:{topic_id}") or (first_preference(topic) if topic else None)
    # A topic that the site no longer has and the person never held is nothing to leave.
    return {f"topic:{topic_id}": {**held, "on": False}} if held else {}


def only_unsubscribes(changes: Sequence[Change], topic: str | None, today: date) -> bool:
    """Whether a save did nothing but leave everything, or this topic."""
    subjects = {"overall", f"topic:{topic}"}
    return bool(changes) and all(
        each.subject in subjects and reduces_mail(each, today) and _is_whole(each)
        for each in changes
    )


def _is_whole(change: Change) -> bool:
    """Leaving everything, not pausing or receiving less."""
    return change.subject != "overall" or change.after == OFF
