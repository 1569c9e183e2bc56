"""Notices: what happened, told after the redirect from what the store holds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from markupsafe import Markup

from widget_backend.actions.saving import UNCHANGED, record_of
from widget_backend.actions.undo import can_undo, has_undo_token
from widget_backend.pages.waiting import expected_a_month, may_be_refused, refused_topics
from widget_backend.rules.state import Change, reverted, topic_subject
from widget_backend.rules.volume import messages_a_month
from widget_backend.store.ledger import Record
from widget_backend.web.labels import sentences
from widget_backend.web.request_context import RequestContext


@dataclass(frozen=True)
class Notice:
    """What a save did.

    `undo` is the revision to undo, if that is still possible; `undo_token` proves who made it.
    `messages_before` is how many could come each month until then, where that is known.
    """

    heading: Markup
    sentences: list[Markup]
    undo: int | None
    undo_token: str | None
    messages_a_month: int
    messages_before: int | None = None


def saved_notice(ctx: RequestContext, revision: int, token: str | None) -> Notice | None:
    """The notice of the newest save, if it made this revision, or of one that changed nothing.

    Earlier ones are not told: a link shows what holds, not what once did.
    """
    if revision not in {UNCHANGED, ctx.profile.revision}:
        return None
    context, profile = ctx.context, ctx.profile
    record = record_of(context, profile, revision) if revision != UNCHANGED else None
    changes = list(record.changes) if record else []
    is_theirs = has_undo_token(context, profile, revision, token)
    may_undo = is_theirs and can_undo(context, ctx.state, record)
    heading = _heading(ctx, record)
    notice = _notice(ctx, heading, changes, revision if may_undo else None, token)
    return replace(notice, messages_before=_messages_before(ctx, changes))


def _messages_before(ctx: RequestContext, changes: list[Change]) -> int | None:
    """None where something may have been refused then: addresses may have changed since."""
    before = reverted(ctx.state, changes)
    if may_be_refused(ctx.profile, before):
        return None
    return messages_a_month(ctx.site, before, ctx.today)


def _heading(ctx: RequestContext, record: Record | None) -> Markup:
    gettext = ctx.language.gettext
    if record is None:
        return gettext("No changes to save")
    if record.undoes is not None:
        return gettext("Your change was undone")
    return gettext("Saved")


def confirmed_notice(ctx: RequestContext) -> Notice:
    """What comes from now on, after an address was confirmed."""
    preferences = ctx.state.preferences().items()
    chosen = [Change(topic_subject(topic), None, preference) for topic, preference in preferences]
    return _notice(ctx, ctx.language.gettext("Your address is confirmed"), chosen)


def describe_changes(
    ctx: RequestContext, changes: Iterable[Change], refused: Mapping[str, Markup] | None = None
) -> list[Markup]:
    """What changed, as it holds today: with fewer messages, in a pause or after leaving too.

    Nothing is said to come of topics that are `refused`, see `refused_topics`.
    """
    reach = ctx.state.overall_on(ctx.today)["reach"]
    refused = refused_topics(ctx) if refused is None else refused
    return sentences(ctx.language, ctx.site, changes, reach, refused)


def _notice(
    ctx: RequestContext,
    heading: Markup,
    changes: list[Change],
    undo: int | None = None,
    undo_token: str | None = None,
) -> Notice:
    refused = refused_topics(ctx)
    sentences_told = []
    for change in changes:
        why = [refused[change.name]] if change.kind == "topic" and change.name in refused else []
        for sentence in describe_changes(ctx, [change], refused):
            sentences_told.append(Markup(" ").join([sentence, *why]))
    count = expected_a_month(ctx, refused)
    return Notice(heading, sentences_told, undo, undo_token, count)
