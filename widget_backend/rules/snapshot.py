"""The snapshot: what is known of a person when somebody asks whether a message may go to them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple, get_args

from widget_backend.rules.later_words import Times
from widget_backend.rules.state import State
from widget_backend.site.channels import Channel
from widget_backend.site.filters import Value
from widget_backend.site.places import Zones
from widget_backend.site.sending import Campaign, Segment, ServiceMessage

Context = Literal["open-cart", "service-case", "order-on-its-way"]
CONTEXTS: tuple[Context, ...] = get_args(Context)
"""What a person is busy with, so that no marketing message should come in between (S1.2)."""


@dataclass(frozen=True)
class Message:
    """What somebody wants to send. A `service` message has no topic, since nobody can leave it.

    It is for the people of a `segment`, if there is one. `more_important` are the campaigns of a
    higher priority that are planned.
    """

    campaign: str
    topic: str | None
    channel: Channel
    service: ServiceMessage | None = None
    more_important: tuple[Campaign, ...] = ()
    segment: Segment | None = None


class Attempt(NamedTuple):
    """A message that was sent, whatever became of it, or for which a place is taken.

    `at` is in seconds since 1970; `topic` is the one that its campaign had then.
    """

    at: int
    topic: str | None
    channel: Channel
    counts: bool = True


@dataclass(frozen=True)
class Address:
    """What is known of an address or number: whether the person confirmed it, and whether messages
    to it came back for good."""

    is_confirmed: bool
    is_undeliverable: bool = False


@dataclass(frozen=True)
class Snapshot:
    """What is known of a person at one moment.

    `addresses` are by kind: email, phone, post. `attempts` are in the order of time, as far back as
    any window reaches, and ahead. `contexts` say until when each lasts. The person lives by one of
    the clocks of `zones`, and in this `country` (ISO 3166-1), if that is known. `fields` are those
    whose values still hold.
    """

    state: State
    zones: Zones
    times: Times = field(default_factory=Times)
    addresses: Mapping[str, Address] = field(default_factory=dict)
    attempts: Sequence[Attempt] = ()
    contexts: Mapping[Context, int] = field(default_factory=dict)
    is_pending: bool = False
    country: str | None = None
    roles: Collection[str] = ()
    fields: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True)
class Sent:
    """What was sent to a person, and what they are busy with, for several messages ahead.

    `attempts` are messages that were sent, in the order of time, `places` those that are taken for
    messages which are about to go, by campaign. `contexts` say until when each lasts.
    """

    attempts: Sequence[Attempt] = ()
    places: Mapping[str, Sequence[Attempt]] = field(default_factory=dict)
    contexts: Mapping[Context, int] = field(default_factory=dict)
