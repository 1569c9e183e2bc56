"""Which questions to ask next.

An answer is a dict with `at` (seconds since 1970) and exactly one of `said` (the value: a string,
an integer, or a list of option ids, empty for “none of these”), `skipped` and `declined` (both
True; declined is “prefer not to say”).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from widget_backend.rules.state import State
from widget_backend.site.model import Question, Site, Stage

DAY = 86_400
SKIP_RESTS_DAYS = 30
"""A skipped question is not asked again for this long; skipping is “not now”, not an answer."""


@dataclass(frozen=True)
class Step:
    """The stage to ask now and where it stands: step `number` of `total`.

    The total is at most that many while `is_certain` is False: a follow-up may not come.
    """

    stage: Stage
    questions: tuple[Question, ...]
    number: int
    total: int
    is_certain: bool
    previous: Stage | None


def is_due(question: Question, state: State, now: int) -> bool:
    """Never answered, answered longer ago than it lasts, or skipped some time ago."""
    answer = state.get(f"answer:{question.id}")
    if answer is None:
        return True
    rests = SKIP_RESTS_DAYS if answer.get("skipped") else question.lifespan_days
    return rests is not None and now >= answer["at"] + rests * DAY


def is_askable(question: Question, state: State, known: bool) -> bool:
    """Sensitive ones only of people we know, follow-ups only after the answer they follow."""
    if question.sensitive and not known:
        return False
    return question.ask_if is None or _gave(state, question.ask_if.question, question.ask_if.answer)


def _gave(state: State, question: str, answer: str) -> bool:
    said = (state.get(f"answer:{question}") or {}).get("said")
    return answer in said if isinstance(said, list) else said == answer


def next_step(site: Site, state: State, known: bool, now: int) -> Step | None:
    """The first stage that has something to ask, or None when nothing is due."""
    for stage in _stages(site, state, known):
        if questions := _due(site, stage, state, known, now):
            return _step(site, stage, questions, state, known, now)
    return None


def revisit_step(
    site: Site, stage_id: str, state: State, known: bool, now: int, only: Collection[str] = ()
) -> Step | None:
    """A stage that the person goes back to or answers, whether or not anything in it is due.

    With `only`, just those of its questions; None when there is nothing to ask in it.
    """
    stages = _stages(site, state, known)
    stage = next((each for each in stages if each.id == stage_id), None)
    if stage is None:
        return None
    askable = _askable(site, stage, state, known)
    questions = tuple(question for question in askable if not only or question.id in only)
    return _step(site, stage, questions, state, known, now) if questions else None


def _step(
    site: Site,
    stage: Stage,
    questions: tuple[Question, ...],
    state: State,
    known: bool,
    now: int,
) -> Step:
    """With the number of steps done before it, and of those that are done, wait or may come."""
    waiting = [each for each in site.stages if _due(site, each, state, known, now)]
    undecided = [
        each
        for each in site.stages
        if each not in waiting and _is_undecided(site, each, state, known, now)
    ]
    done = [
        each for each in site.stages if each not in (*waiting, *undecided) and _is_met(each, state)
    ]
    return Step(
        stage=stage,
        questions=questions,
        number=1 + len(done[: done.index(stage)] if stage in done else done),
        total=len(done) + len(waiting) + len(undecided),
        is_certain=not undecided,
        previous=_before(_stages(site, state, known), stage, state),
    )


def count_due(site: Site, state: State, known: bool, now: int) -> int:
    """How many questions are waiting."""
    stages = _stages(site, state, known)
    return sum(len(_due(site, stage, state, known, now)) for stage in stages)


def _stages(site: Site, state: State, known: bool) -> list[Stage]:
    return [stage for stage in site.stages if any(_askable(site, stage, state, known))]


def _askable(site: Site, stage: Stage, state: State, known: bool) -> Iterable[Question]:
    questions = (site.question(name) for name in stage.questions)
    return (each for each in questions if each and is_askable(each, state, known))


def _due(site: Site, stage: Stage, state: State, known: bool, now: int) -> tuple[Question, ...]:
    return tuple(q for q in _askable(site, stage, state, known) if is_due(q, state, now))


def _before(stages: list[Stage], stage: Stage, state: State) -> Stage | None:
    """The nearest earlier stage that the person answered or skipped."""
    met = [each for each in stages[: stages.index(stage)] if _is_met(each, state)]
    return met[-1] if met else None


def _is_met(stage: Stage, state: State) -> bool:
    return any(f"answer:{question}" in state for question in stage.questions)


def _is_undecided(site: Site, stage: Stage, state: State, known: bool, now: int) -> bool:
    """Whether something in the stage may come, once a question that waits has been answered."""
    questions = (site.question(name) for name in stage.questions)
    return any(
        is_due(each, state, now) and _hangs(site, each, state, known, now)
        for each in questions
        if each
    )


def _hangs(site: Site, question: Question, state: State, known: bool, now: int) -> bool:
    """Whether it follows a question that is still to be asked."""
    followed = site.question(question.ask_if.question) if question.ask_if else None
    if followed is None or (question.sensitive and not known):
        return False
    waits = is_askable(followed, state, known) and is_due(followed, state, now)
    return waits or _hangs(site, followed, state, known, now)


def same_answer(before: Any, after: Any) -> bool:
    """Whether two answers say the same, whenever they were given."""

    def without_time(answer: Any) -> Any:
        return {key: value for key, value in (answer or {}).items() if key != "at"}

    return bool(before) and without_time(before) == without_time(after)
