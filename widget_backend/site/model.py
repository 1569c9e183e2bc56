"""What a site file declares: its keys, and the site as the rest of the software knows it.

A key is declared here, once, as a field of a dataclass; `schema.py` reads these fields. A key
enters with the feature that gives it effect; unknown keys are errors.

A `Site` is frozen and already checked. All its texts are in one language; `load.SiteInLanguages`
holds the same site in each. Sites, topics and questions are compared by identity, so that what is
made of them once can be looked up quickly.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Literal, get_args
from zoneinfo import ZoneInfo

from widget_backend.site.channels import (
    Channels,
    Frequencies,
)
from widget_backend.site.evidence import Evidence, PurposeName
from widget_backend.site.keys import (
    AnswerId,
    Colour,
    Countries,
    Days,
    Identifier,
    Identifiers,
    LanguageTag,
    LanguageTags,
    Line,
    MailAddress,
    Number,
    Origin,
    Origins,
    Paragraph,
    Region,
    TimeZone,
    Unit,
    WebAddress,
    Words,
    one,
)
from widget_backend.site.logo import Logo
from widget_backend.site.sending import Campaign, Cap, QuietHours, Segment, ServiceMessage
from widget_backend.site.time_values import is_stated_day
from widget_backend.site.values import LogoFile, Picture, YesNo, is_line, one_of

QuestionKind = Literal["yes_no", "one", "several", "number", "text", "picture", "colour"]
QUESTION_KINDS: tuple[QuestionKind, ...] = get_args(QuestionKind)
CHOICE_KINDS: frozenset[QuestionKind] = frozenset({"one", "several", "picture", "colour"})
MANY_KINDS: frozenset[QuestionKind] = frozenset({"several", "colour"})
"""Kinds whose answer is a list: several options at once."""

FieldKind = Literal["text", "number", "date", "yes_no"]
FIELD_KINDS: tuple[FieldKind, ...] = get_args(FieldKind)

Gives = Literal["country", "region", "time_zone"]
GIVES: tuple[Gives, ...] = get_args(Gives)

Term = Literal["short", "long"]
TERMS: tuple[Term, ...] = get_args(Term)

UTC = "UTC"
"""The time zone of a site that names none."""

PROMPT_RETURNS_AFTER_DAYS = 30
"""How long a prompt that somebody closed stays closed, unless the site says otherwise."""


# ── tables ──────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Theme:
    """The sender's look. Colours are `#rrggbb`; `logo` is an SVG or PNG beside the site file."""

    logo: Annotated[Logo, LogoFile(validate=is_line)] | None = None
    accent: Colour = "#1f5a4c"
    on_accent: Colour = "#ffffff"


@dataclass(frozen=True)
class Role:
    """What a subscriber is to the sender, set by the organisation and not by the person."""

    id: Identifier
    name: Words
    owner: Line = ""


@dataclass(frozen=True)
class Group:
    """A heading over some of the topics, for a list that is long."""

    id: Identifier
    name: Words


@dataclass(frozen=True, eq=False)
class Topic:
    """A kind of communication, named for the subscriber.

    Shown to everyone when `roles` is empty, else to people who have one of them. The first
    channel and the first frequency are what a person gets who only ticks the topic; a topic that
    lists none has those of the site. `group` is the id of the group under whose name it stands.
    `dpv_purpose` is what receipts call it in all languages.
    """

    id: Identifier
    name: Words
    benefit: Words
    expect: Words
    channels: Channels = ()
    frequencies: Frequencies = ()
    roles: Identifiers = ()
    group: Identifier | None = None
    dpv_purpose: PurposeName = "DirectMarketing"


@dataclass(frozen=True)
class Option:
    """One possible answer. `colour` is `#rrggbb`; `picture` is the text of a checked SVG."""

    id: Identifier
    text: Words
    colour: Colour | None = None
    picture: Annotated[str, Picture(validate=is_line)] | None = None


@dataclass(frozen=True)
class Condition:
    """A follow-up is asked only of people who gave this answer to another question."""

    question: Identifier
    answer: AnswerId


@dataclass(frozen=True, eq=False)
class Question:
    """One thing to know about a person.

    `lifespan_days` is how long an answer stays true (None: for good); afterwards it is asked
    again. `minimum` and `maximum` bound numbers; `maximum` is also the most characters of a
    short text. `none` is the text of the option "none of these", only for several of several.
    """

    id: Identifier
    kind: Annotated[QuestionKind, one(one_of(QUESTION_KINDS, "kind of question"))]
    text: Words
    why: Words
    term: Annotated[Term, one(one_of(TERMS, "term"))]
    hint: Words = ""
    lifespan_days: Days | None = None
    sensitive: Annotated[bool, YesNo()] = False
    options: tuple[Option, ...] = ()
    none: Words = ""
    minimum: Number | None = None
    maximum: Number | None = None
    ask_if: Condition | None = None


