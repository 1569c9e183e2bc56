"""Periods of laws: their last day, in each country's working week."""

from __future__ import annotations

from datetime import date

import pytest

from widget_backend.rules.periods import Period, read_period

MONDAY = date(2026, 11, 30)
DAYS = [
    ("at once is the same day", "at once", MONDAY, "AL", date(2026, 11, 30)),
    ("the day of the event does not count", "30 days", MONDAY, "SA", date(2026, 12, 30)),
    ("a month ends on the same day of the next one", "1 month", MONDAY, "DE", date(2026, 12, 30)),
    ("or on its last day", "1 month", date(2027, 1, 31), "DE", date(2027, 2, 28)),
    ("in a leap year on the 29th", "1 month", date(2028, 1, 31), "DE", date(2028, 2, 29)),
    ("months pass the end of the year", "3 months", MONDAY, "DE", date(2027, 2, 28)),
    ("three years are 36 months", "36 months", MONDAY, "EG", date(2029, 11, 30)),
    ("a weekend is no business day", "10 business days", MONDAY, "US", date(2026, 12, 14)),
    ("from a Friday on", "1 business day", date(2026, 12, 4), "US", date(2026, 12, 7)),
    ("from a Saturday on", "1 business day", date(2026, 12, 5), "US", date(2026, 12, 7)),
    ("Egypt works on Sundays", "1 business day", date(2026, 12, 5), "EG", date(2026, 12, 6)),
    ("and rests on Fridays", "6 business days", MONDAY, "EG", date(2026, 12, 8)),
]


@pytest.mark.parametrize(
    ("written", "day", "country", "last"), [case[1:] for case in DAYS], ids=[c[0] for c in DAYS]
)
def test_the_last_day(written: str, day: date, country: str, last: date) -> None:
    period = read_period(written)
    assert period
    assert period.after(day, country) == last
    assert str(period) == written


@pytest.mark.parametrize("written", ["", "soon", "3", "3 weeks", "-1 days", "1 month and a day"])
def test_what_is_no_period(written: str) -> None:
    assert read_period(written) is None


def test_least_days_compare_what_is_counted_differently() -> None:
    shortest = sorted(
        [Period(30), Period(1, "month"), Period(10, "business day"), Period(0)],
        key=lambda each: each.least_days,
    )
    assert [str(each) for each in shortest] == ["at once", "10 business days", "1 month", "30 days"]
