"""Which question comes next, when one comes again, and where a person stands."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.support.sites import DAY, NOW, answers, question, site
from widget_backend.rules.questions import (
    SKIP_RESTS_DAYS,
    Planner,
    Step,
    asked_again_at,
    same_answer,
)
from widget_backend.rules.state import State
from widget_backend.site.model import Site

LASTING = question("a")
NINETY = question("a", lifespan_days=90)


@pytest.mark.parametrize(
    ("asked", "state", "due"),
    [
        (LASTING, State(), True),
        (LASTING, answers(a="yes"), False),
        (LASTING, answers(10_000, a="yes"), False),
        (LASTING, answers(10_000, a=...), False),
        (NINETY, answers(89.9, a="yes"), False),
        (NINETY, answers(90, a="yes"), True),
        (NINETY, answers(89.9, a=...), False),
        (NINETY, answers(90, a=...), True),
        (LASTING, answers(29.9, a=None), False),
        (LASTING, answers(30, a=None), True),
        (NINETY, answers(30, a=None), True),
        (LASTING, answers(b="yes"), True),
        (LASTING, answers(a=[]), False),
        (LASTING, answers(a=0), False),
        (LASTING, answers(-1, a="yes"), False),  # a clock that was set back
    ],
)
def test_when_a_question_is_due(asked: Any, state: State, due: bool) -> None:
    assert Planner(site(), state, True, NOW).is_due(asked) is due


@pytest.mark.parametrize(
    ("asked", "answer", "again_at"),
    [
        (NINETY, {"said": "yes", "at": NOW}, NOW + 90 * DAY),
        (NINETY, {"declined": True, "at": NOW}, NOW + 90 * DAY),
        (NINETY, {"skipped": True, "at": NOW}, NOW + 30 * DAY),
        (LASTING, {"said": "yes", "at": NOW}, None),
        (LASTING, {"skipped": True, "at": NOW}, NOW + 30 * DAY),
    ],
)
def test_when_a_question_is_asked_again(asked: Any, answer: Any, again_at: int | None) -> None:
    assert asked_again_at(asked, answer) == again_at


@pytest.mark.parametrize(
    ("asked", "state", "known", "askable"),
    [
        (question("a"), State(), False, True),
        (question("a", sensitive=True), State(), False, False),
        (question("a", sensitive=True), State(), True, True),
        (question("b", "a"), State(), True, False),
        (question("b", "a"), answers(a="yes"), True, True),
        (question("b", "a"), answers(a="no"), True, False),
        (question("b", "a"), answers(a=["no", "yes"]), True, True),
        (question("b", "a"), answers(a=["no"]), True, False),
        (question("b", "a"), answers(a=None), True, False),
        (question("b", "a"), answers(a=...), True, False),
        (question("b", "a", sensitive=True), answers(a="yes"), False, False),
    ],
)
def test_who_may_be_asked_what(asked: Any, state: State, known: bool, askable: bool) -> None:
    assert Planner(site(), state, known, NOW).is_askable(asked) is askable


SHOP = site(
    (),
    (
        question("a"),
        question("b", lifespan_days=90),
        question("c"),
        question("d", "c"),
        question("e", sensitive=True),
    ),
    "a b",
    "c",
    "d",
    "e",
)
WAY = [
    # state, known → stage, questions, “step 1 of 4” (≤4: at most), previous
    (State(), True, "a-b", "a b", "1 of ≤4", None),
    (State(), False, "a-b", "a b", "1 of ≤3", None),
    (answers(a="yes"), True, "a-b", "b", "1 of ≤4", None),
    (answers(a="yes", b="no"), True, "c", "c", "2 of ≤4", "a-b"),
    (answers(a=None, b=None), True, "c", "c", "2 of ≤4", "a-b"),
    (answers(a="yes", b="no", c="yes"), True, "d", "d", "3 of 4", "c"),
    (answers(a="yes", b="no", c="no"), True, "e", "e", "3 of 3", "c"),
    (answers(a="yes", b="no", c="yes", d="no"), True, "e", "e", "4 of 4", "d"),
    (answers(a="yes", b="no", c="yes", d="no", e=...), True, None, "", "", None),
    (answers(a="yes", b="no", c="no"), False, None, "", "", None),
    (answers(100, a="yes", b="no", c="yes", d="no", e=...), True, "a-b", "b", "4 of 4", None),
]


def where(step: Step) -> str:
    """As people read it, with a sign for “at most”."""
    return f"{step.number} of {'' if step.is_certain else '≤'}{step.total}"


@pytest.mark.parametrize(("state", "known", "stage", "questions", "stands", "previous"), WAY)
def test_the_next_step_and_where_it_stands(
    state: State, known: bool, stage: str | None, questions: str, stands: str, previous: str | None
) -> None:
    planner = Planner(SHOP, state, known, NOW)
    step = planner.next_step()
    assert planner.count_due() >= len(questions.split())
    if step is None:
        assert stage is None
        return
    assert (step.stage.id, " ".join(each.id for each in step.questions)) == (stage, questions)
    assert where(step) == stands
    assert (step.previous.id if step.previous else None) == previous


def test_a_site_without_questions_asks_nothing() -> None:
    planner = Planner(site(), State(), True, NOW)
    assert planner.next_step() is None
    assert planner.count_due() == 0


@pytest.mark.parametrize(
    ("stage", "state", "known", "only", "asked"),
    [
        ("a-b", answers(a="yes", b="no"), True, [], "a b"),
        ("a-b", State(), True, ["b"], "b"),
        ("a-b", State(), True, ["b", "gone"], "b"),
        ("a-b", State(), True, ["gone"], None),
        ("c", State(), True, [], "c"),
        ("d", answers(c="no"), True, [], None),
        ("d", answers(c="yes"), True, [], "d"),
        ("e", State(), False, [], None),
        ("gone", State(), True, [], None),
        ("", State(), True, [], None),
    ],
)
def test_going_back_asks_the_stage_again(
    stage: str, state: State, known: bool, only: list[str], asked: str | None
) -> None:
    step = Planner(SHOP, state, known, NOW).revisit_step(stage, only)
    found = " ".join(each.id for each in step.questions) if step else None
    assert found == asked


@pytest.mark.parametrize(
    ("stage", "state", "stands"),
    [
        ("a-b", answers(a="yes", b="no"), "1 of ≤4"),
        ("c", answers(a="yes", b="no", c="yes"), "2 of 4"),
        ("a-b", answers(a="yes", b="no", c="no", e=...), "1 of 3"),
        ("c", answers(a="yes", b="no"), "2 of ≤4"),  # answered now, not gone back to
    ],
)
def test_a_stage_gone_back_to_keeps_its_number(stage: str, state: State, stands: str) -> None:
    step = Planner(SHOP, state, True, NOW).revisit_step(stage)
    assert step is not None
    assert where(step) == stands


@pytest.mark.parametrize(
    ("before", "after", "same"),
    [
        ({"said": "yes", "at": 1}, {"said": "yes", "at": 2}, True),
        ({"said": "yes", "at": 1}, {"said": "no", "at": 1}, False),
        ({"said": [], "at": 1}, {"said": [], "at": 2}, True),
        ({"skipped": True, "at": 1}, {"declined": True, "at": 1}, False),
        ({"said": 0, "at": 1}, {"said": 0, "at": 9}, True),
        (None, {"said": "yes", "at": 1}, False),
        (None, None, False),
    ],
)
def test_answers_say_the_same_whenever_they_were_given(before: Any, after: Any, same: bool) -> None:
    assert same_answer(before, after) is same


# ── laws ────────────────────────────────────────────────────────────────────────────────────

NAMES = "abcdef"


@st.composite
def sites(draw: st.DrawFn) -> Site:
    """Up to six questions, some two a stage, each perhaps sensitive, short-lived or a follow-up."""
    names = NAMES[: draw(st.integers(1, 6))]
    paired = draw(st.integers(0, 3)) * 2
    stages = [*(names[at : at + 2] for at in range(0, paired, 2)), *names[paired:]]
    questions = tuple(
        question(
            name,
            draw(st.sampled_from(["", *"".join(stages[:at])])),
            sensitive=draw(st.booleans()),
            lifespan_days=draw(st.sampled_from([None, 30, 90])),
        )
        for at, stage in enumerate(stages)
        for name in stage
    )
    return site((), questions, *(" ".join(stage) for stage in stages if stage))


GIVEN = st.sampled_from(["yes", "no", None, ...])

FOLLOWED_TWICE = site(
    (), tuple(question(*each) for each in ("a", "b", "c", "d", "eb", "fd")), "a b", "c d", "e f"
)
"""One stage follows up two questions: the first says it will not come, the second that it will."""


FOLLOWED_BEFORE = site(
    (), (question("a", lifespan_days=30), question("b"), question("d", "a")), "a", "b", "d"
)
"""A follow-up whose question was answered long ago, and is asked once more."""


class Says(list[Any]):
    """Draws what it was given, in order."""

    def __init__(self, *given: Any) -> None:
        super().__init__(given)

    def draw(self, _: Any) -> Any:
        return self.pop(0)


@given(sites(), st.booleans(), st.dictionaries(st.sampled_from(NAMES), GIVEN), st.data())
@example(FOLLOWED_TWICE, True, {}, Says("no", "no", "no", "yes", "no"))
@example(FOLLOWED_TWICE, True, {"c": "no", "d": "no"}, Says("no", "yes", "no"))
@example(FOLLOWED_BEFORE, True, {"a": "yes"}, Says("no", "no"))
def test_whoever_goes_on_comes_to_an_end_and_the_count_only_rises(
    shop: Site, known: bool, long_ago: dict[str, Any], data: st.DataObject
) -> None:
    """Whatever the answers: no question twice, never past the total, no sensitive one early."""
    state = answers(60, **long_ago)
    steps: list[Step] = []
    while step := Planner(shop, state, known, NOW).next_step():
        assert step.questions
        assert all(known or not each.sensitive for each in step.questions)
        assert all(map(Planner(shop, state, known, NOW).is_askable, step.questions))
        steps.append(step)
        for each in step.questions:
            state = State(state | answers(**{each.id: data.draw(GIVEN)}))
    asked = [each.id for step in steps for each in step.questions]
    assert len(asked) == len(set(asked))
    assert Planner(shop, state, known, NOW).count_due() == 0
    check_counts(steps, is_new=not long_ago)


def check_counts(steps: list[Step], is_new: bool) -> None:
    """The number rises, by one for who is new; the total only falls, and not once it is certain."""
    numbers, totals = [each.number for each in steps], [each.total for each in steps]
    assert numbers == sorted(set(numbers))
    assert totals == sorted(totals, reverse=True)
    assert all(each.number <= each.total for each in steps)
    assert len({each.total for each in steps if each.is_certain}) <= 1
    if is_new:
        assert numbers == list(range(1, len(steps) + 1))
        assert not steps or steps[-1].total == len(steps) or not steps[-1].is_certain


@given(sites(), st.dictionaries(st.sampled_from(NAMES), GIVEN), st.integers(0, 400))
def test_something_is_due_exactly_when_there_is_a_next_step(
    shop: Site, said: dict[str, Any], days: int
) -> None:
    state, now = answers(**said), NOW + days * DAY
    planner = Planner(shop, state, True, now)
    step, count = planner.next_step(), planner.count_due()
    assert (step is None) == (count == 0)
    assert step is None or len(step.questions) <= count


def test_a_skip_rests_for_a_month() -> None:
    assert SKIP_RESTS_DAYS == 30
