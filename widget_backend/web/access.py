"""Access: who a request is from, and whether its link still opens what it asks for."""

from __future__ import annotations

import hmac
from dataclasses import replace
from datetime import timedelta

from flask import request

from widget_backend import links
from widget_backend.errors import LinkEnded, LinkRevoked, RateLimited, SiteUnknown
from widget_backend.i18n.languages import language
from widget_backend.links import Link, Purpose
from widget_backend.rate_limits import STRANGERS, network_of
from widget_backend.site.load import SiteInLanguages
from widget_backend.store.profiles import read_profile
from widget_backend.web.negotiation import choose_language
from widget_backend.web.origin_checks import check_origin
from widget_backend.web.request_context import RequestContext, current_context, facts, is_fragment
from widget_backend.web.urls import here, link_url, open_proof

GRACE = timedelta(days=1)
"""A form that was opened in time may still be saved, and leads on, for this long."""


def open_by_link(purpose: Purpose, token: str) -> RequestContext:
    """The request of somebody with a signed link, whether or not its time is over.

    Each page decides what an ended link still does, since unsubscribing is never blocked. Raises
    LinkForged, LinkWrongPurpose, SiteUnknown, ProfileUnknown, OriginNotAllowed, CrossSitePost.
    """
    link = current_context().signer.read(purpose, token)
    known = facts()
    known.purpose, known.link_language = purpose, link.language
    known.link_url = here() if is_fragment() else link_url(purpose, token)
    check_origin(find_site(link.site).site)
    return open_for(purpose, token, link)


def open_for(purpose: Purpose, token: str, link: Link) -> RequestContext:
    """The request of the person that a link names. Raises SiteUnknown and ProfileUnknown."""
    site = find_site(link.site)
    profile = read_profile(current_context().database, link.site, link.handle)
    ctx = _open(site, link.language, profile.state.language)
    return replace(ctx, purpose=purpose, token=token, link=link, reader=profile)


def open_by_site(site_id: str) -> RequestContext:
    """A stranger's request. Raises SiteUnknown, OriginNotAllowed and CrossSitePost."""
    site = find_site(site_id)
    check_origin(site.site)
    return _open(site)


def _open(site: SiteInLanguages, *wishes: str | None) -> RequestContext:
    tag, asked = choose_language(site, wishes)
    spoken = facts().language = language(tag)
    return RequestContext(
        context=current_context(),
        site=site.in_locale[tag],
        language=spoken,
        hosted=not is_fragment(),
        asked_language=asked,
    )


def find_site(site_id: str) -> SiteInLanguages:
    """Raises SiteUnknown."""
    site = current_context().sites.get(site_id)
    if site is None:
        raise SiteUnknown
    facts().site = site
    return site


def check_not_expired(ctx: RequestContext, grace: timedelta = timedelta()) -> None:
    """Raises LinkRevoked, and LinkExpired when the link's time is over by `grace`."""
    if ctx.is_revoked:
        raise LinkRevoked
    if ctx.link:
        links.check_not_expired(ctx.link, ctx.context.clock() - grace)


def is_expired(ctx: RequestContext) -> bool:
    """Whether the link opens nothing any more."""
    try:
        check_not_expired(ctx)
    except LinkEnded:
        return True
    return False


def grace_of(ctx: RequestContext) -> timedelta:
    """How long after its end the link still serves a form that was opened in time.

    The widget's link lasts for minutes, so the form must prove that it was opened before that link
    ended. Anyone who has only the link gets no more time.
    """
    is_sent = request.method == "POST" and ctx.purpose != "embed"
    return GRACE if is_sent or has_open_proof(ctx) else timedelta()


def has_open_proof(ctx: RequestContext) -> bool:
    """Whether a form that was opened in time was sent here, or a link inside it led here."""
    wanted, sent = open_proof(ctx), request.args.get("opened", "")
    return wanted is not None and hmac.compare_digest(sent.encode(), wanted.encode())


def count_stranger() -> None:
    """Raises RateLimited when very many come from one network without a link."""
    context, network = current_context(), network_of(request.remote_addr)
    now = context.clock().timestamp()
    if not context.limits.allows(STRANGERS, network, now):
        raise RateLimited(context.limits.wait(STRANGERS, network, now) or 1)
