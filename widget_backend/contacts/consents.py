"""Consents: on which day somebody agreed, by what another system recorded."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date

from widget_backend.contacts.times import read_time

TIMES = ("CONFIRM_TIME", "OPTIN_TIME", "consented_on")
"""Where a day may stand: as Mailchimp writes its times, else as the importer gave it."""


def consent_day(evidence: Mapping[str, str], imported: date) -> date | None:
    """The day, in UTC, of the consent that was brought in on another; None if nobody can read one.

    A day after the import is none: a column holds something else, or its clock ran ahead.
    """
    times = (read_time(evidence.get(name, "")) for name in TIMES)
    days = (at.astimezone(UTC).date() for at in times if at)
    return next((day for day in days if day <= imported), None)
