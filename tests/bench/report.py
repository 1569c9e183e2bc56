"""What both benches share in telling: medians, tables, goals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Protocol


@dataclass(frozen=True)
class Goal:
    """What was to be reached and what was."""

    name: str
    reached: str
    wanted: str
    met: bool


class Say(Protocol):
    """Prints a line; a passing one only where somebody is watching."""

    def __call__(self, line: str, passing: bool = False) -> None: ...


def middle(figures: Sequence[float]) -> float:
    return float(median(figures))


def spread(figures: Sequence[float]) -> str:
    """Half the distance from the least to the most, in percent of the middle: the noise."""
    return f"{50 * (max(figures) - min(figures)) / middle(figures):.0f} %"


def table(head: Sequence[str], lines: Sequence[Sequence[str]]) -> str:
    """Columns as wide as they must be, names to the left and figures to the right."""
    widths = [max(len(line[at]) for line in (head, *lines)) for at in range(len(head))]
    return "\n".join(_line(line, widths) for line in (head, *lines))


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    first, *rest = zip(cells, widths, strict=True)
    figures = (f"{cell:>{width}}" for cell, width in rest)
    return "  " + "  ".join([f"{first[0]:<{first[1]}}", *figures])


def verdict(goals: Sequence[Goal]) -> str:
    """The goals as a table that ends each line with ok or MISSED."""
    lines = [
        (each.name, each.reached, each.wanted, "ok" if each.met else "MISSED") for each in goals
    ]
    return table(("goal", "reached", "wanted", ""), lines)
