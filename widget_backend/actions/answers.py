"""Saving the answers of a stage."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from widget_backend.actions.preferences import NotSaved
from widget_backend.actions.saving import concurrent_changes, save_changes
from widget_backend.actions.updating import update
from widget_backend.context import Context
from widget_backend.rules.questions import Planner, same_answer
from widget_backend.rules.state import Change, State, Value, answer_subject, difference
from widget_backend.site.model import Question, Site
from widget_backend.store.ledger import ConsentContext
from widget_backend.store.profiles import Profile

REPEAT = 3600
"""Seconds within which the same answer again is a repeated save and not a new statement."""

Answers = Mapping[str, Value]
"""By subject, as `rules/questions.py` describes an answer."""


def save_answers(
    context: Context,
    site: Site,
    profile: Profile,
    questions: Sequence[Question],
    answers: Answers,
    seen_revision: int,
    consent: ConsentContext,
) -> int | NotSaved | None:
    """Save the answers to a stage that was shown at `seen_revision`.

    Returns the revision that the save made; None when all was skipped; NotSaved, with nothing
    saved, when another device has answered differently since then.
    """

    def decide(current: Profile) -> int | NotSaved | None:
        conflicts = concurrent_answers(context, site, current, questions, answers, seen_revision)
        if conflicts:
            return NotSaved(current, conflicts, (), current.state)
        wanted = _without_needless_skips(context, site, current, questions, answers)
        news = {
            subject: answer
            for subject, answer in wanted.items()
            if not same_answer(current.state.get(subject), answer)
            or not _is_recent(current.state, subject, context.now)
        }
        revision = save_changes(context, current, difference(current.state, news), consent)
        return None if all("skipped" in answer for answer in news.values()) else revision

    return update(context, profile, decide)


def concurrent_answers(
    context: Context,
    site: Site,
    profile: Profile,
    questions: Sequence[Question],
    answers: Answers,
    seen_revision: int,
) -> list[Change]:
    """Answers that another tab or device gave since the revision, and differently.

    Later than an hour ago they are compared no more: guessing would tell what was answered.
    """
    state, now = profile.state, context.now
    wanted = _without_needless_skips(context, site, profile, questions, answers)
    return [
        change
        for change in concurrent_changes(context, profile, seen_revision)
        if change.subject in wanted
        and not (
            same_answer(change.after, wanted[change.subject])
            and _is_recent(state, change.subject, now)
        )
    ]


def _without_needless_skips(
    context: Context,
    site: Site,
    profile: Profile,
    questions: Sequence[Question],
    answers: Answers,
) -> dict[str, Value]:
    """Skipping is “not now”, so it takes nothing back that was answered."""
    planner = Planner(site, profile.state, not profile.pending, context.now)
    due = {answer_subject(each.id) for each in questions if planner.is_due(each)}
    return {
        subject: answer
        for subject, answer in answers.items()
        if subject in due or "skipped" not in answer
    }


def _is_recent(state: State, subject: str, now: int) -> bool:
    return now - int(state[subject]["at"]) < REPEAT
