"""“Why do I get this?”: from any message's link, for whoever reads it.

A mail may have been forwarded: only the topic of that message is shown. A link that opens all
choices, and is not from a message about one topic, tells of every topic that is on. What a segment
says of the people in it is not shown at all, until it is known who is in it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from flask import url_for
from markupsafe import Markup

from widget_backend.pages.blueprints import MAILED, PURPOSES, Page, hosted
from widget_backend.pages.notices import describe_changes
from widget_backend.pages.waiting import expected_a_month, refused_topics, waiting_topics
from widget_backend.rules.basis import UNASKED
from widget_backend.rules.state import Change, topic_subject
from widget_backend.site.model import Topic
from widget_backend.store.campaigns import find_campaign
from widget_backend.store.ledger import Record, records
from widget_backend.web.access import check_not_expired, open_by_link
from widget_backend.web.consents import consents_by_topic, was_on
from widget_backend.web.labels import overall_sentence
from widget_backend.web.request_context import RequestContext
from widget_backend.web.service_sentences import no_messages
from widget_backend.web.templates import render_page
from widget_backend.web.urls import page_url


@dataclass(frozen=True)
class Told:
    """A topic that comes: its name, how and how often, and since when; None if no record says.

    `waits` says what holds it back now, if anything does.
    """

    name: str
    comes: Markup
    waits: Markup | None
    agreed: Markup | None


@hosted.get(f"/{MAILED}/<token>/why")
def why_page(door: str, token: str) -> Page:
    ctx = open_by_link(PURPOSES[door], token)
    check_not_expired(ctx)
    topic = ctx.site.topic(ctx.link.topic or "") if ctx.link else None
    # Whoever unsubscribed from everything does not get the topic either.
    is_off = ctx.state.reach == "off"
    comes = topic is not None and ctx.state.is_subscribed(topic.id) and not is_off
    history = records(ctx.database, ctx.profile.ledger_key)
    consents = consents_by_topic(ctx.site, history)
    consent = consents.get(topic.id) if topic and comes else None
    may_leave = comes if topic else not is_off
    # Any other link opens nothing that can be changed, and shows nobody's choices.
    opens_choices = ctx.purpose == "preferences"
    return render_page(
        ctx,
        "unsubscribe/why.html",
        reason=_reason(ctx),
        topic=topic,
        is_on=comes,
        was_on=topic is not None and was_on(topic.id, history),
        agreed=consent.sentence(ctx.language) if consent else None,
        has_agreed=consent is not None and consent.basis not in UNASKED,
        waits=_waits(ctx, topic) if topic and comes and opens_choices else None,
        holds=_holds(ctx) if opens_choices else None,
        topics=_topics(ctx, history) if opens_choices and not is_off else [],
        leave_url=_unsubscribe_url(ctx) if may_leave else None,
        choices_url=page_url(ctx) if opens_choices else None,
    )


def _waits(ctx: RequestContext, topic: Topic) -> Markup | None:
    """What holds back the topic of this message now."""
    return waiting_topics(ctx, stands_alone=True).get(topic.id)


def _topics(ctx: RequestContext, history: Sequence[Record]) -> list[Told]:
    """Every topic that is on."""
    by_topic = consents_by_topic(ctx.site, history)
    agreed = {topic: consent.sentence(ctx.language) for topic, consent in by_topic.items()}
    waiting, refused = waiting_topics(ctx), refused_topics(ctx)
    return [
        Told(
            topic.name,
            describe_changes(ctx, [_choice(ctx, topic)], refused)[0],
            waiting.get(topic.id),
            agreed.get(topic.id),
        )
        for topic in ctx.site.topics
        if ctx.state.is_subscribed(topic.id)
    ]


def _choice(ctx: RequestContext, topic: Topic) -> Change:
    return Change(topic_subject(topic.id), None, ctx.state.preference(topic.id))


def _holds(ctx: RequestContext) -> Markup | None:
    """What holds above all topics today, if nothing comes for now or nothing was chosen."""
    overall = ctx.state.overall_on(ctx.today)
    if overall["reach"] in {"paused", "off"}:
        return overall_sentence(ctx.language, overall)
    if expected_a_month(ctx, refused_topics(ctx)):
        return None
    return no_messages(ctx.language, ctx.site)


def _reason(ctx: RequestContext) -> str:
    """The public sentence of the campaign, else of the site."""
    name = ctx.link.campaign if ctx.link else None
    campaign = find_campaign(ctx.database, ctx.site, name, ctx.language.tag) if name else None
    return campaign.sentence if campaign else ctx.site.why_we_write


def _unsubscribe_url(ctx: RequestContext) -> str:
    """The page that unsubscribes from what this message was about."""
    if ctx.link is None:
        return ""
    token = ctx.signer.token("unsubscribe", replace(ctx.link, expires_at=None))
    return url_for("hosted.unsubscribe_page", token=token, lang=ctx.asked_language)
