"""The start page: for who types the name of the host, without a link."""

from __future__ import annotations

from flask import redirect, request, url_for

from widget_backend.i18n.languages import language
from widget_backend.pages.blueprints import Page, hosted
from widget_backend.web.negotiation import choose_our_language
from widget_backend.web.request_context import current_context, facts
from widget_backend.web.templates import render_template


@hosted.get("/")
def start_page() -> Page:
    """Of one site, its sign-up. Of several, a page that does not tell whose server this is."""
    sites = list(current_context().sites)
    if len(sites) == 1:
        lang = request.args.get("lang")
        return redirect(url_for("hosted.sign_up_page", site_id=sites[0], lang=lang))
    spoken = facts().language = language(choose_our_language())
    return render_template("start.html", spoken, hosted=True, site=None, errors=[])
