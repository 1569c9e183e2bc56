"""Which language to speak: what the address, the link, the profile and the browser ask for."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from flask import request

from widget_backend.i18n.languages import match, negotiate
from widget_backend.site.load import SiteInLanguages

OURS = ("en", "sq", "ar")
"""The languages of our own texts, where no site is known."""


def choose_language(
    site: SiteInLanguages, wishes: tuple[str | None, ...] = ()
) -> tuple[str, str | None]:
    """The language to speak, and the one the address names if it names one we have.

    In this order: the address, the link, the profile, the browser, the site's own language.
    """
    available = site.site.locales
    asked = match(request.args.get("lang"), available)
    every = chain((asked, *wishes), preferred_languages())
    return negotiate(every, available, site.site.source_language), asked


def choose_our_language() -> str:
    """The language to speak where no site is known, by the address and the browser."""
    wishes = [request.args.get("lang"), *preferred_languages()]
    return next((tag for wish in wishes if (tag := match(wish, OURS))), "en")


def preferred_languages() -> Iterator[str]:
    """What the browser asks for, best first; a quality of 0 says “not this one”."""
    for tag, quality in request.accept_languages:
        if quality > 0 and tag != "*":
            yield tag
