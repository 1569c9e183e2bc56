"""Notices: what happened, told after the redirect from what the ledger holds."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from widget_backend.pages.saving import UNCHANGED, changes_at
from widget_backend.pages.visits import Visit
from widget_backend.pages.words import sentences
from widget_backend.rules.state import Change
from widget_backend.rules.volume import messages_a_month


@dataclass(frozen=True)
class Notice:
    """What a save did. `undo` is the revision to take back, if that is still possible."""

    changes: list[Change]
    sentences: list[Markup]
    undo: int | None
    messages_a_month: int


def saved_notice(visit: Visit, revision: int) -> Notice | None:
    """The notice of the save that made this revision; None if there was no such save."""
    if revision > visit.person.revision:
        return None
    made = changes_at(visit, revision) if revision != UNCHANGED else []
    last = revision == visit.person.revision and bool(made)
    return Notice(
        changes=made,
        sentences=sentences(visit.language, visit.site, made),
        undo=revision if last else None,
        messages_a_month=messages_a_month(visit.site, visit.state, visit.today),
    )
