"""The snapshot: what is known of a person when somebody asks whether a message may go to them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from operator import attrgetter
from types import MappingProxyType
from typing import Any, Literal, NamedTuple, get_args

from widget_backend.rules.later_words import Times
from widget_backend.rules.state import State
from widget_backend.site.channels import Channel
from widget_backend.site.filters import Value
from widget_backend.site.places import Zones
from widget_backend.site.sending import Segment, ServiceMessage

Context = Literal["open-cart", "service-case", "order-on-its-way"]
CONTEXTS: tuple[Context, ...] = get_args(Context)
"""What a person is busy with, so that no marketing message should come in between (S1.2)."""

NOTHING: Mapping[Any, Any] = MappingProxyType({})


@dataclass(frozen=True)
class Message:
    """What somebody wants to send. A `service` message has no topic, since nobody can leave it.

    It is for the people of a `segment`, if there is one. `more_important` is what is planned with a
    higher priority.
    """

    campaign: str
    topic: str | None
    channel: Channel
    service: ServiceMessage | None = None
    more_important: tuple[Ahead, ...] = ()
    segment: Segment | None = None

    @property
    def topics(self) -> set[str]:
        """Its topic, and those of what is more important."""
        topics = {self.topic, *(each.message.topic for each in self.more_important)}
        return {each for each in topics if each}


class Ahead(NamedTuple):
    """A message that is planned, and for when, in seconds since 1970."""

    message: Message
    at: int


class Attempt(NamedTuple):
    """A message that was sent, whatever became of it, or for which a place is taken.

    `at` is in seconds since 1970; `topic` is the one that its campaign had then. What `is_planned`
    has a place, and was not sent yet.
    """

    at: int
    topic: str | None
    channel: Channel
    counts: bool = True
    is_planned: bool = False


class Address(NamedTuple):
    """What is known of an address or number: whether the person confirmed it, or an import had
    evidence that it is theirs, and whether messages to it came back for good."""

    is_confirmed: bool
    is_undeliverable: bool = False


class Snapshot(NamedTuple):
    """What is known of a person at one moment.

    `addresses` are by kind: email, phone, post. `attempts` are in the order of time, as far back as
    any window reaches, and ahead. `contexts` say until when each lasts. The person lives by one of
    the clocks of `zones`, and in this `country` (ISO 3166-1), if that is known. `fields` are those
    whose values still hold.
    """

    state: State
    zones: Zones
    times: Times = Times()
    addresses: Mapping[str, Address] = NOTHING
    attempts: Sequence[Attempt] = ()
    contexts: Mapping[Context, int] = NOTHING
    is_pending: bool = False
    country: str | None = None
    roles: Collection[str] = ()
    fields: Mapping[str, Value] = NOTHING


@dataclass
class Sent:
    """What was sent to a person, and what they are busy with, for several messages ahead.

    `attempts` are messages that were sent, `places` those that are taken for messages which are
    about to go, by campaign. `contexts` say until when each lasts.
    """

    attempts: list[Attempt] = field(default_factory=list)
    places: dict[str, list[Attempt]] = field(default_factory=dict)
    contexts: dict[Context, int] = field(default_factory=dict)

    @property
    def all_attempts(self) -> list[Attempt]:
        """Those that were sent, and those that are about to be, in the order of time."""
        return sorted(chain(self.attempts, *self.places.values()), key=_when)


_when = attrgetter("at")
