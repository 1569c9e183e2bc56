"""What the page of an unsubscribe link shows: what holds, what brings less mail, what was done."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from flask import request
from markupsafe import Markup

from widget_backend.actions.reasons import may_tell_reason
from widget_backend.actions.saving import record_of
from widget_backend.actions.undo import can_undo, has_undo_token
from widget_backend.pages import wordings
from widget_backend.pages.notices import describe_changes
from widget_backend.pages.waiting import expected_a_month, refused_topics
from widget_backend.rules.state import Change, inverse, is_paused, topic_subject
from widget_backend.rules.unsubscribing import (
    BUTTONS,
    REASONS,
    PageButtons,
    only_reduces,
    only_unsubscribes,
    page_buttons,
)
from widget_backend.site.model import Topic
from widget_backend.store.ledger import Record, Wording
from widget_backend.web.forms import revision_in
from widget_backend.web.labels import overall_sentence, reason_name
from widget_backend.web.request_context import RequestContext
from widget_backend.web.service_sentences import no_more_messages
from widget_backend.web.templates import render_page


def render(
    ctx: RequestContext,
    saved: int | None = None,
    token: str | None = None,
    refused: Literal["undo", "pause"] | None = None,
) -> str:
    """`saved` is the revision that was made just now, where the address does not say it, and
    `token` undoes it. `refused` is what was asked for and not done."""
    if saved:
        record = record_of(ctx.context, ctx.profile, saved)
    else:
        record, token = _record_in_address(ctx), request.args.get("undo")
    topic = link_topic(ctx)
    buttons = _buttons(ctx, topic)
    done = _done(ctx, record, buttons)
    is_theirs = only_reduced(ctx, record) and may_undo(ctx, record, token)
    return render_page(
        ctx,
        "unsubscribe/unsubscribe.html",
        topic=topic,
        buttons=buttons,
        texts=wordings.unsubscribe_buttons(ctx.language, topic is not None),
        email=ctx.state.email,
        holds=[] if done else _holds(ctx, topic),
        done=done,
        messages_a_month=_messages_a_month(ctx) if done else None,
        revision=record.revision if record else None,
        undo=record.revision if record and is_theirs else None,
        undo_token=token,
        reasons=_reasons(ctx, record, token),
        thanked="thanked" in request.args,
        refused=refused,
    )


def _buttons(ctx: RequestContext, topic: Topic | None) -> PageButtons:
    """What this page has. A link of another purpose that has ended only unsubscribes."""
    buttons = page_buttons(ctx.site, ctx.state, topic.id if topic else None, ctx.today)
    return buttons if ctx.purpose == "unsubscribe" else replace(buttons, less=False, pauses=())


def wording(ctx: RequestContext, pressed: str = "") -> Wording:
    """What stood on the page where a button was pressed: this page, or that of an ended link.

    `pressed` is one of BUTTONS, or empty for undo. The form says which others the page had,
    since it may have been open for long. Where it does not, they are those of the page of now.
    """
    names = _buttons_sent()
    if names is None and ctx.purpose != "unsubscribe":
        texts = wordings.unsubscribing_with_an_ended_link(ctx.language)
    else:
        topic = link_topic(ctx)
        on_page = _buttons(ctx, topic).names if names is None else names
        texts = wordings.unsubscribing(ctx, topic is not None, {*on_page, pressed} - {""})
    return wordings.with_footer(ctx, texts)


def _buttons_sent() -> list[str] | None:
    """The buttons of the page by its form; None where that does not say, or names others."""
    names = request.form["buttons"].split() if "buttons" in request.form else None
    return names if names is not None and {*names} <= {*BUTTONS} else None


def link_topic(ctx: RequestContext) -> Topic | None:
    """What the link's message was about, if the site still has it."""
    return ctx.site.topic(ctx.link.topic or "") if ctx.link else None


def topic_id(ctx: RequestContext) -> str | None:
    topic = link_topic(ctx)
    return topic.id if topic else None


def only_reduced(ctx: RequestContext, record: Record | None) -> bool:
    """Whether a save did nothing but what the page of this link offers."""
    is_offered = only_reduces if ctx.purpose == "unsubscribe" else only_unsubscribes
    return record is not None and is_offered(record.changes, topic_id(ctx), ctx.today)


def may_undo(ctx: RequestContext, record: Record | None, token: str | None) -> bool:
    """Whether whoever holds this token may undo the save."""
    return (
        record is not None
        and has_undo_token(ctx.context, ctx.profile, record.revision, token)
        and can_undo(ctx.context, ctx.state, record)
    )


def _record_in_address(ctx: RequestContext) -> Record | None:
    """The save that the address names, if it is the newest and was made by an unsubscribe link.

    The page says nothing of other saves: mail gets forwarded.
    """
    revision = revision_in(request.args.get("saved"))
    if revision is None or revision != ctx.profile.revision:
        return None
    record = record_of(ctx.context, ctx.profile, revision)
    return record if record and record.door == "unsubscribe" else None


def _holds(ctx: RequestContext, topic: Topic | None) -> list[Markup]:
    """How the topic of the link comes today, and until when all messages are paused."""
    holds = []
    if is_paused(ctx.state.overall, ctx.today):
        holds = [overall_sentence(ctx.language, ctx.state.overall)]
    if topic and (preference := ctx.state.preference(topic.id)) and ctx.state.reach != "off":
        holds += describe_changes(ctx, [Change(topic_subject(topic.id), None, preference)])
    return holds


def _done(ctx: RequestContext, record: Record | None, buttons: PageButtons) -> list[Markup]:
    """What the newest save did, if it was a press on this page or took one back.

    After leaving, the heading says what was left, and this what stays.
    """
    if record is None or not (only_reduced(ctx, record) or _took_back(ctx, record)):
        return []
    if not (buttons.leave or buttons.off):
        return [no_more_messages(ctx.language, ctx.site)]
    is_of_topic = all(each.kind == "topic" for each in record.changes)
    has_left_topic = is_of_topic and not buttons.leave
    sentences = [] if has_left_topic else describe_changes(ctx, record.changes)
    if is_of_topic and only_reduced(ctx, record):
        sentences += [ctx.language.gettext("Everything else stays as you chose it.")]
    return sentences


def _took_back(ctx: RequestContext, record: Record) -> bool:
    """Only an undo brings more by this door."""
    return only_reduced(ctx, replace(record, changes=tuple(inverse(record.changes))))


def _messages_a_month(ctx: RequestContext) -> int | None:
    """None in a pause and after leaving everything, where the page says it in other words."""
    if ctx.state.overall_on(ctx.today)["reach"] in {"paused", "off"}:
        return None
    return expected_a_month(ctx, refused_topics(ctx))


def _reasons(ctx: RequestContext, record: Record | None, token: str | None) -> dict[str, str]:
    """Asked for by an unsubscribe link, not by another one that has ended."""
    return reasons(ctx, record, topic_id(ctx), token) if ctx.purpose == "unsubscribe" else {}


def reasons(
    ctx: RequestContext, record: Record | None, topic: str | None, token: str | None
) -> dict[str, str]:
    """Reasons to choose from, each with its words, for who has just left the topic or everything.

    The token says that it is them.
    """
    is_asked = may_tell_reason(ctx.context, ctx.profile, record, topic, token)
    return {each: reason_name(ctx.language, each) for each in REASONS} if is_asked else {}
