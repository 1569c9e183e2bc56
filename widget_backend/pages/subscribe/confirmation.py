"""Confirming a sign-up: one plain page, one tap, no JavaScript; opening it changes nothing.

Mail scanners open links and run scripts, so only a press of the button subscribes (double opt-in).
"""

from __future__ import annotations

from flask import redirect, request, url_for

from widget_backend.actions.sign_up import confirm, is_confirmed
from widget_backend.links import Link
from widget_backend.pages.blueprints import GET_AND_POST, Page, hosted
from widget_backend.pages.wordings import confirming_sign_up, with_footer
from widget_backend.rules.state import Preference
from widget_backend.site.model import Topic
from widget_backend.store.ledger import Wording
from widget_backend.store.profiles import Profile
from widget_backend.text import sentence_start
from widget_backend.web.access import check_not_expired, open_by_link
from widget_backend.web.labels import rhythm
from widget_backend.web.request_context import RequestContext
from widget_backend.web.templates import render_page


@hosted.route("/c/<token>", methods=GET_AND_POST)
def confirm_page(token: str) -> Page:
    ctx = open_by_link("confirm", token)
    if not is_confirmed(ctx.profile):
        check_not_expired(ctx)  # a link that is over says that nobody is subscribed yet
    return _confirm(ctx.read_answers()) if request.method == "POST" else _render(ctx)


def _confirm(ctx: RequestContext) -> Page:
    """On to the person's own choices, which say what they get from now on."""
    profile = confirm(ctx.context, ctx.profile, ctx.consent(_wording(ctx), "confirmation"))
    return redirect(_preferences_url(ctx, profile), 303) if profile else _render(ctx)


def _render(ctx: RequestContext) -> str:
    return render_page(
        ctx, "subscribe/confirm.html", topics=_topics(ctx), is_confirmed=is_confirmed(ctx.profile)
    )


def _topics(ctx: RequestContext) -> list[tuple[Topic, str]]:
    """What would come, each with how and how often."""
    chosen = ((each, ctx.state.preference(each.id)) for each in ctx.site.topics)
    return [
        (topic, _comes(ctx, preference))
        for topic, preference in chosen
        if preference and preference["on"]
    ]


def _comes(ctx: RequestContext, preference: Preference) -> str:
    return sentence_start(rhythm(ctx.language, preference["channel"], preference["frequency"]))


def _preferences_url(ctx: RequestContext, profile: Profile) -> str:
    link = Link(profile.site, profile.handle, ctx.language.tag, link_version=profile.link_version)
    token = ctx.signer.mint("preferences", link, ctx.context.clock())
    lang = ctx.asked_language
    return url_for("hosted.preferences_page", token=token, confirmed=1, lang=lang)


def _wording(ctx: RequestContext) -> Wording:
    topics = {
        f"topics.{topic.id}": f"{topic.name} {comes} {topic.benefit}"
        for topic, comes in _topics(ctx)
    }
    return with_footer(ctx, {**confirming_sign_up(ctx.language), **topics})
