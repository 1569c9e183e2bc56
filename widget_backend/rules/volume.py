"""How many messages a month to expect, told to people who have just chosen."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from math import ceil

from widget_backend.rules.state import Reach, State
from widget_backend.site.model import Frequency, Site

A_MONTH: dict[Frequency, Fraction] = {
    "daily": Fraction(365, 12),
    "weekly": Fraction(52, 12),
    "every_two_weeks": Fraction(26, 12),
    "monthly": Fraction(1),
    "quarterly": Fraction(1, 3),
}
"""Messages a month, on average over a year."""

LESS = Fraction(1)
"""“Receive less” means at most this many a month for each topic."""


def messages_a_month(site: Site, state: State, today: date) -> int:
    """The most messages a month that the person's choices allow, rounded up."""
    reach = state.overall_on(today)["reach"]
    if reach in {"off", "paused"}:
        return 0
    rates = [
        A_MONTH[most_often(preference["frequency"], reach)]
        for topic in site.topics
        if (preference := state.preference(topic.id)) and preference["on"]
    ]
    return ceil(sum(rates))


def most_often(frequency: Frequency, reach: Reach) -> Frequency:
    """How often a topic of this frequency comes: with fewer messages at most once a month."""
    return "monthly" if reach == "less" and A_MONTH[frequency] > LESS else frequency
