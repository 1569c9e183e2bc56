"""On which day somebody agreed, by what another system recorded."""

from __future__ import annotations

from datetime import date

import pytest

from widget_backend.contacts.consents import consent_day

IMPORTED = date(2026, 11, 29)
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
    assert consent_day(evidence, IMPORTED) == day
