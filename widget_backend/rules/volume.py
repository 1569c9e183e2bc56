"""How many messages a month to expect (S0.12: immediate value)."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from math import ceil

from widget_backend.rules.state import AS_CHOSEN, Overall, Reach, State
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
    overall: Overall = state.get("overall") or AS_CHOSEN
    if overall["reach"] == "off" or is_paused(overall, today):
        return 0
    most = LESS if overall["reach"] == "less" else A_MONTH["daily"]
    rates = [
        min(A_MONTH[preference["frequency"]], most)
        for topic in site.topics
        if (preference := state.get(f"topic:{topic.id}")) and preference["on"]
    ]
    return ceil(sum(rates))


def most_often(frequency: Frequency, reach: Reach) -> Frequency:
    """How often a topic of this frequency comes: with fewer messages at most once a month."""
    return "monthly" if reach == "less" and A_MONTH[frequency] > LESS else frequency


def is_paused(overall: Overall, today: date) -> bool:
    """A pause ends by itself on its date."""
    return overall["reach"] == "paused" and today < date.fromisoformat(str(overall["until"]))


def current_overall(overall: Overall | None, today: date) -> Overall:
    """What holds today: a pause that is over is none."""
    if overall and overall["reach"] == "paused" and not is_paused(overall, today):
        return AS_CHOSEN
    return overall or AS_CHOSEN