@dataclass(frozen=True, eq=False)
class ProfileField:
    """One thing that other systems know of people, and that is kept of it.

    `unit` is of numbers: a currency (ISO 4217), or a sign such as kg. After `lifespan_days` (None:
    never) a value is no longer used, and deleted. One that is not `shown` stands in a person's
    download alone. What it `gives` is known as that of the person: a country (ISO 3166-1), a region
    (ISO 3166-2) or a time zone (IANA).
    """

    id: Identifier
    name: Words
    kind: Annotated[FieldKind, one(one_of(FIELD_KINDS, "kind of field"))]
    unit: Unit = ""
    lifespan_days: Days | None = None
    shown: Annotated[bool, YesNo()] = True
    gives: Annotated[Gives, one(one_of(GIVES, "thing that a field gives"))] | None = None


@dataclass(frozen=True)
class Stage:
    """The one or two questions asked together."""

    id: Identifier
    title: Words
    questions: Identifiers


@dataclass(frozen=True)
class Follow:
    """One more channel where the sender can be followed."""

    name: Words
    url: WebAddress


@dataclass(frozen=True, eq=False, kw_only=True)
class Site:
    """Everything that one SITE.toml declares. `file` is where that is.

    `time_zone` is a name of the IANA database, such as Europe/Tirane, and `region` the country of
    phone numbers that have no country code, such as AL. `countries` are where its readers are.
    Numbers that nobody confirmed get messages only with `unverified_numbers`.
    With `evidence`, people can download receipts of their consent.
    `topics` are in the order in which people see them: those without a group, then group by group.
    """

    id: Identifier
    name: Words
    url: Origin
    source_language: LanguageTag
    locales: LanguageTags
    time_zone: TimeZone = UTC
    region: Region = ""
    countries: Countries = ()
    origins: Origins = ()
    frame_origins: Origins = ()
    legal_address: Paragraph
    mail_from: MailAddress
    privacy_policy: WebAddress
    why_we_write: Paragraph
    data_use: Paragraph
    theme: Theme = field(default_factory=Theme)
    channels: Channels = ()
    frequencies: Frequencies = ()
    roles: tuple[Role, ...] = ()
    groups: tuple[Group, ...] = ()
    topics: tuple[Topic, ...]
    questions: tuple[Question, ...] = ()
    stages: tuple[Stage, ...] = ()
    fields: tuple[ProfileField, ...] = ()
    follow: tuple[Follow, ...] = ()
    segments: tuple[Segment, ...] = ()
    campaigns: tuple[Campaign, ...] = ()
    caps: tuple[Cap, ...] = ()
    quiet_hours: tuple[QuietHours, ...] = ()
    service_messages: tuple[ServiceMessage, ...] = ()
    unverified_numbers: Annotated[bool, YesNo()] = False
    evidence: Evidence | None = None
    unsubscribe_mail: MailAddress = ""
    prompt_returns_after_days: Days = PROMPT_RETURNS_AFTER_DAYS
    file: Path

    @property
    def zone(self) -> ZoneInfo:
        """The clocks where the site is."""
        return ZoneInfo(self.time_zone)

    def local_time(self, at: int) -> datetime:
        """A moment, in seconds since 1970, by the clocks where the site is."""
        return datetime.fromtimestamp(at, self.zone)

    def local_day(self, at: int) -> date:
        """Its day there. A day that was stated without a time is that day everywhere."""
        began = datetime.fromtimestamp(at, ZoneInfo(UTC))
        return began.date() if is_stated_day(at) else self.local_time(at).date()

    def moment(self, campaign: Campaign) -> int:
        """When a campaign is planned that is, in seconds since 1970."""
        assert campaign.at is not None
        at = campaign.at if campaign.at.tzinfo else campaign.at.replace(tzinfo=self.zone)
        return int(at.timestamp())

    def topic(self, topic_id: str) -> Topic | None:
        return next((topic for topic in self.topics if topic.id == topic_id), None)

    def group(self, group_id: str) -> Group | None:
        return next((group for group in self.groups if group.id == group_id), None)

    def question(self, question_id: str) -> Question | None:
        return next((each for each in self.questions if each.id == question_id), None)

    def field(self, field_id: str) -> ProfileField | None:
        return next((each for each in self.fields if each.id == field_id), None)

    def stage(self, stage_id: str) -> Stage | None:
        return next((stage for stage in self.stages if stage.id == stage_id), None)

    def segment(self, segment_id: str) -> Segment | None:
        return next((each for each in self.segments if each.id == segment_id), None)

    def campaign(self, campaign_id: str) -> Campaign | None:
        return next((each for each in self.campaigns if each.id == campaign_id), None)
