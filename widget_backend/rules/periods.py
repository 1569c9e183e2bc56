"""Periods that laws name: so many days, business days or months, from the day of an event."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal, get_args

from babel import Locale

Unit = Literal["day", "business day", "month"]

AT_ONCE = "at once"
_WRITTEN = re.compile(rf"(\d{{1,3}}) ({'|'.join(get_args(Unit))})s?")
_SHORTEST_MONTH = 28
_WORKING_WEEK = 5


@dataclass(frozen=True)
class Period:
    """A number of days, business days or months. None at all is “at once”: on the same day."""

    count: int
    unit: Unit = "day"

    def __str__(self) -> str:
        if not self.count:
            return AT_ONCE
        return f"{self.count} {self.unit}{'' if self.count == 1 else 's'}"

    def after(self, day: date, country: str) -> date:
        """Its last day, if it begins on this day, which does not count.

        Business days are those outside of the country's weekend. Public holidays count as business
        days, since nobody here knows them: so the period never ends too late.
        """
        if self.unit == "month":
            return _months_after(day, self.count)
        if self.unit == "business day":
            return _business_days_after(day, self.count, country)
        return day + timedelta(self.count)

    @property
    def least_days(self) -> int:
        """The fewest days that it can last, to compare it with others."""
        if self.unit == "month":
            return self.count * _SHORTEST_MONTH
        weeks, rest = divmod(self.count, _WORKING_WEEK)
        return weeks * 7 + rest if self.unit == "business day" else self.count


def read_period(written: str) -> Period | None:
    """The period that is written as “10 business days” or “at once”; None if none is."""
    if written == AT_ONCE:
        return Period(0)
    parts = _WRITTEN.fullmatch(written)
    return Period(int(parts[1]), parts[2]) if parts else None  # type: ignore[arg-type]


def _months_after(day: date, count: int) -> date:
    """The same day of a later month, or its last one where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + count, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _business_days_after(day: date, count: int, country: str) -> date:
    place = Locale.parse(f"und_{country}")
    weekend = {place.weekend_start, place.weekend_end}
    while count:
        day += timedelta(1)
        count -= day.weekday() not in weekend
    return day
