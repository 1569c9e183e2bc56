"""Stage answers: what somebody answers to the questions of a stage, and what follows from it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from widget_backend.rules.questions import Planner, same_answer
from widget_backend.rules.state import Change, Value, answer_subject
from widget_backend.site.model import Question

REPEAT = 3600
"""Seconds within which the same answer again is a repeated save and not a new statement."""


@dataclass(frozen=True)
class StageAnswers:
    """The answers to questions that were asked together, by subject."""

    questions: Sequence[Question]
    answers: Mapping[str, Value]

    def wanted(self, planner: Planner) -> dict[str, Value]:
        """The answers that count. Skipping is “not now”, so it takes nothing back."""
        due = {answer_subject(each.id) for each in self.questions if planner.is_due(each)}
        return {
            subject: answer
            for subject, answer in self.answers.items()
            if subject in due or "skipped" not in answer
        }

    def news(self, planner: Planner) -> dict[str, Value]:
        """The wanted answers without those that were given just now."""
        return {
            subject: answer
            for subject, answer in self.wanted(planner).items()
            if not same_answer(planner.state.get(subject), answer)
            or not _is_recent(planner, subject)
        }

    def conflicts(self, planner: Planner, concurrent: Iterable[Change]) -> list[Change]:
        """Answers that another tab or device gave since the stage was shown, and differently.

        An answer is compared for an hour: later, whoever guesses could learn what was answered.
        """
        wanted = self.wanted(planner)
        return [
            change
            for change in concurrent
            if change.subject in wanted
            and not (
                same_answer(change.after, wanted[change.subject])
                and _is_recent(planner, change.subject)
            )
        ]


def _is_recent(planner: Planner, subject: str) -> bool:
    return planner.now - int(planner.state[subject]["at"]) < REPEAT
