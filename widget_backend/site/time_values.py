"""Values of SITE.toml that are about time: moments, hours, stretches, and zones."""

from __future__ import annotations

import difflib
import re
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from marshmallow import fields

from widget_backend.site.values import complain, matching


class DateTime(fields.Field[datetime]):
    """TOML’s date with a time; without an offset it is by the site’s clock."""

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> datetime:
        if not isinstance(value, datetime):
            cure = "write it unquoted, like 2026-12-01T09:00:00"
            raise complain(f"“{value}” is no date with a time", cure)
        if value.year >= 9000:
            raise complain(f"{value} is too far ahead", "name a year before 9000")
        return value


is_hour_of_day = matching(
    r"([01][0-9]|2[0-3]):[0-5][0-9]", "is no hour of the day", "write it like 08:00 or 21:30"
)

_SECONDS = {"hour": 3600, "day": 24 * 3600, "week": 7 * 24 * 3600}
_STRETCH = re.compile(r"([1-9][0-9]{0,3}) (hour|day|week)s?")
LONGEST_STRETCH = 366 * 24 * 3600


def stretch_parts(stretch: str) -> tuple[int, str]:
    """7 and “day” of “7 days”; 0 and nothing for what is no stretch of time."""
    match = _STRETCH.fullmatch(stretch)
    return (int(match[1]), match[2]) if match else (0, "")


def seconds_of(stretch: str) -> int:
    """How long it is; 0 for what is none."""
    count, unit = stretch_parts(stretch)
    return count * _SECONDS[unit] if count else 0


def is_stretch(value: str) -> None:
    if not 0 < seconds_of(value) <= LONGEST_STRETCH:
        cure = "write it like “24 hours”, “7 days” or “4 weeks”, up to a year"
        raise complain(f"“{value}” is no stretch of time", cure)


def is_time_zone(value: str) -> None:
    """A name of the IANA time zone database: of a place, since others have no name in words."""
    if not is_known_zone(value):
        # The names are those of files. Reading all folders takes long, so only a mistake does.
        places = sorted(filter(_is_place, available_timezones()))
        near = difflib.get_close_matches(value, places, n=1) or ["Europe/Tirane"]
        raise complain(f"no time zone “{value}” is known", f"write it like {near[0]}, or UTC")


def is_known_zone(name: str) -> bool:
    return name == "UTC" or (_is_place(name) and _is_in_database(name))


def _is_place(zone: str) -> bool:
    return "/" in zone and not zone.startswith(_NO_PLACES)


_NO_PLACES = ("Etc/", "posix/", "right/")
"""Folders of times that no place has, and of the same names once more."""


def _is_in_database(zone: str) -> bool:
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):  # no file, no path, a folder
        return False
    return True


def is_stated_day(at: int) -> bool:
    """Whether a moment, in seconds since 1970, is a day that was stated without a time: such a day
    is stored as its beginning in UTC."""
    return at % 86_400 == 0
