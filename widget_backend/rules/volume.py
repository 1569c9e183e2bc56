"""How many messages to expect: in a month, told to people who have just chosen; and in a week."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from widget_backend.rules.state import Preference, Reach, State
from widget_backend.site.channels import FREQUENCIES, Frequency
from widget_backend.site.model import Site

MOST_A_MONTH: dict[Frequency, int] = {
    "daily": 31,
    "weekly": 5,
    "every_two_weeks": 3,
    "monthly": 1,
    "quarterly": 1,
}
"""The most messages that one calendar month can bring."""

A_WEEK: dict[Frequency, float] = {
    "daily": 7,
    "weekly": 1,
    "every_two_weeks": 1 / 2,
    "monthly": 12 / 52,
    "quarterly": 4 / 52,
}
"""The messages that a week brings on average."""


def messages_a_month(site: Site, state: State, today: date, refused: Collection[str] = ()) -> int:
    """The most messages that the person's choices allow in a calendar month.

    `refused` are ids of topics of which nothing may come, whatever was chosen.
    """
    reach = state.overall_on(today)["reach"]
    if reach in {"off", "paused"}:
        return 0
    return sum(
        MOST_A_MONTH[most_often(preference["frequency"], reach)]
        for topic in site.topics
        if topic.id not in refused
        and (preference := state.preference(topic.id))
        and preference["on"]
    )


def messages_a_week(preference: Preference, reach: Reach) -> float:
    """What somebody who chose this of a topic expects of it in an average week."""
    return A_WEEK[most_often(preference["frequency"], reach)]


def most_often(frequency: Frequency, reach: Reach) -> Frequency:
    """How often a topic of this frequency comes: with fewer messages at most once a month."""
    return "monthly" if reach == "less" and is_rarer("monthly", frequency) else frequency


def is_rarer(one: Frequency, other: Frequency) -> bool:
    """Whether messages come less often: FREQUENCIES stand from the most to the least."""
    return FREQUENCIES.index(one) > FREQUENCIES.index(other)
