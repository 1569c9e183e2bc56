"""Channels and frequencies: through what, and how often, people can be written to."""

from __future__ import annotations

from typing import Annotated, Literal, get_args

from widget_backend.site.keys import one, some
from widget_backend.site.values import one_of

Channel = Literal["email", "sms", "phone", "post"]
CHANNELS: tuple[Channel, ...] = get_args(Channel)

Frequency = Literal["daily", "weekly", "every_two_weeks", "monthly", "quarterly"]
FREQUENCIES: tuple[Frequency, ...] = get_args(Frequency)
"""From most to least often."""

OneChannel = Annotated[Channel, one(one_of(CHANNELS, "channel"))]
Channels = Annotated[tuple[Channel, ...], some(one_of(CHANNELS, "channel"))]
Frequencies = Annotated[tuple[Frequency, ...], some(one_of(FREQUENCIES, "frequency"))]
