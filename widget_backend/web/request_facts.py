"""What is known of a request so far. An error page is made of it, however early the error came."""

from __future__ import annotations

from dataclasses import dataclass

from flask import g, request

from widget_backend.i18n.languages import Language
from widget_backend.links import Purpose
from widget_backend.site.load import SiteInLanguages


@dataclass
class RequestFacts:
    """Filled in while a request is opened; all of it may still be missing.

    `link_language` is the language in which the link was sent, `link_url` the path of the link's
    own page, `allowed_origin` the page that may read the answer.
    """

    site: SiteInLanguages | None = None
    language: Language | None = None
    purpose: Purpose | None = None
    link_language: str | None = None
    link_url: str | None = None
    allowed_origin: str | None = None


def facts() -> RequestFacts:
    """The facts of the request that is being answered."""
    if "facts" not in g:
        g.facts = RequestFacts()
    known: RequestFacts = g.facts
    return known


def reader_language() -> Language:
    """The language of whoever is answered, once it was chosen."""
    language = facts().language
    assert language is not None, "open the request first"
    return language


def is_fragment() -> bool:
    """Whether the answer is for the widget in somebody else's page."""
    return request.blueprint == "fragments"
