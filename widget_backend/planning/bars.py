"""What was promised beside what is planned: two bars for each week of a topic."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from widget_backend.i18n.languages import Language
from widget_backend.rules.plan_tally import PlanTally

WIDTH, ROW, LONGEST, BAR = 340, 54, 268, 10
"""Lengths in the units of the drawing: pixels, where it has its natural width."""


@dataclass(frozen=True)
class Bar:
    """Mirrored, it begins at the right. `text_x` is where its number begins."""

    kind: str
    x: float
    y: int
    width: float
    number: str
    text_x: float


@dataclass(frozen=True)
class BarsOfWeek:
    name: str
    name_x: int
    name_y: int
    bars: tuple[Bar, ...]


@dataclass(frozen=True)
class BarsOfTopic:
    """A drawing. The longest bar of each topic is as long as that of every other."""

    height: int
    weeks: tuple[BarsOfWeek, ...]


def bars_of(tally: PlanTally, topic: str, language: Language) -> BarsOfTopic:
    pairs = [tally.topics[topic, number] for number in range(len(tally.span))]
    most = max(1, *(max(each.expected, each.messages) for each in pairs))
    scale = LONGEST / most
    is_mirrored = language.direction == "rtl"

    def bars(row: int, values: dict[str, int]) -> Iterator[Bar]:
        for place, (kind, value) in enumerate(values.items()):
            length = max(value * scale, 1.5)
            yield Bar(
                kind,
                x=WIDTH - 1 - length if is_mirrored else 1,
                y=row * ROW + 20 + place * (BAR + 5),
                width=length,
                number=language.number(value),
                text_x=WIDTH - length - 9 if is_mirrored else length + 9,
            )

    weeks = tuple(
        BarsOfWeek(
            language.days(week.first, week.last),
            WIDTH - 1 if is_mirrored else 1,
            row * ROW + 13,
            tuple(bars(row, {"promised": each.expected, "planned": each.messages})),
        )
        for row, (week, each) in enumerate(zip(tally.span, pairs, strict=True))
    )
    return BarsOfTopic(ROW * len(weeks), weeks)
