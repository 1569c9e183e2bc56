"""Whether what a site file declares about sending can be kept."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, time

from widget_backend.errors import Finding
from widget_backend.site.clocks import Hours, quiet_until
from widget_backend.site.parts import Parts, Row
from widget_backend.site.places import zones_of

DAYS = [int(datetime(2026, month, 1, tzinfo=UTC).timestamp()) for month in range(1, 13)]
"""One of each month: countries change their clocks on different days."""


def sending_findings(parts: Parts) -> Iterator[Finding]:
    for path, cap in parts.rows("caps"):
        yield from _cap(path, cap, parts)
    campaigns = parts.ids("campaigns")
    for path, message in parts.rows("service_messages"):
        if message["id"] in campaigns:
            reason = f"“{message['id']}” is the id of a campaign already"
            yield Finding(f"{path}.id", reason, "choose another id")
    yield from _quiet_hours(parts)


def _cap(path: str, cap: Row, parts: Parts) -> Iterator[Finding]:
    stretches = {"window", "calendar"} & cap.keys()
    if len(stretches) != 1:
        reason = "has a window and a calendar period" if stretches else "has no stretch of time"
        cure = 'write window = "7 days", or calendar = "week"'
        yield Finding(path, reason, cure)
    topic = cap.get("topic")
    if topic and parts.lacks("topics", topic):
        yield Finding(f"{path}.topic", f"no topic is called “{topic}”", "correct the name")


def _quiet_hours(parts: Parts) -> Iterator[Finding]:
    rows = list(parts.rows("quiet_hours"))
    if not rows or not parts.sound("countries"):
        return
    countries = parts.get("countries") or []
    if not countries:
        cure = 'say where your readers are, as countries = ["AL", "SA"]'
        reason = "is needed once there are quiet hours: by whose clock they are depends on it"
        yield Finding("countries", reason, cure)
        return
    zones = tuple(dict.fromkeys(zone for each in countries for zone in zones_of(each)))
    for path, row in rows:
        hours = Hours(time.fromisoformat(row["starts"]), time.fromisoformat(row["ends"]))
        if any(quiet_until(at, [(hours, zones)]) is None for at in DAYS):
            reason = "leaves no hour that is quiet nowhere in the countries of the site"
            cure = "make them shorter, or name fewer countries"
            yield Finding(path, f"{reason}; people of whom nobody knows where get nothing", cure)
