"""How many messages a month to expect, told to people who have just chosen."""

from __future__ import annotations

from datetime import date
from math import ceil

from widget_backend.rules.state import Reach, State
from widget_backend.site.model import Frequency, Site

A_YEAR: dict[Frequency, int] = {
    "daily": 365,
    "weekly": 52,
    "every_two_weeks": 26,
    "monthly": 12,
    "quarterly": 4,
}
"""Messages a year."""

LESS = A_YEAR["monthly"]
"""“Receive less” means at most this many a year for each topic."""


def messages_a_month(site: Site, state: State, today: date) -> int:
    """The most messages a month that the person's choices allow, rounded up."""
    reach = state.overall_on(today)["reach"]
    if reach in {"off", "paused"}:
        return 0
    rates = [
        A_YEAR[most_often(preference["frequency"], reach)]
        for topic in site.topics
        if (preference := state.preference(topic.id)) and preference["on"]
    ]
    return ceil(sum(rates) / 12)


def most_often(frequency: Frequency, reach: Reach) -> Frequency:
    """How often a topic of this frequency comes: with fewer messages at most once a month."""
    return "monthly" if reach == "less" and A_YEAR[frequency] > LESS else frequency
