"""Unsubscribing: one plain page, one tap, no JavaScript, never expired.

A link from a campaign's message unsubscribes from its topic, and offers to unsubscribe from
everything; a link from anywhere else unsubscribes from everything. Beside it stands what brings
less mail: fewer messages, and a pause.
"""

from __future__ import annotations

from datetime import date

from flask import redirect, request

from widget_backend.actions.reasons import may_tell_reason, tell_reason
from widget_backend.actions.saving import UNCHANGED, record_of
from widget_backend.actions.undo import undo, undo_token
from widget_backend.actions.unsubscribe import reduce_mail
from widget_backend.pages.blueprints import GET_AND_POST, Page, hosted
from widget_backend.pages.unsubscribe.rendering import (
    may_undo,
    only_reduced,
    render,
    topic_id,
    wording,
)
from widget_backend.rules.pauses import may_pause_until
from widget_backend.rules.state import reverted
from widget_backend.rules.unsubscribing import Press, get_fewer, pause, unsubscribe
from widget_backend.web.access import check_not_expired, grace_of, is_expired, open_by_link
from widget_backend.web.forms import pause_button, seen_revision
from widget_backend.web.request_context import RequestContext
from widget_backend.web.urls import page_url, result_url


@hosted.route("/u/<token>", methods=GET_AND_POST)
def unsubscribe_page(token: str) -> Page:
    ctx = open_by_link("unsubscribe", token)
    if request.method != "POST":
        return render(ctx)
    if "why" in request.form and "do" not in request.form:
        return take_reason(ctx, topic_id(ctx))
    button = request.form.get("do", "")
    is_pause, until = pause_button(button)
    if is_pause:
        return _pause(ctx, until)
    if button == "less":
        topic = topic_id(ctx)
        return _press(ctx, "less", lambda state: get_fewer(ctx.site, state, topic, ctx.today))
    return unsubscribe_or_undo(ctx)


def unsubscribe_or_undo(ctx: RequestContext) -> Page:
    """Also on the page of a link of another purpose, which has ended. A button that nobody knows
    unsubscribes: whoever pressed it did not come for anything else."""
    button = request.form.get("do")
    if button == "undo":
        return _undo(ctx)
    if button == "off":
        return _press(ctx, "off", lambda state: unsubscribe(ctx.site, state, None))
    topic = topic_id(ctx)
    return _press(ctx, "leave", lambda state: unsubscribe(ctx.site, state, topic))


def _pause(ctx: RequestContext, until: date | None) -> Page:
    if until is None or not may_pause_until(until, ctx.today):
        return render(ctx, refused="pause"), 409
    return _press(ctx, "pause", lambda state: pause(state, until, ctx.today))


def _press(ctx: RequestContext, button: str, press: Press) -> Page:
    """Save what one of BUTTONS does, and show what it did."""
    consent = ctx.consent(wording(ctx, button), "unsubscribe")
    revision = reduce_mail(ctx.context, ctx.profile, press, consent)
    ctx = ctx.read_again()
    if revision == UNCHANGED and _is_repeated(ctx, press):
        revision = ctx.profile.revision
    return _show_result(ctx, revision, undo_token(ctx.context, ctx.profile, revision))


def _is_repeated(ctx: RequestContext, press: Press) -> bool:
    """Whether the newest save is what this press asks for: a repeated press counts as saved.

    Not what was saved at another door: its undo is for whoever did that.
    """
    record = record_of(ctx.context, ctx.profile, ctx.profile.revision)
    if record is None or not record.changes or record.door != "unsubscribe":
        return False
    return press(reverted(ctx.state, record.changes)) == list(record.changes)


def _undo(ctx: RequestContext) -> Page:
    """Undo what this link offers, and nothing else: that is all that it is for."""
    revision = seen_revision(ctx, request.form.get("revision")) or 0
    record = record_of(ctx.context, ctx.profile, revision)
    is_allowed = only_reduced(ctx, record) and may_undo(ctx, record, request.form.get("receipt"))
    if record is None or not is_allowed:
        check_not_expired(ctx, grace_of(ctx))  # a link that has ended shows nothing of anybody
        return render(ctx, refused="undo"), 409
    undo(ctx.context, ctx.profile, record, ctx.consent(wording(ctx), "unsubscribe"))
    ctx = ctx.read_again()
    return _show_result(ctx, ctx.profile.revision, "")


def take_reason(ctx: RequestContext, topic: str | None) -> Page:
    """Count why somebody has just left the topic, or everything without one.

    Who has not is thanked as well, but nothing is counted.
    """
    revision = seen_revision(ctx, request.form.get("revision")) or 0
    token = request.form.get("receipt", "")
    record = record_of(ctx.context, ctx.profile, revision)
    if record is None or not may_tell_reason(ctx.context, ctx.profile, record, topic, token):
        return redirect(page_url(ctx, thanked=1), 303)
    tell_reason(ctx.context, ctx.profile, record, request.form.get("why", ""))
    return redirect(page_url(ctx, saved=revision, undo=token, thanked=1), 303)


def _show_result(ctx: RequestContext, revision: int, token: str) -> Page:
    """On to what holds now; at once where the link would not open it any more."""
    if is_expired(ctx):
        return render(ctx, revision, token)
    to = page_url(ctx) if revision == UNCHANGED else result_url(ctx, revision, token)
    return redirect(to, 303)
