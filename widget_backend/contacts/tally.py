"""Tallies: what an import or a dry run counts, entry by entry."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from widget_backend.contacts.decisions import Decision, Outcome
from widget_backend.contacts.entry import Entry
from widget_backend.rules.basis import Basis, Ground, ground_of
from widget_backend.rules.fields import country_of
from widget_backend.rules.law_of_basis import Refusal, verdict_on
from widget_backend.rules.state import OVERALL
from widget_backend.site.channels import Channel
from widget_backend.site.filters import Value
from widget_backend.site.model import Site

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

    For so many each topic was `turned_on` or `turned_off`, by its id, or everything was left. So
    many `came_back` who had left everything.
    `repeats` are the first of so many lines that name people again. `bases` counts the entries of
    people who were not simply asked, and `unlawful` those of them, if they were judged, whose
    consent does not count by the law where they are.
    """

    number: int | None = None
    outcomes: Counter[Outcome] = field(default_factory=Counter)
    turned_on: Counter[str] = field(default_factory=Counter)
    turned_off: Counter[str] = field(default_factory=Counter)
    left_everything: int = 0
    came_back: int = 0
    repeats: list[Repeat] = field(default_factory=list)
    repeated: int = 0
    bases: Counter[Basis] = field(default_factory=Counter)
    unlawful: Counter[Refusal] = field(default_factory=Counter)

    def add(self, entry: Entry, decision: Decision) -> None:
        self.outcomes[decision.outcome] += not decision.refused  # which is counted as rejected
        for change in decision.effect.changes:
            if change.kind == "topic":
                turned = self.turned_on if change.after["on"] else self.turned_off
                turned[change.name] += 1
            elif change.subject == OVERALL and change.after["reach"] == "off":
                self.left_everything += 1
            elif change.subject == OVERALL and change.before:
                self.came_back += change.before["reach"] == "off"
        if entry.earlier is not None:
            self.repeated += 1
            if len(self.repeats) < MOST_REPEATS:
                self.repeats.append(Repeat(entry.line, entry.earlier, decision.counts))

    def judge(self, site: Site, entry: Entry, fields: Mapping[str, Value], at: int) -> None:
        """Note what the law makes of how they came to agree. `fields` are those of the person."""
        country = country_of(site, {**fields, **entry.fields})
        grounds = _grounds(entry)
        self.bases.update({ground.basis for _, ground in grounds if ground.basis})
        for channel, ground in grounds:
            assert ground.basis is not None
            verdict = verdict_on(ground.basis, channel, country, site.countries)
            if refusal := verdict.refusal_at(ground, at):
                self.unlawful[refusal] += 1
                return  # the entry is counted once

    def counts(self, rejected: int) -> dict[str, int]:
        """By the names of the outcomes, as a run keeps them and reports tell them."""
        counts = {name: self.outcomes[outcome] for name, outcome in COUNTED.items()}
        return {**counts, "rejected": rejected}


def _grounds(entry: Entry) -> list[tuple[Channel, Ground]]:
    """What the yeses of an entry rest on for which people were not simply asked."""
    if entry.copy is None:
        return [("email", entry.ground)] if entry.ground.basis else []
    chosen = entry.copy.state.preferences().values()
    grounds: list[tuple[Channel, Ground]] = [(each["channel"], ground_of(each)) for each in chosen]
    return [(channel, ground) for channel, ground in grounds if ground.basis]
