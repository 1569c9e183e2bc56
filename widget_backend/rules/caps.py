"""Caps: which messages they count, and when they have room for one more."""

from __future__ import annotations

from collections.abc import Sequence

from widget_backend.rules.snapshot import Attempt
from widget_backend.rules.windows import earliest, earliest_in_calendar
from widget_backend.site.channels import Channel
from widget_backend.site.places import Zones
from widget_backend.site.sending import Cap


def covers(cap: Cap, topic: str | None, channel: Channel) -> bool:
    """Whether it counts messages of this topic by this channel."""
    return (cap.topic is None or cap.topic == topic) and (
        cap.channel is None or cap.channel == channel
    )


def counted(cap: Cap, attempts: Sequence[Attempt]) -> list[int]:
    """The moments of those that it counts, in their order."""
    return [each.at for each in attempts if each.counts and covers(cap, each.topic, each.channel)]


def next_within(cap: Cap, times: Sequence[int], at: int, zones: Zones) -> int:
    """The first moment from `at` on at which it has room for one more beside these."""
    if cap.calendar:
        return earliest_in_calendar(times, at, cap.most, cap.calendar, zones)
    return earliest(times, at, cap.most, cap.seconds)
