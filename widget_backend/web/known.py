"""What is known of a request that is refused, however early: whose site it is, which language."""

from __future__ import annotations

from flask import g, request

from widget_backend.i18n.languages import Language, language, match
from widget_backend.site.load import SiteInLanguages
from widget_backend.web.negotiation import choose_language, preferred_languages
from widget_backend.web.visits import current_context

OURS = ("en", "sq", "ar")


def known_site() -> SiteInLanguages | None:
    """The site whose link it was; the only one, when one is served and the link says nothing."""
    if "site" in g:
        found: SiteInLanguages = g.site
        return found
    sites = list(current_context().sites.values())
    return sites[0] if len(sites) == 1 else None


def known_language(site: SiteInLanguages | None) -> Language:
    """The reader's, by what is known so far: what was chosen, the link, the site, the browser."""
    if "language" in g:
        found: Language = g.language
        return found
    if site:
        return language(choose_language(site, (g.get("link_language"),))[0])
    wishes = [request.args.get("lang"), *preferred_languages()]
    return language(next((tag for wish in wishes if (tag := match(wish, OURS))), "en"))
