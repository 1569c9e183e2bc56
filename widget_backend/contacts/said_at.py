"""When somebody agreed, left, or mail to them came back, as the times in a row say."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

from widget_backend.contacts.platform import Kind, Platform
from widget_backend.contacts.times import latest_possible_time, read_time

AHEAD = timedelta(hours=14)
"""By how much a local time can be ahead of UTC."""


def said_at(
    platform: Platform, kind: Kind, recorded: Mapping[str, str], now: datetime
) -> int | None:
    """In seconds since 1970; None if the row does not say it."""
    if kind == "subscribed":
        times = [read_time(recorded.get(name, "")) for name in platform.agreed]
        agreed = (_agreed_at(each, now) for each in times if each)
        return max((each for each in agreed if each is not None), default=None)
    if kind == "cleaned":
        return _first_time(recorded, platform.bounced)
    left = [recorded[name] for name in platform.left if name in recorded]
    for at in (*map(read_time, left), *map(latest_possible_time, left)):
        if at:
            return _seconds(at)
    return _first_time(recorded, platform.left_by)


def _agreed_at(at: datetime, now: datetime) -> int | None:
    """One that is still to come is the local time of an eastern zone: it counts from the earliest
    that it can mean, so that no list of people who left loses against it. Later ones are none."""
    if at <= now:
        return _seconds(at)
    return _seconds(at - AHEAD) if at - AHEAD <= now else None


def _first_time(recorded: Mapping[str, str], names: Collection[str]) -> int | None:
    times = (read_time(recorded.get(name, "")) for name in names)
    return next((_seconds(at) for at in times if at), None)


def _seconds(at: datetime) -> int:
    return int(at.timestamp())
