"""Saving the answers of a stage."""

from __future__ import annotations

from widget_backend.actions.preferences import NotSaved
from widget_backend.actions.saving import concurrent_changes, save_changes, update
from widget_backend.context import Context
from widget_backend.rules.questions import Planner
from widget_backend.rules.stage_answers import StageAnswers
from widget_backend.rules.state import Change, difference
from widget_backend.site.model import Site
from widget_backend.store.ledger import ConsentContext
from widget_backend.store.profiles import Profile


def save_answers(
    context: Context,
    site: Site,
    profile: Profile,
    answers: StageAnswers,
    seen_revision: int,
    consent: ConsentContext,
) -> int | NotSaved | None:
    """Save the answers to a stage that was shown at `seen_revision`.

    Returns the revision that the save made; None when all was skipped; NotSaved, with nothing
    saved, when another device has answered differently since then.
    """

    def decide(current: Profile) -> int | NotSaved | None:
        conflicts = concurrent_answers(context, site, current, answers, seen_revision)
        if conflicts:
            return NotSaved(current, conflicts, (), current.state)
        planner = Planner(site, current.state, not current.pending, context.now)
        news = answers.news(planner)
        revision = save_changes(context, current, difference(current.state, news), consent)
        return None if all("skipped" in answer for answer in news.values()) else revision

    return update(context, profile, decide)


def concurrent_answers(
    context: Context, site: Site, profile: Profile, answers: StageAnswers, seen_revision: int
) -> list[Change]:
    """Answers to the same questions that were given elsewhere since the revision."""
    planner = Planner(site, profile.state, not profile.pending, context.now)
    return answers.conflicts(planner, concurrent_changes(context, profile, seen_revision))
