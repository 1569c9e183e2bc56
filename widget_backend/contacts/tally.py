"""Tallies: what an import or a dry run counts, entry by entry."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from widget_backend.contacts.decisions import Decision, Outcome
from widget_backend.contacts.entries import Entry
from widget_backend.rules.state import OVERALL

MOST_REPEATS = 20
"""People who are in the file several times of whom is kept which line counts."""


COUNTED: dict[str, Outcome] = {
    "new": "new",
    "changed": "changed",
    "unchanged": "unchanged",
    "held_back": "held back",
    "kept_out": "kept out from now on",
}
"""The names of outcomes in the counts of a run. The others are rejected."""


@dataclass(frozen=True)
class Repeat:
    """A line that names somebody whom an earlier line names, with another word or time.

    It `counts` if anything is stored of it, beside the earlier line or instead of it.
    """

    line: int
    earlier: int
    counts: bool


@dataclass
class Tally:
    """How many entries had which outcome. `number` is the run's, None for a dry run.

    For so many each topic was `turned_on` or `turned_off`, by its id, or everything was left.
    `repeats` are the first of so many lines that name people again.
    """

    number: int | None = None
    outcomes: Counter[Outcome] = field(default_factory=Counter)
    turned_on: Counter[str] = field(default_factory=Counter)
    turned_off: Counter[str] = field(default_factory=Counter)
    left_everything: int = 0
    repeats: list[Repeat] = field(default_factory=list)
    repeated: int = 0

    def add(self, entry: Entry, decision: Decision) -> None:
        self.outcomes[decision.outcome] += 1
        for change in decision.effect.changes:
            if change.kind == "topic":
                turned = self.turned_on if change.after["on"] else self.turned_off
                turned[change.name] += 1
            elif change.subject == OVERALL and change.after["reach"] == "off":
                self.left_everything += 1
        if entry.earlier is not None:
            self.repeated += 1
            if len(self.repeats) < MOST_REPEATS:
                self.repeats.append(Repeat(entry.line, entry.earlier, decision.counts))

    def counts(self, rejected: int) -> dict[str, int]:
        """By the names of the outcomes, as a run keeps them and reports tell them."""
        counts = {name: self.outcomes[outcome] for name, outcome in COUNTED.items()}
        return {**counts, "rejected": rejected}
