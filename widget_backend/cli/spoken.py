"""`--lang`: what a command prints on a terminal is English, unless it is asked otherwise."""

from __future__ import annotations

import click

from widget_backend.errors import FileRefused
from widget_backend.i18n.languages import Language, language, match
from widget_backend.site.load import SiteInLanguages
from widget_backend.site.model import Site

ENGLISH = "en"

LANG = click.option(
    "--lang",
    metavar="TAG",
    help="Default: English. With another language of the site, sentences about the person, days in "
    "words and the names of topics, channels and languages are in it; labels stay English.",
)


def spoken(sites: SiteInLanguages, tag: str | None) -> tuple[Language, Site]:
    """The language of this tag, or English, and the site in it. A site that does not speak English
    is in its own language then. Raises FileRefused."""
    if tag in {None, ENGLISH}:
        return language(ENGLISH), in_english(sites)
    assert tag is not None
    if tag not in sites.in_locale:
        cure = f"choose one of {', '.join(dict.fromkeys((*sites.in_locale, ENGLISH)))}"
        raise FileRefused(str(sites.site.file), f"--lang {tag}: the site does not speak it", cure)
    return language(tag), sites.in_locale[tag]


def in_english(sites: SiteInLanguages) -> Site:
    """Its texts in English, of whichever country, as far as it has them."""
    tag = match(ENGLISH, [*sites.in_locale])
    return sites.in_locale[tag] if tag else sites.site
