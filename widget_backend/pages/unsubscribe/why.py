"""“Why do I get this?” (S1.5): from any message's link, for whoever reads it.

A mail may have been forwarded: only the topic of that message is told. What a segment says of the
people in it is not told at all, until it is known who is in it.
"""

from __future__ import annotations

from dataclasses import replace

from flask import url_for
from markupsafe import Markup

from widget_backend.pages.account.consents import agreements
from widget_backend.site.model import Topic
from widget_backend.store.campaigns import find_campaign
from widget_backend.store.ledger import records
from widget_backend.web.visits import Visit, require_fresh


def respond(visit: Visit) -> str:
    require_fresh(visit)
    topic = visit.site.topic(visit.link.topic or "") if visit.link else None
    return visit.render(
        "why.html",
        errors=[],
        reason=_reason(visit),
        topic=topic,
        is_on=_is_on(visit, topic),
        agreed=_agreed(visit, topic),
        leave_url=_way_out(visit),
    )


def _reason(visit: Visit) -> str:
    """The public sentence of the campaign, else of the site."""
    name = visit.link.campaign if visit.link else None
    database, tag = visit.context.database, visit.language.tag
    campaign = find_campaign(database, visit.site, name, tag) if name else None
    return campaign.sentence if campaign else visit.site.why_we_write


def _is_on(visit: Visit, topic: Topic | None) -> bool:
    """Whether the topic still comes: whoever left everything left it too."""
    is_chosen = topic is not None and visit.state.is_subscribed(topic.id)
    return is_chosen and visit.state.reach != "off"


def _agreed(visit: Visit, topic: Topic | None) -> Markup | None:
    if topic is None or not _is_on(visit, topic):
        return None
    by_topic = agreements(records(visit.context.database, visit.person.ledger_key))
    return by_topic[topic.id].sentence(visit.language) if topic.id in by_topic else None


def _way_out(visit: Visit) -> str:
    """The page that leaves what this message was about."""
    if visit.link is None:
        return ""
    said = replace(visit.link, expires_at=None)
    token = visit.context.signer.token("unsubscribe", said)
    return url_for("pages.unsubscribe_page", token=token, lang=visit.asked_language)
