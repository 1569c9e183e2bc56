"""Unsubscribing from a topic or from everything, in one step."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from widget_backend.rules.state import (
    OFF,
    OVERALL,
    Change,
    State,
    difference,
    reduces_mail,
    topic_subject,
)
from widget_backend.rules.topics import first_preference
from widget_backend.site.model import Site


def unsubscribe(site: Site, state: State, topic_id: str | None) -> list[Change]:
    """What unsubscribing from a topic changes; from everything when it is None.

    Nothing when the person is unsubscribed already. A topic that was never chosen is refused too:
    unticked is a no that counts. A topic that the site no longer has, and for which the person has
    no preference, cannot be left.
    """
    if topic_id is None:
        return difference(state, {OVERALL: OFF})
    topic = site.topic(topic_id)
    preference = state.preference(topic_id) or (first_preference(topic) if topic else None)
    if preference is None:
        return []
    return difference(state, {topic_subject(topic_id): {**preference, "on": False}})


def only_unsubscribes(changes: Sequence[Change], topic_id: str | None, today: date) -> bool:
    """Whether a save did nothing but unsubscribe from everything, or from this topic.

    Pausing or receiving less is something else.
    """
    return bool(changes) and all(
        reduces_mail(each, today)
        and (each.after == OFF if each.subject == OVERALL else each.name == topic_id)
        for each in changes
    )
