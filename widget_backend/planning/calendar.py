"""The calendar of a contact plan: a drawing for each week, in which days are columns.

Each week is a drawing of its own, so that paper breaks between two weeks and not in one. Lengths
are in the units of the drawing, which are pixels where it has its natural width. Whoever reads from
right to left finds the first day on the right.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from widget_backend.i18n.languages import Language
from widget_backend.planning.lettering import ISOLATED, in_lines, shortened
from widget_backend.planning.words import topic_name
from widget_backend.rules.plan import Planned, Week
from widget_backend.rules.plan_tally import CampaignTally, PlanTally

MARGIN, DAY = 112, 150
"""Of the column with the week’s name, and of each day."""
WIDTH = MARGIN + 7 * DAY
HEAD, GAP, LEAST = 36, 6, 92
CHIP = DAY - 10
NAME, SMALL = 13, 11.5
"""Sizes of letters."""
LINES = 3
"""For the name of a campaign, which has 40 letters at the most."""
EDGE, BAR = 14, 5
"""From the side of a chip to its words, and the bar of its colour."""


@dataclass(frozen=True)
class Line:
    """A line of words in a chip; `y` is where its letters stand."""

    text: str
    y: int
    kind: str


@dataclass(frozen=True)
class Chip:
    """A campaign on its day. `text_x` is where lines begin, and `bar_x` the bar of its colour."""

    x: int
    y: int
    height: int
    text_x: int
    bar_x: int
    colour: int
    title: str
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Day:
    """A day; `is_over` where the plan begins later. `x` is its left side, `text_x` its start."""

    x: int
    text_x: int
    number: str
    weekday: str
    is_today: bool
    is_over: bool
    chips: tuple[Chip, ...]


@dataclass(frozen=True)
class WeekDrawing:
    """A week; `lines` are its name, which may be too long for one, and what it brings."""

    height: int
    text_x: int
    name: str
    total: str
    lines: tuple[Line, ...]
    days: tuple[Day, ...]


@dataclass(frozen=True)
class Painter:
    """Draws the weeks of a plan for the readers of a language."""

    tally: PlanTally
    language: Language
    colours: dict[str, int]

    def weeks(self) -> list[WeekDrawing]:
        by_day: dict[date, list[tuple[Planned, CampaignTally]]] = {}
        for each, of in self.tally.listed:
            day = self.tally.site.local_time(each.at).date()
            by_day.setdefault(day, []).append((each, of))
        return [self._week(number, week, by_day) for number, week in enumerate(self.tally.span)]

    def _week(
        self,
        number: int,
        week: Week,
        by_day: dict[date, list[tuple[Planned, CampaignTally]]],
    ) -> WeekDrawing:
        dates = [week.first + timedelta(days=each) for each in range(7)]
        days = tuple(
            self._day(day, column, week, by_day.get(day, ())) for column, day in enumerate(dates)
        )
        ends = [chip.y + chip.height + GAP for day in days for chip in day.chips]
        name, messages = (
            self.language.days(week.first, week.last),
            self.tally.weeks[number].messages,
        )
        count = self.language.translations.ngettext("%(n)s message", "%(n)s messages", messages)
        total = count % {"n": self.language.number(messages)}
        names = in_lines(name, NAME, MARGIN - 8, 2)
        lines = [Line(line, 23 + place * 17, "range") for place, line in enumerate(names)]
        return WeekDrawing(
            height=max([LEAST, *ends]),
            text_x=self._start(WIDTH - MARGIN if self._is_mirrored else 0, MARGIN, 2),
            name=name,
            total=total,
            lines=(*lines, Line(total, lines[-1].y + 19, "total")),
            days=days,
        )

    def _day(
        self,
        day: date,
        column: int,
        week: Week,
        campaigns: Sequence[tuple[Planned, CampaignTally]],
    ) -> Day:
        left = MARGIN + column * DAY
        x = WIDTH - left - DAY if self._is_mirrored else left
        site = self.tally.site
        # Days are named with their month where it is not plain which one it is.
        starts_month = day.day == 1 or day == self.tally.span[0].first
        return Day(
            x=x,
            text_x=self._start(x, DAY, 12),
            number=self.language.short_date(day) if starts_month else str(day.day),
            weekday=self.language.weekday(day),
            is_today=day == site.local_time(self.tally.now).date(),
            is_over=day < site.local_time(week.begins).date(),
            chips=tuple(self._chips(x, campaigns)),
        )

    def _chips(self, x: int, campaigns: Sequence[tuple[Planned, CampaignTally]]) -> Iterator[Chip]:
        y = HEAD
        for planned, of in campaigns:
            lines = tuple(self._lines(planned, of))
            height = lines[-1].y + 9
            topic = planned.campaign.topic
            yield Chip(
                x=x + 5,
                y=y,
                height=height,
                text_x=self._start(0, CHIP, EDGE),
                bar_x=CHIP - BAR if self._is_mirrored else 0,
                colour=self.colours[topic],
                title=f"{ISOLATED.format(planned.campaign.id)}: {planned.campaign.sentence}",
                lines=lines,
            )
            y += height + GAP

    def _lines(self, planned: Planned, of: CampaignTally) -> Iterator[Line]:
        room = CHIP - EDGE - 6
        y = 5
        for line in in_lines(planned.campaign.id, NAME, room, LINES):
            y += 15
            yield Line(line, y, "name")
        time = self.language.time(self.tally.site.local_time(planned.at))
        number = self.language.number(of.audience)
        yield Line(f"{time} · {number}", y + 17, "figures")
        topic = topic_name(self.tally.site, planned.campaign.topic)
        yield Line(shortened(topic, SMALL, room), y + 33, "topic")

    @property
    def _is_mirrored(self) -> bool:
        return self.language.direction == "rtl"

    def _start(self, x: int, width: int, inset: int) -> int:
        """Where words begin in something at `x`: near its left side or, mirrored, its right."""
        return x + width - inset if self._is_mirrored else x + inset
