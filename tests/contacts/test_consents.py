"""On which day somebody agreed, by what another system recorded."""

from __future__ import annotations

from datetime import UTC, date
from zoneinfo import ZoneInfo

import pytest

from widget_backend.contacts.consents import consent_day

IMPORTED = date(2026, 11, 29)
ZONES = ("America/Los_Angeles", "Europe/Tirane")
CASES = {
    "confirmed": ({"CONFIRM_TIME": "2023-01-02 09:00:00"}, date(2023, 1, 2)),
    "the confirmation counts": (
        {"OPTIN_TIME": "2023-01-01 23:59:00", "CONFIRM_TIME": "2023-01-02 09:00:00"},
        date(2023, 1, 2),
    ),
    "opted in only": ({"OPTIN_TIME": "2023-01-01 23:59:00"}, date(2023, 1, 1)),
    "on the importer's word": (
        {"consent": "at the fair", "consented_on": "2024-05-06"},
        date(2024, 5, 6),
    ),
    "a confirmation that nobody can read": (
        {"CONFIRM_TIME": "soon", "OPTIN_TIME": "2023-01-01 09:00:00"},
        date(2023, 1, 1),
    ),
    "saved by a spreadsheet": ({"CONFIRM_TIME": "1/2/2024 9:00", "OPTIN_TIME": "1/2/2024"}, None),
    "without a day": ({"consent": "at the fair"}, None),
    "without evidence": ({}, None),
    "a field that was never filled": ({"CONFIRM_TIME": "1970-01-01 00:00:00"}, None),
    "after the import": ({"CONFIRM_TIME": "2026-11-30 09:00:00"}, None),
    "on the day of the import": ({"CONFIRM_TIME": "2026-11-29 23:00:00"}, IMPORTED),
}


@pytest.mark.parametrize("case", CASES)
def test_the_day_of_a_consent_is_read_or_unknown(case: str) -> None:
    evidence, day = CASES[case]
    assert consent_day(evidence, IMPORTED, UTC) == day


@pytest.mark.parametrize(
    ("recorded", "in_los_angeles", "in_tirana"),
    [
        ("2026-11-28 01:00:00", date(2026, 11, 27), date(2026, 11, 28)),
        ("2026-11-28 23:30:00", date(2026, 11, 28), IMPORTED),
        ("2026-11-29T03:00:00+05:00", date(2026, 11, 28), date(2026, 11, 28)),
        ("2026-11-29T00:30:00+01:00", date(2026, 11, 28), IMPORTED),
        ("2026-11-28", date(2026, 11, 28), date(2026, 11, 28)),
        ("2026-11-29", IMPORTED, IMPORTED),
        ("2026-11-29 23:30:00", IMPORTED, None),
        ("2026-11-30", None, None),
        ("9999-12-31 23:59:59", None, None),
        ("9999-12-31T23:59:59-05:00", None, None),
    ],
)
def test_a_time_is_of_the_day_that_it_is_in_the_zone_and_a_day_is_that_day_everywhere(
    recorded: str, in_los_angeles: date | None, in_tirana: date | None
) -> None:
    evidence = {"OPTIN_TIME": recorded}
    days = [consent_day(evidence, IMPORTED, ZoneInfo(each)) for each in ZONES]
    assert days == [in_los_angeles, in_tirana]
