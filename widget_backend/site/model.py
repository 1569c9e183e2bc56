"""The site as the rest of the software knows it: plain, frozen, already checked.

All texts are in one language; `load.SiteInLanguages` holds the same site in each. Sites, topics and
questions are compared by identity, so that what is made of them once can be looked up quickly.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

Channel = Literal["email", "sms", "phone", "post"]
CHANNELS: tuple[Channel, ...] = ("email", "sms", "phone", "post")

Frequency = Literal["daily", "weekly", "every_two_weeks", "monthly", "quarterly"]
FREQUENCIES: tuple[Frequency, ...] = (
    "daily",
    "weekly",
    "every_two_weeks",
    "monthly",
    "quarterly",
)
"""From most to least often (SOURCES S2.6)."""

QuestionKind = Literal["yes_no", "one", "several", "number", "text", "picture", "colour"]
QUESTION_KINDS: tuple[QuestionKind, ...] = (
    "yes_no",
    "one",
    "several",
    "number",
    "text",
    "picture",
    "colour",
)
CHOICE_KINDS: frozenset[QuestionKind] = frozenset({"one", "several", "picture", "colour"})
MANY_KINDS: frozenset[QuestionKind] = frozenset({"several", "colour"})
"""Kinds whose answer is a list: several options at once."""

Term = Literal["short", "long"]
TERMS: tuple[Term, ...] = ("short", "long")

CONTACT_COLUMNS = ("email", "language", "status", "paused_until")
"""The columns of an export that stand before those of the topics."""


@dataclass(frozen=True)
class Theme:
    """The sender's look. Colours are `#rrggbb`; `logo` is an SVG or PNG beside the site file."""

    logo: Path | None = None
    accent: str = "#1f5a4c"
    on_accent: str = "#ffffff"


@dataclass(frozen=True)
class Role:
    """What a subscriber is to the sender, set by the organisation and not by the person (S2.4)."""

    id: str
    name: str
    owner: str = ""


@dataclass(frozen=True, eq=False)
class Topic:
    """A kind of communication, named for the subscriber (S2.2, S2.5).

    Shown to everyone when `roles` is empty, else to people who have one of them. The first
    channel and the first frequency are what a person gets who only ticks the topic.
    """

    id: str
    name: str
    benefit: str
    expect: str
    channels: tuple[Channel, ...]
    frequencies: tuple[Frequency, ...]
    roles: tuple[str, ...] = ()


@dataclass(frozen=True)
class Option:
    """One possible answer. `colour` is `#rrggbb`; `picture` is the text of a checked SVG."""

    id: str
    text: str
    colour: str | None = None
    picture: str | None = None


@dataclass(frozen=True)
class Condition:
    """A follow-up is asked only of people who gave this answer to another question."""

    question: str
    answer: str


@dataclass(frozen=True, eq=False)
class Question:
    """One thing to know about a person.

    `lifespan_days` is how long an answer stays true (None: for good); afterwards it is asked
    again. `minimum` and `maximum` bound numbers; `maximum` is also the most characters of a
    short text. `none` is the text of the option "none of these", only for several of several.
    """

    id: str
    kind: QuestionKind
    text: str
    why: str
    term: Term
    hint: str = ""
    lifespan_days: int | None = None
    sensitive: bool = False
    options: tuple[Option, ...] = ()
    none: str = ""
    minimum: int | None = None
    maximum: int | None = None
    ask_if: Condition | None = None


@dataclass(frozen=True)
class Stage:
    """The one or two questions asked together."""

    id: str
    title: str
    questions: tuple[str, ...]


@dataclass(frozen=True)
class Follow:
    """One more channel where the sender can be followed (S2.12)."""

    name: str
    url: str


Source = Literal["choices", "answers", "purchases"]
SOURCES: tuple[Source, ...] = ("choices", "answers", "purchases")
"""What a segment can be built on; the last two tell what only the person should see."""


@dataclass(frozen=True, eq=False)
class Segment:
    """A filter on profiles, with a public sentence for the people in it (S2.3)."""

    id: str
    sentence: str
    built_on: tuple[Source, ...] = ("choices",)


@dataclass(frozen=True, eq=False)
class Campaign:
    """One send. It belongs to a topic, which is what unsubscribing from it leaves (S2.3)."""

    id: str
    topic: str
    sentence: str
    segment: str | None = None


PROMPT_RETURNS_AFTER_DAYS = 30
"""How long a prompt that somebody closed stays closed, unless the site says otherwise."""


@dataclass(frozen=True, eq=False)
class Site:
    """Everything that one SITE.toml declares."""

    id: str
    name: str
    url: str
    source_language: str
    locales: tuple[str, ...]
    legal_address: str
    mail_from: str
    privacy_policy: str
    why_we_write: str
    data_use: str
    topics: tuple[Topic, ...]
    file: Path
    origins: tuple[str, ...] = ()
    frame_origins: tuple[str, ...] = ()
    theme: Theme = field(default_factory=Theme)
    roles: tuple[Role, ...] = ()
    questions: tuple[Question, ...] = ()
    stages: tuple[Stage, ...] = ()
    follow: tuple[Follow, ...] = ()
    segments: tuple[Segment, ...] = ()
    campaigns: tuple[Campaign, ...] = ()
    unsubscribe_mail: str = ""
    prompt_returns_after_days: int = PROMPT_RETURNS_AFTER_DAYS

    def topic(self, topic_id: str) -> Topic | None:
        return next((topic for topic in self.topics if topic.id == topic_id), None)

    def question(self, question_id: str) -> Question | None:
        return next((each for each in self.questions if each.id == question_id), None)

    def stage(self, stage_id: str) -> Stage | None:
        return next((stage for stage in self.stages if stage.id == stage_id), None)

    def campaign(self, campaign_id: str) -> Campaign | None:
        return next((each for each in self.campaigns if each.id == campaign_id), None)
