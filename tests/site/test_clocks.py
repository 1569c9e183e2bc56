"""Clocks on the wall: midnights and quiet hours, right through the nights when clocks change."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as some

from tests.support.sites import site
from widget_backend.site.clocks import Hours, midnight, quiet_until
from widget_backend.site.places import Zones, zones_of, zones_of_person

TIRANA, CAIRO, RIYADH, DUBAI = (
    ZoneInfo(each) for each in ("Europe/Tirane", "Africa/Cairo", "Asia/Riyadh", "Asia/Dubai")
)
NIGHT = Hours(time(21), time(8))


def moment(text: str, zone: ZoneInfo = UTC) -> int:  # type: ignore[assignment]
    return int(datetime.fromisoformat(text).replace(tzinfo=zone).timestamp())


@pytest.mark.parametrize("place", ["America/New_York", "Asia/Riyadh"])
def test_a_day_that_was_stated_is_that_day_everywhere(place: str) -> None:
    shop = replace(site(), time_zone=place)
    assert shop.local_day(moment("2026-05-03 00:00")) == date(2026, 5, 3)
    assert (
        shop.local_day(moment("2026-05-03 23:59"))
        == shop.local_time(moment("2026-05-03 23:59")).date()
    )


def shown(at: int | None, zone: ZoneInfo) -> str:
    assert at is not None
    return f"{datetime.fromtimestamp(at, zone):%Y-%m-%d %H:%M}"


@pytest.mark.parametrize(
    ("zone", "from_", "until", "hours"),
    [
        (TIRANA, "2026-03-28 21:00", "2026-03-29 08:00", 10),  # the clock skips 2:00 to 3:00
        (TIRANA, "2026-10-24 21:00", "2026-10-25 08:00", 12),  # it shows 2:00 to 3:00 twice
        (TIRANA, "2026-06-10 21:00", "2026-06-11 08:00", 11),
        (CAIRO, "2026-04-23 21:00", "2026-04-24 08:00", 10),  # it skips midnight
        (CAIRO, "2026-10-29 21:00", "2026-10-30 08:00", 12),  # it shows 23:00 twice
        (RIYADH, "2026-03-28 21:00", "2026-03-29 08:00", 11),  # it never changes
        (RIYADH, "2026-10-24 21:00", "2026-10-25 08:00", 11),
    ],
)
def test_a_night_lasts_from_one_hour_of_the_clock_to_the_other(
    zone: ZoneInfo, from_: str, until: str, hours: int
) -> None:
    start = moment(from_, zone)
    quiet = [(NIGHT, (zone,))]
    assert quiet_until(start - 1, quiet) == start - 1
    assert shown(quiet_until(start, quiet), zone) == until
    assert quiet_until(start, quiet) == start + hours * 3600


@pytest.mark.parametrize(
    ("day", "zone", "begins"),
    [
        ("2026-03-29", TIRANA, "2026-03-28T23:00"),
        ("2026-03-30", TIRANA, "2026-03-29T22:00"),
        ("2026-04-24", CAIRO, "2026-04-23T22:00"),  # at 1:00, for there is no midnight
        ("2026-10-30", CAIRO, "2026-10-29T22:00"),
        ("2026-10-25", RIYADH, "2026-10-24T21:00"),
    ],
)
def test_a_day_begins_when_the_clock_says_so(day: str, zone: ZoneInfo, begins: str) -> None:
    assert midnight(date.fromisoformat(day), (zone,)) == moment(begins)


def test_of_several_clocks_a_day_begins_by_the_last() -> None:
    day = date(2026, 6, 1)
    assert midnight(day, (RIYADH, TIRANA)) == midnight(day, (TIRANA,)) > midnight(day, (RIYADH,))


def test_hours_end_that_are_skipped_when_the_clock_has_skipped_them() -> None:
    hours = Hours(time(22), time(2, 30))
    until = quiet_until(moment("2026-03-28 23:00", TIRANA), [(hours, (TIRANA,))])
    assert shown(until, TIRANA) == "2026-03-29 03:30"


def test_hours_end_that_are_shown_twice_at_the_second() -> None:
    hours = Hours(time(22), time(2, 30))
    until = quiet_until(moment("2026-10-24 23:00", TIRANA), [(hours, (TIRANA,))])
    assert until == moment("2026-10-25T01:30")


def test_what_is_quiet_by_one_of_several_clocks_is_quiet() -> None:
    quiet = [(NIGHT, (TIRANA, DUBAI))]
    assert shown(quiet_until(moment("2026-06-10 19:30", TIRANA), quiet), TIRANA) == (
        "2026-06-11 08:00"
    )
    assert shown(quiet_until(moment("2026-06-10 07:00", TIRANA), quiet), TIRANA) == (
        "2026-06-10 08:00"
    )


def test_hours_of_two_countries_can_leave_no_moment() -> None:
    both: Zones = (ZoneInfo("Pacific/Auckland"), ZoneInfo("Europe/London"))
    assert quiet_until(0, [(Hours(time(18), time(9)), both)]) is None


@given(
    at=some.integers(1_700_000_000, 1_900_000_000),
    zone=some.sampled_from([TIRANA, CAIRO, RIYADH, ZoneInfo("Australia/Lord_Howe")]),
    starts=some.times().map(lambda each: each.replace(second=0, microsecond=0)),
    ends=some.times().map(lambda each: each.replace(second=0, microsecond=0)),
)
def test_the_end_is_no_earlier_and_not_quiet(
    at: int, zone: ZoneInfo, starts: time, ends: time
) -> None:
    quiet = [(Hours(starts, ends), (zone,))]
    until = quiet_until(at, quiet)
    if until is None:
        assert starts == ends
    else:
        assert until >= at
        assert quiet_until(until, quiet) == until


def test_the_clocks_of_a_person_are_their_own_or_those_of_their_country_or_of_all_countries() -> (
    None
):
    countries, site = ("AL", "SA"), "Europe/Rome"
    assert zones_of_person("Asia/Dubai", "AL", countries, site) == (DUBAI,)
    assert zones_of_person(None, "EG", countries, site) == (CAIRO,)
    assert zones_of_person(None, None, countries, site) == (TIRANA, RIYADH)
    assert zones_of_person(None, "XX", (), site) == (ZoneInfo(site),)
    assert len(zones_of("US")) > 4
