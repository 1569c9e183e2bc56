"""“Why do I get this?” (S1.5): from any message's link, for whoever reads it.

A mail may have been forwarded: only the topic of that message is told, and a segment that was built
on answers or purchases only after a code (`my_data.py`).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from flask import url_for
from markupsafe import Markup

from widget_backend.pages.agreements import agreements
from widget_backend.pages.visits import Visit, require_fresh
from widget_backend.rules.state import is_on
from widget_backend.site.model import Topic
from widget_backend.store.campaigns import find_campaign
from widget_backend.store.ledger import records


@dataclass(frozen=True)
class Reason:
    """Why a message came. `more_after_code`: there is a sentence that this page may not tell."""

    topic: Topic | None
    sentences: list[str]
    agreed: Markup | None
    more_after_code: bool


def respond(visit: Visit) -> str:
    require_fresh(visit)
    return visit.render(
        "why.html", errors=[], reason=reason(visit, proved=False), leave_url=_way_out(visit)
    )


def reason(visit: Visit, proved: bool) -> Reason:
    """`proved`: the reader has shown that they read the mail of the address on file."""
    said = visit.link
    topic = visit.site.topic(said.topic or "") if said else None
    sentences, more = _sentences(visit, proved)
    return Reason(topic, sentences, _agreed(visit, topic), more)


def _sentences(visit: Visit, proved: bool) -> tuple[list[str], bool]:
    """The public sentences of campaign and segment, and whether one of them is kept back."""
    name = visit.link.campaign if visit.link else None
    database, tag = visit.backend.database, visit.language.tag
    campaign = find_campaign(database, visit.site, name, tag) if name else None
    if campaign is None:
        return [visit.site.why_we_write], False
    segment = visit.site.segment(campaign.segment)
    if segment is None:
        return [campaign.sentence], False
    if segment.is_private and not proved:
        return [campaign.sentence], True
    return [campaign.sentence, segment.sentence], False


def _agreed(visit: Visit, topic: Topic | None) -> Markup | None:
    if topic is None or not is_on(visit.state, topic.id):
        return None
    found = agreements(records(visit.backend.database, visit.person.ledger_key)).get(topic.id)
    return found.sentence(visit.language) if found else None


def _way_out(visit: Visit) -> str:
    """The page that leaves what this message was about."""
    if visit.link is None:
        return ""
    said = replace(visit.link, expires_at=None)
    token = visit.backend.signer.token("unsubscribe", said)
    return url_for("pages.unsubscribe_page", token=token, lang=visit.asked_language)
