"""Which questions to ask next."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
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

    While `is_certain` is False, the total is the most there can be: a follow-up may not come.
    `left` is how many stages follow this one: those that are done do not, where somebody went back.
    """

    stage: Stage
    questions: tuple[Question, ...]
    number: int
    total: int
    left: int
    is_certain: bool
    previous: Stage | None


@dataclass(frozen=True)
class Planner:
    """Plans the questions for one person. `now` is in seconds since 1970.

    `is_confirmed` says whether the person has confirmed the sign-up: sensitive questions are asked
    only then.
    """

    site: Site
    state: State
    is_confirmed: bool
    now: int

    def next_step(self) -> Step | None:
        """The first stage with a question that is due; None when nothing is due."""
        for stage in self._stages():
            if questions := self._due(stage):
                return self._step(stage, questions)
        return None

    def revisit_step(self, stage_id: str, only: Collection[str] = ()) -> Step | None:
        """A stage that the person goes back to or answers, whether or not anything in it is due.

        With `only`, just those of its questions; None when there is nothing to ask in it.
        """
        stage = self.site.stage(stage_id)
        if stage is None:
            return None
        questions = [each for each in self._askable(stage) if not only or each.id in only]
        return self._step(stage, tuple(questions)) if questions else None

    def count_due(self) -> int:
        """How many questions are waiting."""
        return sum(len(self._due(stage)) for stage in self.site.stages)

    def is_due(self, question: Question) -> bool:
        """Never answered, answered longer ago than it lasts, or skipped some time ago."""
        answer = self.state.answer(question.id)
        if answer is None:
            return True
        again_at = asked_again_at(question, answer)
        return again_at is not None and self.now >= again_at

    def is_askable(self, question: Question) -> bool:
        """A sensitive question needs a confirmed person, a follow-up the answer that it follows."""
        if question.sensitive and not self.is_confirmed:
            return False
        condition = question.ask_if
        if condition is None:
            return True
        answered = (self.state.answer(condition.question) or {}).get("said")
        if isinstance(answered, list):
            return condition.answer in answered
        return bool(answered == condition.answer)

    def _stages(self) -> list[Stage]:
        return [stage for stage in self.site.stages if any(self._askable(stage))]

    def _questions(self, stage: Stage) -> Iterator[Question]:
        return filter(None, map(self.site.question, stage.questions))

    def _askable(self, stage: Stage) -> Iterator[Question]:
        return filter(self.is_askable, self._questions(stage))

    def _due(self, stage: Stage) -> tuple[Question, ...]:
        return tuple(filter(self.is_due, self._askable(stage)))

    def _step(self, stage: Stage, questions: tuple[Question, ...]) -> Step:
        """Its number counts the stages done before; the total adds those that wait or may come."""
        waiting = [each for each in self.site.stages if self._will_come(each)]
        possible = [
            each for each in self.site.stages if each not in waiting and self._may_come(each)
        ]
        done = [
            each
            for each in self.site.stages
            if each not in (*waiting, *possible) and self._is_met(each)
        ]
        stages = self._stages()
        earlier = [each for each in stages[: stages.index(stage)] if self._is_met(each)]
        return Step(
            stage=stage,
            questions=questions,
            number=1 + len(done[: done.index(stage)] if stage in done else done),
            total=len(done) + len(waiting) + len(possible),
            left=sum(each is not stage for each in (*waiting, *possible)),
            is_certain=not possible,
            previous=earlier[-1] if earlier else None,
        )

    def _is_met(self, stage: Stage) -> bool:
        """Whether the person answered or skipped a question of the stage."""
        return any(self.state.answer(question) is not None for question in stage.questions)

    def _will_come(self, stage: Stage) -> bool:
        """Whether a question of the stage is asked whatever is answered to those before it.

        A follow-up is not certain while the question that it follows is due once more.
        """
        return any(not self._depends_on_pending(each) for each in self._due(stage))

    def _may_come(self, stage: Stage) -> bool:
        """Whether a question of the stage may be asked once a pending question is answered."""
        return any(
            self.is_due(each) and self._depends_on_pending(each) for each in self._questions(stage)
        )

    def _depends_on_pending(self, question: Question) -> bool:
        """Whether it follows, directly or not, a question that is still to be asked."""
        followed = self.site.question(question.ask_if.question) if question.ask_if else None
        if followed is None or (question.sensitive and not self.is_confirmed):
            return False
        is_pending = self.is_askable(followed) and self.is_due(followed)
        return is_pending or self._depends_on_pending(followed)


def asked_again_at(question: Question, answer: Mapping[str, Any]) -> int | None:
    """When a question that was answered or skipped is due again, in seconds since 1970.

    None if the answer counts for good.
    """
    rests = SKIP_RESTS_DAYS if answer.get("skipped") else question.lifespan_days
    return None if rests is None else int(answer["at"]) + rests * DAY


def same_answer(before: Any, after: Any) -> bool:
    """Whether two answers say the same, whenever they were given."""
    return bool(before) and {**before, "at": None} == {**(after or {}), "at": None}
