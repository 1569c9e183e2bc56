"""“Why do I get this?”: from any message's link, for whoever reads it.

A mail may have been forwarded: only the topic of that message is shown. What a segment says of the
people in it is not shown at all, until it is known who is in it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from flask import url_for
from markupsafe import Markup

from widget_backend.pages.account.consents import consents_by_topic, was_on
from widget_backend.pages.blueprints import MAILED, PURPOSES, Page, hosted
from widget_backend.site.model import Topic
from widget_backend.store.campaigns import find_campaign
from widget_backend.store.ledger import Record, records
from widget_backend.web.access import check_not_expired, open_by_link
from widget_backend.web.request_context import RequestContext
from widget_backend.web.templates import render_page
from widget_backend.web.urls import page_url


@hosted.get(f"/{MAILED}/<token>/why")
def why_page(door: str, token: str) -> Page:
    ctx = open_by_link(PURPOSES[door], token)
    check_not_expired(ctx)
    topic = ctx.site.topic(ctx.link.topic or "") if ctx.link else None
    # Whoever unsubscribed from everything does not get the topic either.
    comes = topic is not None and ctx.state.is_subscribed(topic.id) and ctx.state.reach != "off"
    may_leave = comes if topic else ctx.state.reach != "off"
    history = records(ctx.database, ctx.profile.ledger_key) if topic else []
    return render_page(
        ctx,
        "unsubscribe/why.html",
        reason=_reason(ctx),
        topic=topic,
        is_on=comes,
        was_on=topic is not None and was_on(topic.id, history),
        agreed=_consent(ctx, topic, history) if topic and comes else None,
        leave_url=_unsubscribe_url(ctx) if may_leave else None,
        # Any other link opens nothing that can be changed.
        choices_url=page_url(ctx) if ctx.purpose == "preferences" else None,
    )


def _reason(ctx: RequestContext) -> str:
    """The public sentence of the campaign, else of the site."""
    name = ctx.link.campaign if ctx.link else None
    campaign = find_campaign(ctx.database, ctx.site, name, ctx.language.tag) if name else None
    return campaign.sentence if campaign else ctx.site.why_we_write


def _consent(ctx: RequestContext, topic: Topic, history: Sequence[Record]) -> Markup | None:
    by_topic = consents_by_topic(ctx.site, history)
    return by_topic[topic.id].sentence(ctx.language) if topic.id in by_topic else None


def _unsubscribe_url(ctx: RequestContext) -> str:
    """The page that unsubscribes from what this message was about."""
    if ctx.link is None:
        return ""
    token = ctx.signer.token("unsubscribe", replace(ctx.link, expires_at=None))
    return url_for("hosted.unsubscribe_page", token=token, lang=ctx.asked_language)
