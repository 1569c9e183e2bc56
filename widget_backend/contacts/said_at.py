"""When somebody agreed, left, or mail to them came back, as the times in a row say."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from widget_backend.contacts.platform import Kind, Platform
from widget_backend.contacts.times import latest_possible_time, read_time


def said_at(
    platform: Platform, kind: Kind, recorded: Mapping[str, str], latest: datetime
) -> int | None:
    """In seconds since 1970; None if the row does not say it.

    An agreement that is still to come, after the `latest` time that can be now, is none.
    """
    if kind == "subscribed":
        times = [read_time(recorded.get(name, "")) for name in platform.agreed]
        return max((_seconds(each) for each in times if each and each <= latest), default=None)
    if kind == "cleaned":
        return _first_time(recorded, platform.bounced)
    left = [recorded[name] for name in platform.left if name in recorded]
    for at in (*map(read_time, left), *map(latest_possible_time, left)):
        if at:
            return _seconds(at)
    return _first_time(recorded, platform.left_by)


def _first_time(recorded: Mapping[str, str], names: Collection[str]) -> int | None:
    times = (read_time(recorded.get(name, "")) for name in names)
    return next((_seconds(at) for at in times if at), None)


def _seconds(at: datetime) -> int:
    return int(at.timestamp())
