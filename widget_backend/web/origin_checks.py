"""Origin checks: which pages may show a form of ours, and which may send one."""

from __future__ import annotations

from flask import request

from widget_backend.errors import CrossSitePost, OriginNotAllowed
from widget_backend.site.model import Site
from widget_backend.web.request_context import facts, is_fragment


def check_origin(site: Site) -> None:
    """Fragments are for the origins that the site lists, hosted forms for our own pages.

    The signed link in the path is the secret that a CSRF token would be; these checks keep other
    sites' pages from using one they may have come by. Raises OriginNotAllowed and
    CrossSitePost.
    """
    if is_fragment():
        _check_listed(site)
    else:
        check_same_site()


def check_same_site() -> None:
    """Raises CrossSitePost when a browser says that another site's page sent this."""
    # `none` is a person's own doing: a restored tab or a reload. Never look at Origin here: with
    # `Referrer-Policy: no-referrer` a browser sends `null` for our own form too.
    sender = request.headers.get("Sec-Fetch-Site", "same-origin")
    if request.method == "POST" and sender not in {"same-origin", "none"}:
        raise CrossSitePost


def _check_listed(site: Site) -> None:
    origin = request.headers.get("Origin")
    if origin is None and request.method != "POST":
        return
    if origin not in site.origins:
        raise OriginNotAllowed(origin or "no origin")
    facts().allowed_origin = origin
