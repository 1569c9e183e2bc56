"""Windows: how many messages fit into a stretch of time, and when the next one does."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as some

from widget_backend.rules.windows import (
    DAY,
    HOUR,
    SECONDS,
    TOLERANCE,
    apart,
    earliest,
    earliest_in_calendar,
)
from widget_backend.site.channels import FREQUENCIES, Frequency
from widget_backend.site.sending import Calendar

TIRANA = ZoneInfo("Europe/Tirane")


def moment(text: str, zone: ZoneInfo = TIRANA) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=zone).timestamp())


@pytest.mark.parametrize(
    ("frequency", "last", "next_one", "fits"),
    [
        ("weekly", "2026-06-02 09:00", "2026-06-09 08:59", True),
        ("weekly", "2026-06-02 09:00", "2026-06-08 21:00", True),
        ("weekly", "2026-06-02 09:00", "2026-06-08 20:59", False),
        ("daily", "2026-06-02 09:00", "2026-06-03 05:00", True),
        ("daily", "2026-06-02 09:00", "2026-06-03 04:59", False),
        ("monthly", "2026-02-01 09:00", "2026-03-01 09:00", True),
        ("monthly", "2026-02-01 09:00", "2026-02-28 09:00", False),
        ("quarterly", "2026-02-01 09:00", "2026-05-01 09:00", True),
        ("every_two_weeks", "2026-06-02 09:00", "2026-06-15 09:00", True),
        ("every_two_weeks", "2026-06-02 09:00", "2026-06-15 08:59", False),
        ("weekly", "2026-10-20 09:00", "2026-10-27 09:00", True),  # an hour longer in winter
    ],
)
def test_a_frequency_is_kept_by_the_calendar_and_not_by_the_second(
    frequency: Frequency, last: str, next_one: str, fits: bool
) -> None:
    at = moment(next_one)
    assert (earliest([moment(last)], at, 1, apart(frequency)) == at) == fits


def test_every_frequency_has_a_length_and_a_tolerance() -> None:
    assert {*FREQUENCIES} == {*SECONDS} == {*TOLERANCE}


def test_a_cap_is_exact_to_the_second() -> None:
    assert earliest([0], DAY - 1, 1, DAY) == DAY
    assert earliest([0], DAY, 1, DAY) == DAY


def test_a_cap_of_several_waits_until_the_oldest_of_them_has_left_the_window() -> None:
    times = [0, 10, 20]
    assert earliest(times, 30, 4, DAY) == 30
    assert earliest(times, 30, 3, DAY) == DAY
    assert earliest(times, 30, 2, DAY) == DAY + 10
    assert earliest(times, 30, 1, DAY) == DAY + 20


def test_a_place_that_is_taken_for_later_counts() -> None:
    assert earliest([5 * HOUR], 0, 1, DAY) == DAY + 5 * HOUR
    assert earliest([5 * HOUR, 2 * DAY], 0, 1, DAY) == 3 * DAY
    assert earliest([2 * DAY], 0, 1, DAY) == 0


@given(
    times=some.lists(some.integers(0, 500), max_size=12).map(sorted),
    at=some.integers(0, 500),
    most=some.integers(1, 4),
    seconds=some.integers(1, 200),
)
def test_the_earliest_moment_is_the_first_that_breaks_no_window(
    times: list[int], at: int, most: int, seconds: int
) -> None:
    """Compared with every moment in turn."""

    def breaks(moment: int) -> bool:
        both = [*times, moment]
        return any(
            sum(start <= each < start + seconds for each in both) > most
            for start in range(moment - seconds + 1, moment + 1)
        )

    assert earliest(times, at, most, seconds) == next(
        each for each in range(at, 2_000) if not breaks(each)
    )


@pytest.mark.parametrize(
    ("period", "first", "next_one", "allowed"),
    [
        ("day", "2026-06-02 23:59", "2026-06-03 00:00", "2026-06-03 00:00"),
        ("day", "2026-06-02 00:00", "2026-06-02 23:59", "2026-06-03 00:00"),
        ("week", "2026-06-01 00:00", "2026-06-07 23:59", "2026-06-08 00:00"),
        ("month", "2026-01-31 09:00", "2026-01-31 10:00", "2026-02-01 00:00"),
        ("month", "2026-12-01 09:00", "2026-12-31 10:00", "2027-01-01 00:00"),
        ("day", "2026-10-25 00:30", "2026-10-25 23:30", "2026-10-26 00:00"),  # 25 hours long
    ],
)
def test_a_calendar_period_ends_at_the_persons_midnight(
    period: Calendar, first: str, next_one: str, allowed: str
) -> None:
    reached = earliest_in_calendar([moment(first)], moment(next_one), 1, period, (TIRANA,))
    assert reached == moment(allowed)


def test_a_calendar_period_is_over_by_every_clock_that_may_be_theirs() -> None:
    zones = (ZoneInfo("Asia/Dubai"), TIRANA)
    sent = moment("2026-06-02 12:00")
    reached = earliest_in_calendar([sent], sent + 1, 1, "day", zones)
    assert datetime.fromtimestamp(reached, TIRANA) == datetime(2026, 6, 3, tzinfo=TIRANA)
    assert datetime.fromtimestamp(reached, UTC).hour == 22
