"""Moments that somebody types: a day, or a day and an hour by the site's clock."""

from __future__ import annotations

from datetime import datetime, timedelta

from widget_backend.errors import FileRefused
from widget_backend.site.clocks import LATEST
from widget_backend.site.model import Site

WRITE_IT = "write it like 2026-12-01T09:00, by the site’s clock, or with an offset: …T09:00+01:00"


def moment(site: Site, option: str, typed: str) -> int:
    """Seconds since 1970. Raises FileRefused for what is no time."""
    try:
        at = datetime.fromisoformat(typed)
        seconds = int((at if at.tzinfo else at.replace(tzinfo=site.zone)).timestamp())
    except (ValueError, OverflowError) as error:
        raise FileRefused(str(site.file), f"{option} {typed}: is no time", WRITE_IT) from error
    if seconds >= LATEST:
        raise FileRefused(
            str(site.file), f"{option} {typed}: is too far ahead", "name a year before 9000"
        )
    return seconds


def end_of(site: Site, option: str, typed: str) -> int:
    """The same for the time at which something ends: a day without an hour ends at its midnight."""
    begins = moment(site, option, typed)
    if len(typed) > len("2026-12-01"):
        return begins
    return int((site.local_time(begins) + timedelta(days=1)).timestamp())


def later_moment(site: Site, option: str, typed: str | None, now: int) -> int:
    """The same, and `now` if nothing was typed. Raises FileRefused for a moment that is past."""
    if typed is None:
        return now
    at = moment(site, option, typed)
    if at < now:
        raise FileRefused(str(site.file), f"{option} {typed}: is past", "name a later one, or none")
    return at
