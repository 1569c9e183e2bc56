"""`--lang`: in which of a site's languages a command speaks."""

from __future__ import annotations

from widget_backend.errors import FileRefused
from widget_backend.i18n.languages import Language, language
from widget_backend.site.load import SiteInLanguages
from widget_backend.site.model import Site


def spoken(sites: SiteInLanguages, tag: str | None) -> tuple[Language, Site]:
    """The language of this tag, or the site's own, and the site in it. Raises FileRefused."""
    wanted = tag or sites.site.source_language
    if wanted not in sites.in_locale:
        cure = f"choose one of {', '.join(sites.in_locale)}"
        raise FileRefused(
            str(sites.site.file), f"--lang {wanted}: the site does not speak it", cure
        )
    return language(wanted), sites.in_locale[wanted]
