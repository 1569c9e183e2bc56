"""Consents: on which day a person agreed, according to what another system recorded."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, tzinfo

from widget_backend.contacts.times import read_day

AGREED = "agreed_at"
"""When somebody agreed, in ISO 8601, where the platform's columns have names of their own."""

TIMES = ("CONFIRM_TIME", "OPTIN_TIME", AGREED, "consented_on")
"""The evidence that may hold the day, best first: Mailchimp’s times, other platforms’, or what the
importer said."""

OURS = {"file", "kind", "consent", "basis", "phone_evidence", "list", "channel", "run"}
"""What the evidence names that is no column of the file."""


def by_column(cells: Mapping[str, str]) -> dict[str, str]:
    """Cells, as the evidence names them: a column that is called as something of ours is a column
    all the same."""
    return {f"column {name}" if name in OURS else name: cell for name, cell in cells.items()}


def consent_day(
    evidence: Mapping[str, str], imported: date, zone: tzinfo, topic: str = ""
) -> date | None:
    """The day of a consent that was imported on another day, both by the clocks of `zone`; None if
    none can be read. An export of our own has a day for each topic.

    A day after the import does not count: a column holds something else, or its clock was wrong.
    """
    days = (read_day(evidence.get(name, ""), zone) for name in (f"{topic}:at", *TIMES))
    return next((day for day in days if day and day <= imported), None)
