"""Which times are read, and on which day a rewritten one can have been at the latest."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from widget_backend.contacts.platforms import mailchimp
from widget_backend.contacts.said_at import said_at
from widget_backend.contacts.times import latest_possible_time, possible_days, read_time


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("2024-03-01 09:00:00", "2024-03-01T09:00:00+00:00"),
        ("2024-03-01T09:00:00", "2024-03-01T09:00:00+00:00"),
        ("2024-03-01T09:00:00Z", "2024-03-01T09:00:00+00:00"),
        ("2024-03-01 09:00:00 UTC", "2024-03-01T09:00:00+00:00"),
        ("2024-03-01T09:00:00.123Z", "2024-03-01T09:00:00.123000+00:00"),
        ("2024-03-01T09:00:00+02:00", "2024-03-01T09:00:00+02:00"),
        ("2024-03-01T09:00:00-0500", "2024-03-01T09:00:00-05:00"),
        ("2024-03-01 09:00", "2024-03-01T09:00:00+00:00"),
        ("2024-03-01", "2024-03-01T00:00:00+00:00"),
    ],
)
def test_iso_times_are_read_in_utc_unless_they_name_a_zone(cell: str, expected: str) -> None:
    at = read_time(cell)
    assert at is not None
    assert at.isoformat() == expected


@pytest.mark.parametrize(
    "cell",
    [
        "", "soon", "3/1/2024 9:00", "01.03.2024", "2024-13-01", "2024-02-30 09:00:00", "20240301",
        "2024-W09-5", "2024-03-01 25:00:00", "2024-03-01 9:00", "24-03-01", "1709283600",
        "45352.375", "٢٠٢٤-٠٣-٠١", "1970-01-01 00:00:00", "0000-00-00 00:00:00", "1900-01-00",
        "########",
    ],
)  # fmt: skip
def test_anything_else_is_no_time(cell: str) -> None:
    assert read_time(cell) is None


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("3/2/2024 10:15", "2024-03-02"),
        ("2.3.2024", "2024-03-02"),
        ("20.9.2026 10:00", "2026-09-20"),
        ("3/2/24", "2024-03-02"),
        ("1/12/2024", "2024-12-01"),
        ("2024/3/2 10:15", "2024-03-02"),
        ("13/13/2024", None),
        ("2024", None),
        ("########", None),
        ("2-Mar-24", None),
        ("", None),
    ],
)
def test_a_rewritten_time_was_on_the_latest_of_its_days_at_the_latest(
    cell: str, expected: str | None
) -> None:
    at = latest_possible_time(cell)
    assert (at and f"{at:%Y-%m-%d %H:%M}") == (f"{expected} 23:59" if expected else None)


@pytest.mark.parametrize(
    ("cell", "days"),
    [
        ("17.05.2024", ["2024-05-17"]),
        ("2.2.2024", ["2024-02-02"]),
        ("2.3.2024", ["2024-02-03", "2024-03-02"]),
        ("17.05.24", ["2017-05-24", "2024-05-17"]),
        ("soon", []),
    ],
)
def test_a_rewritten_day_has_as_many_readings_as_there_are_days_it_can_mean(
    cell: str, days: list[str]
) -> None:
    assert sorted(map(str, possible_days(cell))) == days


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("2026-11-30 12:00:00", "2026-11-30T12:00:00"),
        ("2026-11-30 12:00:01", "2026-11-29T22:00:01"),
        ("2026-12-01 02:00:00", "2026-11-30T12:00:00"),
        ("2026-12-01 02:00:01", None),
        ("2999-01-01", None),
    ],
)
def test_a_yes_that_is_still_to_come_counts_from_the_earliest_that_it_can_mean(
    cell: str, expected: str | None
) -> None:
    """It is the local time of an eastern zone, and a list of people who left may come now."""
    now = datetime(2026, 11, 30, 12, tzinfo=UTC)
    at = said_at(mailchimp.PLATFORM, "subscribed", {"OPTIN_TIME": cell}, now)
    assert (at and f"{datetime.fromtimestamp(at, UTC):%Y-%m-%dT%H:%M:%S}") == expected


WAYS = (
    "{0.day}/{0.month}/{0.year} 9:00",
    "{0.month}/{0.day}/{0.year}",
    "{0.day}.{0.month}.{0.year}",
    "{0:%d-%m-%Y}",
    "{0:%m/%d/%y}",
    "{0:%Y/%m/%d}",
    "{0:%d.%m.%y}",
)


@given(st.dates(date(2000, 1, 1), date(2030, 1, 1)), st.sampled_from(WAYS))
def test_however_a_spreadsheet_writes_a_day_it_is_never_placed_too_early(
    day: date, way: str
) -> None:
    latest = latest_possible_time(way.format(day))
    assert latest is not None
    assert latest.date() >= day


@given(st.text())
def test_no_text_fails(cell: str) -> None:
    read_time(cell)
    latest_possible_time(cell)
