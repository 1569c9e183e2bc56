"""Pauses: until which days all messages may be paused."""

from __future__ import annotations

from datetime import date, timedelta

from widget_backend.rules.state import Overall

PAUSES = (30, 91, 182)
"""Days of the pauses on offer; each is shown as the date on which it ends."""

OPEN_FOR = 2
"""Days for which a page may have stood open before its button is pressed."""


def pause_dates(today: date) -> tuple[date, ...]:
    """The dates on offer that day, the nearest first."""
    return tuple(today + timedelta(days=days) for days in PAUSES)


def was_offered(until: date, today: date) -> bool:
    """Whether a page that was opened today, or up to two days ago, offered this date."""
    days = (today - timedelta(days=ago) for ago in range(OPEN_FOR + 1))
    return any(until in pause_dates(day) for day in days)


def paused_until(day: date) -> Overall:
    return {"reach": "paused", "until": day.isoformat()}
