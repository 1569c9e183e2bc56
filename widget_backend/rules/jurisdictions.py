"""Jurisdictions: what the laws of a place say about marketing messages, each value with its source.

A key of `jurisdictions.toml` is declared here, once, as a field of a dataclass, like those of a
site file (`site/schema.py`). Nothing here is legal advice.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Annotated, Any, Literal, get_args

from marshmallow import fields

from widget_backend.rules.periods import AT_ONCE, Period, read_period
from widget_backend.site.channels import CHANNELS, Channel
from widget_backend.site.keys import Countries, Identifier, Words, one, some
from widget_backend.site.values import YesNo, complain, one_of

Basis = Literal["opt-in", "opt-out"]
Contact = Literal["purchase", "inquiry"]
Named = Literal["identity", "postal_address", "contact", "marketing_label", "way_out"]
Reward = Literal["yes", "if_free", "no"]

BASES: tuple[Basis, ...] = get_args(Basis)
CONTACTS: tuple[Contact, ...] = get_args(Contact)
NAMED: tuple[Named, ...] = get_args(Named)
REWARDS: tuple[Reward, ...] = get_args(Reward)
"""From the most lenient to the strictest."""


class Day(fields.Field[date]):
    """TOML's date."""

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> date:
        if not isinstance(value, date) or isinstance(value, datetime):
            raise complain(f"“{value}” is not a date", "write it as 2026-11-30, unquoted")
        return value


class TimeOfDay(fields.Field[time]):
    """TOML's time."""

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> time:
        if not isinstance(value, time):
            raise complain(f"“{value}” is not a time", "write it as 09:00:00, unquoted")
        return value


class PeriodKey(fields.Field[Period]):
    """A period, in words."""

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> Period:
        period = read_period(value) if isinstance(value, str) else None
        if period is None:
            cure = f"write it as 30 days, 10 business days, 1 month or {AT_ONCE}, in quotes"
            raise complain(f"“{value}” is not a period", cure)
        return period


@dataclass(frozen=True)
class Source:
    """Where a value stands, and whether anybody read it there for this project.

    `text` names the law and the article. `read_on` is when it was read; of one that nobody has
    `seen`, when it was written down from memory. `copy` is what was read.
    """

    text: Words
    read_on: Annotated[date, Day()]
    seen: Annotated[bool, YesNo()]
    copy: Words = ""


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One value of a law. `law` is the id of the jurisdiction that it is from."""

    source: Source
    law: str = ""


@dataclass(frozen=True, kw_only=True)
class BasisRule(Rule):
    """Whether people must agree before the first message, or may only refuse after it.

    It is of all channels, or of those that it names.
    """

    value: Annotated[Basis, one(one_of(BASES, "basis"))]
    channels: Annotated[tuple[Channel, ...], some(one_of(CHANNELS, "channel"))] = ()


@dataclass(frozen=True, kw_only=True)
class ImpliedConsent(Rule):
    """Consent that nobody has to ask for (“soft opt-in”): after a purchase or an inquiry.

    It ends after so many `months`, or only when the person says no, and is for nothing but `only`.
    It is of all channels, or of those that it names.
    """

    after: Annotated[Contact, one(one_of(CONTACTS, "contact"))]
    channels: Annotated[tuple[Channel, ...], some(one_of(CHANNELS, "channel"))] = ()
    months: Annotated[int, fields.Integer(strict=True)] | None = None
    only: Words = ""


@dataclass(frozen=True, kw_only=True)
class Hours(Rule):
    """When messages of a channel may arrive, by the clocks of `country`."""

    channel: Annotated[Channel, one(one_of(CHANNELS, "channel"))]
    starts: Annotated[time, TimeOfDay()]
    ends: Annotated[time, TimeOfDay()]
    country: str = ""


@dataclass(frozen=True, kw_only=True)
class PeriodRule(Rule):
    value: Annotated[Period, PeriodKey()]


@dataclass(frozen=True, kw_only=True)
class NamedRule(Rule):
    value: Annotated[Named, one(one_of(NAMED, "thing that a message names"))]


@dataclass(frozen=True, kw_only=True)
class RewardRule(Rule):
    value: Annotated[Reward, one(one_of(REWARDS, "answer"))]


@dataclass(frozen=True, kw_only=True)
class YesNoRule(Rule):
    value: Annotated[bool, YesNo()]


@dataclass(frozen=True, kw_only=True)
class TextRule(Rule):
    value: Words


@dataclass(frozen=True, kw_only=True)
class Jurisdiction:
    """What the law of some countries (ISO 3166-1) says; None or nothing where nobody looked it up.

    - `other_bases`: channels for which the basis is another one
    - `opt_out_within`: until when an opt-out must have its effect everywhere
    - `answer_within`: until when a request (for data, for erasure …) must be answered
    - `link_works`: how long the way out of a message must work
    - `way_out`: what else holds for it
    - `evidence`, `evidence_kept`: what to keep, and how long after the last message
    - `must_name`: what each message must name
    - `may_preselect`: whether a box may be ticked before the person has ticked it
    - `may_reward`: whether consent may bring an advantage: `if_free` means that a refusal must
      cost nothing
    """

    id: Identifier
    name: Words
    countries: Countries
    basis: BasisRule
    other_bases: tuple[BasisRule, ...] = ()
    exemptions: tuple[TextRule, ...] = ()
    implied_consent: tuple[ImpliedConsent, ...] = ()
    hours: tuple[Hours, ...] = ()
    opt_out_within: PeriodRule | None = None
    answer_within: PeriodRule | None = None
    link_works: PeriodRule | None = None
    way_out: tuple[TextRule, ...] = ()
    evidence: tuple[TextRule, ...] = ()
    evidence_kept: PeriodRule | None = None
    must_name: tuple[NamedRule, ...] = ()
    may_preselect: YesNoRule | None = None
    may_reward: RewardRule | None = None

    def basis_of(self, channel: Channel) -> BasisRule:
        """The basis of messages that come through this channel."""
        own = (each for each in self.other_bases if channel in each.channels)
        return next(own, self.basis)


@dataclass(frozen=True)
class LawFile:
    """Everything that the file declares."""

    jurisdictions: tuple[Jurisdiction, ...]
