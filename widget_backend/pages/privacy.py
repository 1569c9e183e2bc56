"""The way to a site's own privacy policy: fragments may only link to our origin."""

from __future__ import annotations

from flask import redirect

from widget_backend.pages.blueprints import Page, hosted
from widget_backend.web.access import find_site


@hosted.get("/s/<site_id>/privacy")
def privacy_policy(site_id: str) -> Page:
    return redirect(find_site(site_id).site.privacy_policy, 302)
