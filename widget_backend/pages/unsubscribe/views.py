"""Unsubscribing: one plain page, one tap, no JavaScript, never expired.

A link from a campaign's message unsubscribes from its topic, and offers to unsubscribe from
everything; a link from anywhere else unsubscribes from everything.
"""

from __future__ import annotations

from flask import redirect, request

from widget_backend.actions.saving import record_of
from widget_backend.actions.undo import can_undo, has_undo_token, undo, undo_token
from widget_backend.actions.unsubscribe import unsubscribe
from widget_backend.pages import wordings
from widget_backend.pages.blueprints import GET_AND_POST, Page, hosted
from widget_backend.pages.notices import describe_changes
from widget_backend.rules import unsubscribing
from widget_backend.rules.unsubscribing import only_unsubscribes
from widget_backend.site.model import Topic
from widget_backend.store.ledger import Record, Wording
from widget_backend.web.access import check_not_expired, grace_of, is_expired, open_by_link
from widget_backend.web.forms import revision_in, seen_revision
from widget_backend.web.request_context import RequestContext
from widget_backend.web.templates import render_page
from widget_backend.web.urls import result_url


@hosted.route("/u/<token>", methods=GET_AND_POST)
def unsubscribe_page(token: str) -> Page:
    ctx = open_by_link("unsubscribe", token)
    return unsubscribe_or_undo(ctx) if request.method == "POST" else render(ctx)


def unsubscribe_or_undo(ctx: RequestContext) -> Page:
    """Anything but undo unsubscribes: a person who pressed a button here wants to."""
    button = request.form.get("do")
    if button == "undo":
        return _undo(ctx)
    topic = None if button == "off" else _topic_id(ctx)
    consent = ctx.consent(wording(ctx), "unsubscribe")
    unsubscribe(ctx.context, ctx.site, ctx.profile, topic, consent)
    return _redirect_to_result(ctx)


def _undo(ctx: RequestContext) -> Page:
    """Undo an unsubscribing, and nothing else: that is all this link is for."""
    revision = seen_revision(ctx, request.form.get("revision")) or 0
    record = record_of(ctx.context, ctx.profile, revision)
    may_undo = _may_undo(ctx, record, request.form.get("receipt"))
    if not (record and may_undo and _only_unsubscribed(ctx, record)):
        check_not_expired(ctx, grace_of(ctx))  # a link that has ended shows nothing of anybody
        return render(ctx, not_undone=True), 409
    undo(ctx.context, ctx.profile, record, ctx.consent(wording(ctx), "unsubscribe"))
    return _redirect_to_result(ctx)


def _redirect_to_result(ctx: RequestContext) -> Page:
    """On to what holds now; at once where the link would not open it any more."""
    ctx = ctx.read_again()
    revision = ctx.profile.revision
    token = undo_token(ctx.context, ctx.profile, revision)
    if is_expired(ctx):
        return render(ctx, revision, token)
    return redirect(result_url(ctx, revision, token), 303)


def render(
    ctx: RequestContext,
    saved: int | None = None,
    token: str | None = None,
    not_undone: bool = False,
) -> str:
    """`saved` is the revision that was made just now, where the address does not say it, and
    `token` undoes it."""
    if not saved:
        saved, token = _revision_in_address(ctx), request.args.get("undo")
    record = record_of(ctx.context, ctx.profile, saved) if saved else None
    only_unsubscribed = _only_unsubscribed(ctx, record)
    topic = _topic(ctx)
    return render_page(
        ctx,
        "unsubscribe/unsubscribe.html",
        topic=topic,
        is_off=ctx.state.reach == "off",
        topic_is_left=topic is not None
        and not unsubscribing.unsubscribe(ctx.site, ctx.state, topic.id),
        undo=saved if saved and only_unsubscribed and _may_undo(ctx, record, token) else None,
        undo_token=token,
        # After an undo, what comes again.
        now_holds=describe_changes(ctx, record.changes) if record and not only_unsubscribed else [],
        not_undone=not_undone,
    )


def wording(ctx: RequestContext) -> Wording:
    """What the button was pressed on: this page, or the one that an ended link shows."""
    if ctx.purpose == "unsubscribe":
        texts = wordings.unsubscribing(ctx.language, _topic(ctx))
    else:
        texts = wordings.unsubscribing_with_an_ended_link(ctx.language)
    return wordings.with_footer(ctx, texts)


def _topic(ctx: RequestContext) -> Topic | None:
    """What the link's message was about, if the site still has it."""
    return ctx.site.topic(ctx.link.topic or "") if ctx.link else None


def _topic_id(ctx: RequestContext) -> str | None:
    topic = _topic(ctx)
    return topic.id if topic else None


def _only_unsubscribed(ctx: RequestContext, record: Record | None) -> bool:
    """Whether a save did nothing but end what this link ends."""
    return record is not None and only_unsubscribes(record.changes, _topic_id(ctx), ctx.today)


def _may_undo(ctx: RequestContext, record: Record | None, token: str | None) -> bool:
    """Whether whoever holds this token may undo the save."""
    return (
        record is not None
        and has_undo_token(ctx.context, ctx.profile, record.revision, token)
        and can_undo(ctx.context, ctx.state, record)
    )


def _revision_in_address(ctx: RequestContext) -> int | None:
    """The revision that was saved just now, if it is still the newest."""
    revision = revision_in(request.args.get("saved"))
    return revision if revision == ctx.profile.revision else None
