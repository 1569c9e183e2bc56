"""The page of a contact plan: one HTML file that asks for nothing else, and has no script."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from jinja2 import FileSystemLoader, StrictUndefined
from markupsafe import Markup

from widget_backend.i18n.compiled_templates import TranslatedEnvironment
from widget_backend.i18n.languages import Language, bdi
from widget_backend.planning import calendar
from widget_backend.planning.bars import WIDTH as BARS_WIDTH
from widget_backend.planning.bars import BarsOfTopic, bars_of
from widget_backend.planning.calendar import Painter
from widget_backend.planning.words import WhyNot, headline, reasons, topic_name
from widget_backend.rules.plan import Planned
from widget_backend.rules.plan_tally import CampaignTally, PlanTally, TopicTally
from widget_backend.site.model import Theme
from widget_backend.text import sentence_start
from widget_backend.web.labels import channel_name

TEMPLATES = Path(__file__).parents[1] / "templates"
COLOURS = 8
"""How many colours topics have; then they begin again, since each topic is named as well."""


@dataclass(frozen=True)
class CampaignRow:
    """A campaign in the table, and in the list that small windows have in place of the calendar."""

    id: str
    day: str
    time: str
    week: int
    topic: str
    colour: int
    channel: str
    sender: str
    priority: str
    audience: str
    cap: str
    more_important: str
    too_soon: str
    reasons: tuple[WhyNot, ...]


@dataclass(frozen=True)
class TopicWeek:
    """A topic in a week, whose name it has, or in the whole plan."""

    name: str
    messages: str
    promised: str
    silent: str
    could: str


@dataclass(frozen=True)
class TopicSection:
    name: str
    colour: int
    bars: BarsOfTopic
    weeks: tuple[TopicWeek, ...]
    whole: TopicWeek


def plan_page(tally: PlanTally, language: Language) -> str:
    """The page in this language. The site of the tally is in it too."""
    view = _View(tally, language)
    style = _style(tally.site.theme)
    template = _templates(language).get_template("planning/plan.html")
    return template.render(
        language=language,
        site=tally.site,
        style=style,
        style_hash=b64encode(sha256(style.encode()).digest()).decode(),
        headline=headline(language, tally),
        size={"calendar": calendar.WIDTH, "chip": calendar.CHIP, "bars": BARS_WIDTH},
        **view.values(),
    )


def _style(theme: Theme) -> Markup:
    """As it stands in the page: colours are checked, and nothing in it ends the element."""
    rules = (TEMPLATES / "planning" / "plan.css").read_text(encoding="utf-8")
    return Markup(f":root {{ --accent: {theme.accent} }}\n{rules}")  # noqa: S704 - see above


@cache
def _templates(language: Language) -> TranslatedEnvironment:
    """Those in one language, without what only a request has."""
    templates = TranslatedEnvironment(
        language.translations,
        {},
        loader=FileSystemLoader(TEMPLATES),
        undefined=StrictUndefined,
    )
    templates.filters.update(bdi=bdi, sentence_start=sentence_start)
    return templates


@dataclass(frozen=True)
class _View:
    """What the template shows, in words and numbers of the language."""

    tally: PlanTally
    language: Language

    def values(self) -> dict[str, Any]:
        tally, language = self.tally, self.language
        first, last = tally.span[0].first, tally.span[-1].last
        at = tally.site.local_time(tally.now)
        return {
            "days": language.days(first, last, year=True),
            "worked_out": f"{language.date(at.date())}, {language.time(at)}",
            "weeks": self._painter().weeks(),
            "week_rows": list(self._weeks()),
            "campaigns": list(self._campaigns()),
            "topics": list(self._topics()),
            "whole": self._people(tally.whole),
            "people": language.number(tally.people),
        }

    def _painter(self) -> Painter:
        return Painter(self.tally, self.language, self._colours)

    @property
    def _colours(self) -> dict[str, int]:
        """The colour of each topic, by its place in the site file."""
        topics = dict.fromkeys(topic for topic, _ in self.tally.topics)
        return {topic: place % COLOURS for place, topic in enumerate(topics)}

    def _people(self, of: Any) -> dict[str, str]:
        number = self.language.number
        names = ("messages", "could", "silent", "capped", "most")
        return {name: number(getattr(of, name)) for name in names} | {
            "hearing": number(of.could - of.silent)
        }

    def _weeks(self) -> Iterator[dict[str, str]]:
        for week, of in zip(self.tally.span, self.tally.weeks, strict=True):
            yield {"name": self.language.days(week.first, week.last), **self._people(of)}

    def _campaigns(self) -> Iterator[CampaignRow]:
        for planned, of in self.tally.listed:
            yield self._campaign(planned, of)

    def _campaign(self, planned: Planned, of: CampaignTally) -> CampaignRow:
        language, site, campaign = self.language, self.tally.site, planned.campaign
        at = site.local_time(planned.at)
        cap, priority, frequency = (
            language.number(of.stopped_by(rule)) for rule in ("cap", "priority", "frequency")
        )
        return CampaignRow(
            id=campaign.id,
            day=language.short_date(at.date(), weekday=True),
            time=language.time(at),
            week=planned.week or 0,
            topic=topic_name(site, campaign.topic),
            colour=self._colours[campaign.topic],
            channel=sentence_start(channel_name(language, campaign.channel)),
            sender=campaign.sender,
            priority=language.number(campaign.priority),
            audience=language.number(of.audience),
            cap=cap,
            more_important=priority,
            too_soon=frequency,
            reasons=tuple(reasons(language, of, campaign.channel)),
        )

    def _topics(self) -> Iterator[TopicSection]:
        tally = self.tally
        for topic in tally.topic_ids:
            yield TopicSection(
                topic_name(tally.site, topic),
                self._colours[topic],
                bars_of(tally, topic, self.language),
                tuple(
                    self._topic_week(self.language.days(week.first, week.last), of)
                    for number, week in enumerate(tally.span)
                    for of in [tally.topics[topic, number]]
                ),
                self._topic_week("", tally.whole_topics[topic]),
            )

    def _topic_week(self, name: str, of: TopicTally) -> TopicWeek:
        counts = (of.messages, of.expected, of.silent, of.could)
        return TopicWeek(name, *map(self.language.number, counts))
