"""Consents: on which day a person agreed, according to what another system recorded."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date

from widget_backend.contacts.times import read_time

TIMES = ("CONFIRM_TIME", "OPTIN_TIME", "consented_on")
"""The evidence that may hold the day, best first: Mailchimp's times, or what the importer said."""


def consent_day(evidence: Mapping[str, str], imported: date) -> date | None:
    """The day of a consent that was imported on another day, in UTC; None if none can be read.

    A day after the import does not count: a column holds something else, or its clock was wrong.
    """
    times = (read_time(evidence.get(name, "")) for name in TIMES)
    days = (at.astimezone(UTC).date() for at in times if at)
    return next((day for day in days if day <= imported), None)
