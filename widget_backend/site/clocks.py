"""Clocks on the wall: midnights and quiet hours where a person lives, right through both changes.

A wall clock skips an hour in spring and shows one twice in autumn. So what is said in hours of the
day is turned into moments day by day, never by an offset that was looked up once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from widget_backend.site.places import Zones

ONE_DAY = timedelta(days=1)
LATEST = int(datetime(9000, 1, 1, tzinfo=UTC).timestamp())
"""No later moment is taken: near the year 10,000, where calendars end, clocks cannot be asked."""
LONGEST = 3 * 24 * 3600
"""Seconds. Quiet hours that go on for longer leave no hour of any day."""


class Hours(NamedTuple):
    """Hours of the day by the wall clock; over midnight if they end before they start."""

    starts: time
    ends: time


def day_at(at: int, zone: ZoneInfo) -> date:
    """The day that it is there at this moment, in seconds since 1970."""
    return datetime.fromtimestamp(at, zone).date()


def midnight(day: date, zones: Zones) -> int:
    """When this day has begun by the last of these clocks; LATEST at the latest."""
    if day.year >= 9000:
        return LATEST
    return max(_moment(day, time.min, zone) for zone in zones)


def quiet_until(at: int, quiet: Iterable[tuple[Hours, Zones]]) -> int | None:
    """The first moment from `at` on that is quiet by none of these clocks; None if there is none.

    Each hours are those of the clocks beside them.
    """
    hours = list(quiet)
    now = at
    while ends := [end for end in _ends(now, hours) if end > now]:
        now = max(ends)
        if now - at > LONGEST:
            return None
    return now


def _ends(at: int, quiet: Iterable[tuple[Hours, Zones]]) -> Iterator[int]:
    """The ends of all quiet hours in which the moment lies."""
    for hours, zones in quiet:
        for zone in zones:
            today = day_at(at, zone)
            # Those of yesterday evening may still last.
            for day in (today - ONE_DAY, today):
                if _moment(day, hours.starts, zone) <= at:
                    next_day = day + ONE_DAY if hours.ends <= hours.starts else day
                    yield _moment(next_day, hours.ends, zone, is_end=True)


def _moment(day: date, hour: time, zone: ZoneInfo, is_end: bool = False) -> int:
    """When the clock shows this: of two such moments the first, but for an end the last.

    An hour that the clock skips is over when the clock has skipped it.
    """
    on_the_wall = datetime.combine(day, hour, zone)
    first, second = on_the_wall.timestamp(), on_the_wall.replace(fold=1).timestamp()
    is_skipped = second < first
    return int(first if is_skipped or not is_end else second)
