"""Times as mail platforms write them, and times that a spreadsheet has rewritten."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, tzinfo
from functools import lru_cache
from itertools import permutations

FIRST_YEAR = 1990
"""Nobody agreed to email before. An earlier time means an empty field, like 1970-01-01."""

_ISO = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
    r"([T ][0-9]{2}:[0-9]{2}(:[0-9]{2}([.,][0-9]{1,6})?)?( ?(Z|UTC|[+-][0-9]{2}(:?[0-9]{2})?))?)?"
)
_REWRITTEN = re.compile(r"([0-9]{1,4})([./-])([0-9]{1,2})\2([0-9]{1,4})(?![0-9])")
_AS_A_DAY = re.compile(r"\d{4}([./-])\d{1,2}\1\d{1,2}|\d{1,2}([./-])\d{1,2}\2\d{4}", re.ASCII)


@lru_cache(maxsize=1_000)
def read_time(cell: str, zone: tzinfo = UTC) -> datetime | None:
    """An ISO 8601 time or day, by the clocks of `zone` unless it names another; None for anything
    else.

    Mailchimp writes `2024-03-01 09:00:00` in UTC. A spreadsheet rewrites it as 3/1/2024 9:00, which
    is March in one country and January in another.
    """
    if not _ISO.fullmatch(cell):
        return None
    try:
        at = datetime.fromisoformat(cell.replace(" UTC", "Z").replace(" Z", "Z"))
    except ValueError:
        return None
    at = at if at.tzinfo else at.replace(tzinfo=zone)
    return at if at.year >= FIRST_YEAR else None


def read_day(cell: str, zone: tzinfo) -> date | None:
    """The day of a time, by the clocks of `zone`; None for what is no time.

    A cell that holds only a day, or its beginning in UTC, means that day, whatever the zone.
    """
    at = read_time(cell)
    if at is None or at.timestamp() % 86_400 == 0:
        return at and at.astimezone(UTC).date()
    try:
        return at.astimezone(zone).date()
    except OverflowError:  # after the last day that there is, which stands for “never”
        return None


def calendar_day(cell: str) -> date | None:
    """The day as it is written, whatever its zone and however long ago: a day of birth, too."""
    if not _ISO.fullmatch(cell):
        return None
    try:
        return date.fromisoformat(cell[: len("2024-03-01")])
    except ValueError:
        return None


def is_as_a_day(cell: str) -> bool:
    """Whether it is written as days are, be there such a day or not."""
    return _AS_A_DAY.fullmatch(cell) is not None


def latest_possible_time(cell: str) -> datetime | None:
    """The end of the latest day that a rewritten time can mean, in whatever order its numbers are.

    Use it to decide that something certainly happened before. None if the cell begins with no day.
    """
    days = possible_days(cell)
    return datetime.combine(max(days), time.max, UTC) if days else None


def possible_days(cell: str) -> set[date]:
    """The days that a rewritten time can mean: 1.3.2024 two of them, 17.05.2024 only one."""
    match = _REWRITTEN.match(cell)
    orders = permutations(match.group(1, 3, 4)) if match else ()
    return {day for order in orders if (day := _day(*order))}


def _day(year: str, month: str, day: str) -> date | None:
    if len(year) not in (2, 4):
        return None
    try:
        return date(int(year) + (2000 if len(year) == 2 else 0), int(month), int(day))
    except ValueError:
        return None
