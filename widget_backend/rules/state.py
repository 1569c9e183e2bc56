"""A profile's state, and what it means to change it.

A state maps *subjects* to JSON values. The subjects are `overall`, `language`, `topic:offers`,
`answer:moved`, `contact:phone` and `do_not_track`; a subject is absent until the person has said
something about it. One save is a list of changes. A change holds both sides, so it can be described
in words, undone and reverted.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, NotRequired, TypedDict

from widget_backend.rules.basis import Basis
from widget_backend.site.channels import Channel, Frequency

Value = Any
"""A JSON value: str, int, bool, None, list or dict."""

OVERALL = "overall"
LANGUAGE = "language"
DO_NOT_TRACK = "do_not_track"
EMAIL = "contact:email"


def topic_subject(topic_id: str) -> str:
    return f"topic:{topic_id}"


def answer_subject(question_id: str) -> str:
    return f"answer:{question_id}"


def contact_subject(kind: str) -> str:
    """`kind` is `email`, `phone` or `post`."""
    return f"contact:{kind}"


Reach = Literal["as_chosen", "less", "paused", "off"]
"""What overrides all topics: as chosen for each, at most monthly, nothing until a date, nothing.

It leaves the choice for each topic as it is, so that undoing it restores them.
"""


class Overall(TypedDict):
    """`until` is an ISO date when `reach` is "paused", else None."""

    reach: Reach
    until: str | None


class Preference(TypedDict):
    """Profile × topic: whether, through which channel, how often.

    A yes for which nobody was simply asked also has its `basis`, and since when: see `basis.py`.
    """

    on: bool
    channel: Channel
    frequency: Frequency
    basis: NotRequired[Basis]
    basis_at: NotRequired[int | None]


class Answer(TypedDict, total=False):
    """Profile × question: `at` in seconds since 1970, and exactly one of the others.

    `said` is the value: a string, an integer, or a list of option ids (empty for “none of these”).
    `skipped` and `declined` are True; declined is “prefer not to say”.
    """

    at: int
    said: Value
    skipped: bool
    declined: bool


class DoNotTrack(TypedDict):
    """Whether the person wants not to be tracked, and since when, in seconds since 1970.

    Not `wanted` is a wish that was taken back. `at` is None where nobody knows.
    """

    wanted: bool
    at: int | None


AS_CHOSEN: Overall = {"reach": "as_chosen", "until": None}
OFF: Overall = {"reach": "off", "until": None}
LESS_OF_ALL: Overall = {"reach": "less", "until": None}


class State(dict[str, Value]):
    """What a profile has chosen and answered, by subject. Never changed in place."""

    __slots__ = ()

    @property
    def email(self) -> str | None:
        return self.get(EMAIL)

    @property
    def phone(self) -> str | None:
        return self.contact("phone")

    def contact(self, kind: str) -> str | None:
        """`kind` is `email`, `phone` or `post`."""
        return self.get(contact_subject(kind))

    @property
    def language(self) -> str | None:
        """The tag of the language in which the person wants to be written to."""
        return self.get(LANGUAGE)

    @property
    def do_not_track(self) -> DoNotTrack | None:
        """None if nothing was ever said about it. See `do_not_track.py`."""
        return self.get(DO_NOT_TRACK)

    @property
    def overall(self) -> Overall:
        """As it was chosen: a pause that is over is still in it. See `overall_on`."""
        overall: Overall = self.get(OVERALL) or AS_CHOSEN
        return overall

    def overall_on(self, today: date) -> Overall:
        """What is in effect on that day: a pause that is over has none."""
        return AS_CHOSEN if is_pause_over(self.overall, today) else self.overall

    @property
    def reach(self) -> Reach:
        return self.overall["reach"]

    def preference(self, topic_id: str) -> Preference | None:
        return self.get(topic_subject(topic_id))

    def preferences(self) -> dict[str, Preference]:
        """Every topic with a choice, by its id; also topics that the site no longer has."""
        return self._named("topic")

    def is_subscribed(self, topic_id: str) -> bool:
        """Whether the topic itself is on, whatever overrides it."""
        preference = self.preference(topic_id)
        return preference is not None and preference["on"]

    def answer(self, question_id: str) -> Answer | None:
        return self.get(answer_subject(question_id))

    def answers(self) -> dict[str, Answer]:
        """Every answer by the id of its question; also of questions that the site no longer has."""
        return self._named("answer")

    def _named(self, kind: str) -> dict[str, Any]:
        prefix = f"{kind}:"
        return {
            subject.removeprefix(prefix): value
            for subject, value in self.items()
            if subject.startswith(prefix)
        }


# ── changes ─────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Change:
    """One subject going from one value to another; None is “nothing said”."""

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


def difference(before: Mapping[str, Value], wanted: Mapping[str, Value]) -> list[Change]:
    """The changes that give the wanted subjects their values; other subjects stay as they are."""
    return [
        Change(subject, before.get(subject), value)
        for subject, value in wanted.items()
        if before.get(subject) != value
    ]


def applied(state: Mapping[str, Value], changes: Iterable[Change]) -> State:
    """The state after these changes."""
    values = {**state, **{change.subject: change.after for change in changes}}
    return State({subject: value for subject, value in values.items() if value is not None})


def reverted(state: Mapping[str, Value], changes: Iterable[Change]) -> State:
    """The state before these changes, which are in the order in which they were made."""
    return applied(state, inverse(reversed(list(changes))))


def inverse(changes: Iterable[Change]) -> list[Change]:
    return [Change(each.subject, each.after, each.before) for each in changes]


def squash(changes: Iterable[Change]) -> list[Change]:
    """What changes, oldest first, amount to: one for each subject that ends up different."""
    sums: dict[str, Change] = {}
    for change in changes:
        first = sums.get(change.subject, change)
        sums[change.subject] = Change(change.subject, first.before, change.after)
    return [change for change in sums.values() if change.before != change.after]


def matches(state: Mapping[str, Value], changes: Iterable[Change]) -> bool:
    """Whether the state is what these changes lead to."""
    return all(state.get(change.subject) == change.after for change in changes)


def is_visible(change: Change) -> bool:
    """Whether a form looks different after it. A topic that was never chosen and is now refused
    looks as before."""
    sides = [side for side in (change.before, change.after) if side]
    return change.kind != "topic" or any(side["on"] for side in sides)


# ── more and less mail ──────────────────────────────────────────────────────────────────────


def is_paused(overall: Overall, today: date) -> bool:
    """A pause ends by itself on its date."""
    return overall["reach"] == "paused" and today < date.fromisoformat(str(overall["until"]))


def is_pause_over(overall: Overall, today: date) -> bool:
    """Whether it is a pause whose date has come."""
    return overall["reach"] == "paused" and not is_paused(overall, today)


def reduces_mail(change: Change, today: date) -> bool:
    """Whether a change only ends something: a topic turned off, or less of everything.

    Nothing ever blocks such a change.
    """
    if change.kind == "topic":
        was_on = bool(change.before and change.before["on"])
        return was_on and not (change.after and change.after["on"])
    if change.subject == OVERALL:
        return _restraint(change.after, today) > _restraint(change.before, today)
    return False


_RANK: dict[Reach, int] = {"as_chosen": 0, "less": 1, "paused": 2, "off": 3}


def _restraint(overall: Overall | None, today: date) -> tuple[int, str]:
    """How much is held back: a longer pause is more, a pause that is over is nothing."""
    if overall is None or is_pause_over(overall, today):
        return 0, ""
    return _RANK[overall["reach"]], overall["until"] or ""
