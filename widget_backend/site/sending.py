"""What the owner declares about sending: campaigns, caps, quiet hours, service messages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time
from functools import cached_property
from typing import Annotated, Literal, get_args

from widget_backend.site.channels import Channels, OneChannel
from widget_backend.site.clocks import Hours
from widget_backend.site.filters import Filter, FilterKey
from widget_backend.site.keys import (
    HourOfDay,
    Identifier,
    Line,
    Moment,
    Number,
    Stretch,
    WholeNumber,
    Words,
    one,
    some,
)
from widget_backend.site.time_values import seconds_of
from widget_backend.site.values import YesNo, one_of

Calendar = Literal["day", "week", "month"]
CALENDARS: tuple[Calendar, ...] = get_args(Calendar)

Ground = Literal["contract", "legal_obligation", "vital_interest", "public_task"]
GROUNDS: tuple[Ground, ...] = get_args(Ground)
"""GDPR 6(1)(b) to (e): what lets somebody write without consent. A legitimate interest is none of
them: who relies on it has a topic, which people can leave."""

BuiltOn = Literal["choices", "answers", "purchases"]
BUILT_ON: tuple[BuiltOn, ...] = get_args(BuiltOn)
"""What a segment can be built on; the last two reveal what only the person should see."""


@dataclass(frozen=True, eq=False)
class Segment:
    """A filter on profiles, with a public sentence for the people in it.

    Without `where` nobody can tell who is in it, and campaigns for it go to nobody.
    """

    id: Identifier
    sentence: Words
    where: Annotated[Filter, FilterKey()] | None = None
    built_on: Annotated[tuple[BuiltOn, ...], some(one_of(BUILT_ON, "source"))] = ("choices",)


@dataclass(frozen=True, eq=False)
class Campaign:
    """One send. It belongs to a topic, which is what unsubscribing from it leaves.

    `at` is when it is planned. Where there is room for one message only, that of the highest
    `priority` goes out. `sender` is who sends it inside the organisation.
    """

    id: Identifier
    topic: Identifier
    sentence: Words
    segment: Identifier | None = None
    at: Moment | None = None
    channel: OneChannel = "email"
    priority: Number = 0
    sender: Line = ""


@dataclass(frozen=True)
class Cap:
    """At most so many messages to a person, from all senders together.

    The stretch of time is a `window` that rolls, to the second, or a `calendar` period by the
    person's clock. `channel` and `topic` limit what counts; without them everything does.
    """

    most: WholeNumber
    window: Stretch = ""
    calendar: Annotated[Calendar, one(one_of(CALENDARS, "period"))] | None = None
    channel: OneChannel | None = None
    topic: Identifier | None = None

    @cached_property
    def seconds(self) -> int:
        """The length of the window; 0 without one."""
        return seconds_of(self.window) if self.window else 0


@dataclass(frozen=True)
class QuietHours:
    """Hours of the day in which nothing comes through these channels, by the person's clock."""

    channels: Channels
    starts: HourOfDay
    ends: HourOfDay

    @property
    def hours(self) -> Hours:
        return Hours(time.fromisoformat(self.starts), time.fromisoformat(self.ends))


@dataclass(frozen=True)
class ServiceMessage:
    """A message that is no marketing, such as the confirmation of an order.

    It needs no consent, for it rests on another legal `ground`, and nothing holds it back. It
    `counts` in the caps of other messages unless that is declared otherwise.
    """

    id: Identifier
    name: Words
    ground: Annotated[Ground, one(one_of(GROUNDS, "legal ground"))]
    counts: Annotated[bool, YesNo()] = True
