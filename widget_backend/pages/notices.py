"""Notices: what happened, told after the redirect from what the store holds."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from markupsafe import Markup

from widget_backend.pages.saving import UNCHANGED, can_undo, has_receipt, record_of, takes_back
from widget_backend.rules.state import Change, topic_subject
from widget_backend.rules.volume import messages_a_month
from widget_backend.store.ledger import Record
from widget_backend.web.labels import sentences
from widget_backend.web.visits import Visit


@dataclass(frozen=True)
class Notice:
    """What a save did.

    `undo` is the revision to take back, if that is still possible; `receipt` proves whose it is.
    """

    heading: Markup
    sentences: list[Markup]
    undo: int | None
    receipt: str | None
    messages_a_month: int


def saved_notice(visit: Visit, revision: int, receipt: str | None) -> Notice | None:
    """The notice of the newest save, if it made this revision, or of one that changed nothing.

    Earlier ones are not told: a link shows what holds, not what once did.
    """
    if revision not in {UNCHANGED, visit.person.revision}:
        return None
    record = record_of(visit, revision) if revision != UNCHANGED else None
    changes = list(record.changes) if record else []
    is_theirs = has_receipt(visit, revision, receipt) and can_undo(visit, record)
    heading = _heading(visit, record, is_theirs)
    return _notice(visit, heading, changes, revision if is_theirs else None, receipt)


def _heading(visit: Visit, record: Record | None, can_be_undone: bool) -> Markup:
    gettext = visit.language.gettext
    if record is None:
        return gettext("No changes to save")
    if not can_be_undone and takes_back(visit, record):
        return gettext("Your change was undone")
    return gettext("Saved")


def confirmed_notice(visit: Visit) -> Notice:
    """What comes from now on, after an address was confirmed."""
    preferences = visit.state.preferences().items()
    chosen = [Change(topic_subject(topic), None, preference) for topic, preference in preferences]
    return _notice(visit, visit.language.gettext("Your address is confirmed"), chosen)


def changes_told(visit: Visit, changes: Iterable[Change]) -> list[Markup]:
    """What changed, as it holds today: with fewer messages, in a pause or after leaving too."""
    reach = visit.state.overall_on(visit.today)["reach"]
    return sentences(visit.language, visit.site, changes, reach)


def _notice(
    visit: Visit,
    heading: Markup,
    made: list[Change],
    undo: int | None = None,
    receipt: str | None = None,
) -> Notice:
    said = changes_told(visit, made)
    count = messages_a_month(visit.site, visit.state, visit.today)
    return Notice(heading, said, undo, receipt, count)
