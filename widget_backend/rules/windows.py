"""Windows: how many messages may come in a stretch of time, and when the next one may.

A window rolls: it is the stretch before each moment, to the second. What counts is what was
attempted, whatever became of it. Places that are taken for later count as well, so a message must
fit between what was before it and what is to come.
"""

from __future__ import annotations

from bisect import insort
from collections.abc import Collection, Sequence
from datetime import date, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from widget_backend.site.channels import Frequency
from widget_backend.site.clocks import day_at, midnight
from widget_backend.site.places import Zones
from widget_backend.site.sending import Calendar, Cap

HOUR = 3600
DAY = 24 * HOUR

SECONDS: dict[Frequency, int] = {
    "daily": DAY,
    "weekly": 7 * DAY,
    "every_two_weeks": 14 * DAY,
    "monthly": 30 * DAY,
    "quarterly": 91 * DAY,
}
TOLERANCE: dict[Frequency, int] = {
    "daily": 4 * HOUR,
    "weekly": 12 * HOUR,
    "every_two_weeks": DAY,
    "monthly": 2 * DAY,
    "quarterly": 5 * DAY,
}
"""Seconds by which a message may be early: “weekly” means on Tuesdays, not 168 hours to the second,
and “monthly” the first of February and of March."""


def apart(frequency: Frequency) -> int:
    """Seconds that lie between two messages of a topic at the least."""
    return SECONDS[frequency] - TOLERANCE[frequency]


LONGEST_APART = max(SECONDS.values())
"""Seconds after which no message holds back another one of its topic."""

LONGEST_PERIOD: dict[Calendar, int] = {"day": 2 * DAY, "week": 8 * DAY, "month": 32 * DAY}


def longest(caps: Collection[Cap]) -> int:
    """Seconds after which no message counts in any of these caps."""
    periods = (LONGEST_PERIOD[each.calendar] for each in caps if each.calendar)
    return max((*(each.seconds for each in caps), *periods), default=0)


def earliest(times: Sequence[int], at: int, most: int, seconds: int) -> int:
    """The first moment from `at` on at which one more message fits: no more than `most` in any
    window of so many seconds. `times` are those of the others, in order."""
    if _fits(times, at, most, seconds):
        return at
    # Something ends only when a message leaves the window.
    ends = (each + seconds for each in times if each + seconds > at)
    return next(end for end in ends if _fits(times, end, most, seconds))


def _fits(times: Sequence[int], at: int, most: int, seconds: int) -> bool:
    since, until = at - seconds, at + seconds
    near = [each for each in times if since < each < until]
    if len(near) < most:
        return True
    insort(near, at)
    return all(last - first >= seconds for first, last in zip(near, near[most:], strict=False))


def earliest_in_calendar(
    times: Sequence[int], at: int, most: int, period: Calendar, zones: Zones
) -> int:
    """The same for a day, week or month by the person's clock; by each, if it is not known which.

    A week begins on Monday.
    """
    while full := [zone for zone in zones if _is_full(times, at, most, period, zone)]:
        at = max(midnight(_next(day_at(at, zone), period), (zone,)) for zone in full)
    return at


def _is_full(times: Sequence[int], at: int, most: int, period: Calendar, zone: ZoneInfo) -> bool:
    return _in_period(times, at, period, zone) >= most


def taken(times: Sequence[int], at: int, cap: Cap, zones: Zones) -> int:
    """How many were sent in the window that ends now, or in this period by the first clock."""
    if cap.calendar:
        return _in_period(times, at, cap.calendar, zones[0])
    since = at - cap.seconds
    return sum(since < each <= at for each in times)


def _in_period(times: Sequence[int], at: int, period: Calendar, zone: ZoneInfo) -> int:
    starts, ends = _period(at, period, zone)
    return sum(starts <= each < ends for each in times)


@lru_cache(maxsize=1_000)
def _period(at: int, period: Calendar, zone: ZoneInfo) -> tuple[int, int]:
    """When the period of this moment begins, and when the next one does."""
    day = day_at(at, zone)
    return midnight(_first(day, period), (zone,)), midnight(_next(day, period), (zone,))


def _first(day: date, period: Calendar) -> date:
    """The day on which the period of this day begins."""
    if period == "week":
        return day - timedelta(days=day.weekday())
    return day if period == "day" else day.replace(day=1)


def _next(day: date, period: Calendar) -> date:
    """The day on which the next period begins."""
    days = {"day": 1, "week": 7, "month": 31}[period]
    return _first(_first(day, period) + timedelta(days=days), period)
