"""Pauses: until which days all messages may be paused."""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache

from widget_backend.rules.state import Overall

PAUSES = (30, 91, 182)
"""Days of the pauses on offer; each is shown as the date on which it ends."""


@lru_cache(maxsize=16)
def pause_dates(today: date) -> tuple[date, ...]:
    """The dates on offer that day, the nearest first."""
    return tuple(today + timedelta(days=days) for days in PAUSES)


def may_pause_until(until: date, today: date) -> bool:
    """Whether a page offers this date, or may have when it was opened, which may be weeks ago."""
    return today < until <= pause_dates(today)[-1]


def paused_until(day: date) -> Overall:
    return {"reach": "paused", "until": day.isoformat()}
