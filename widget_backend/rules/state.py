"""A person's state, and what it means to change it.

A state maps *subjects* to JSON values. Subjects are named `overall`, `language`, `topic:offers`,
`answer:moved`, `contact:phone`; a subject that is absent has never been said. One save is a list
of changes, and because a change holds both sides it can be described in words, undone and reverted.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, TypedDict

Value = Any
"""A JSON value: str, int, bool, None, list or dict."""

State = Mapping[str, Value]

Reach = Literal["as_chosen", "less", "paused", "off"]
"""What holds above all topics: as chosen for each, at most monthly, nothing until a date, nothing.

It leaves the topics as they are, so that they return when it is taken back.
"""


class Overall(TypedDict):
    """`until` is an ISO date when `reach` is "paused", else None."""

    reach: Reach
    until: str | None


class Preference(TypedDict):
    """Profile × topic: whether, through which channel, how often."""

    on: bool
    channel: str
    frequency: str


AS_CHOSEN: Overall = {"reach": "as_chosen", "until": None}


@dataclass(frozen=True)
class Change:
    """One subject going from one value to another; None is "never said"."""

    subject: str
    before: Value
    after: Value

    @property
    def kind(self) -> str:
        """`topic` of `topic:offers`."""
        return self.subject.partition(":")[0]

    @property
    def name(self) -> str:
        """`offers` of `topic:offers`."""
        return self.subject.partition(":")[2]


def difference(before: State, wanted: State) -> list[Change]:
    """The changes that bring the wanted subjects about; subjects not wanted stay as they are."""
    return [
        Change(subject, before.get(subject), value)
        for subject, value in wanted.items()
        if before.get(subject) != value
    ]


def applied(state: State, changes: Iterable[Change]) -> dict[str, Value]:
    after = dict(state)
    for change in changes:
        _put(after, change.subject, change.after)
    return after


def reverted(state: State, changes: Iterable[Change]) -> dict[str, Value]:
    """The state before these changes, which are given oldest first."""
    before = dict(state)
    for change in reversed(list(changes)):
        _put(before, change.subject, change.before)
    return before


def _put(state: dict[str, Value], subject: str, value: Value) -> None:
    if value is None:
        state.pop(subject, None)
    else:
        state[subject] = value


def squash(changes: Iterable[Change]) -> list[Change]:
    """What changes, given oldest first, amount to: one for each subject that ends up different."""
    sums: dict[str, Change] = {}
    for change in changes:
        first = sums.get(change.subject, change)
        sums[change.subject] = Change(change.subject, first.before, change.after)
    return [change for change in sums.values() if change.before != change.after]


def inverse(changes: Iterable[Change]) -> list[Change]:
    return [Change(each.subject, each.after, each.before) for each in changes]


def matches(state: State, changes: Iterable[Change]) -> bool:
    """Whether the state is what these changes lead to."""
    return all(state.get(change.subject) == change.after for change in changes)


def is_on(state: State, topic: str) -> bool:
    preference = state.get(f"topic:{topic}")
    return bool(preference and preference["on"])


def is_visible(change: Change) -> bool:
    """Whether a form shows it: a topic that was off and is off looks as before, though now it is
    a no that counts."""
    sides = [side for side in (change.before, change.after) if side]
    return change.kind != "topic" or any(side["on"] for side in sides)


def reach_of(state: State) -> Reach:
    overall: Overall = state.get("overall") or AS_CHOSEN
    return overall["reach"]


def reduces_mail(change: Change, today: date) -> bool:
    """Whether a change only ends something: a topic turned off, or less of everything.

    Such a change is never blocked by anything (DESIGN 2).
    """
    if change.kind == "topic":
        was_on = bool(change.before and change.before["on"])
        return was_on and not (change.after and change.after["on"])
    if change.subject == "overall":
        return _restraint(change.after, today) > _restraint(change.before, today)
    return False


def _restraint(overall: Overall | None, today: date) -> tuple[int, str]:
    """How much is held back, to compare: a longer pause is more, one that is over is nothing."""
    held = overall or AS_CHOSEN
    until = held["until"] or ""
    is_over = held["reach"] == "paused" and until <= today.isoformat()
    return (0, "") if is_over else (_RANK[held["reach"]], until)


_RANK: dict[Reach, int] = {"as_chosen": 0, "less": 1, "paused": 2, "off": 3}
