"""Reading SITE.toml: from a file to a `Site` in every language it declares, or to its mistakes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path
from typing import Any

from widget_backend.errors import FileRefused, Mistake, SiteFileInvalid
from widget_backend.i18n.catalogs import translations_of
from widget_backend.site import consistency, texts
from widget_backend.site.messages import complaints
from widget_backend.site.model import Site
from widget_backend.site.schema import build, check_keys
from widget_backend.site.svg import PictureRefused
from widget_backend.site.toml import TomlRefused, read_toml


@dataclass(frozen=True)
class SiteInLanguages:
    """One site, read and checked: in its own language and in each of its locales.

    `flaws` lists texts without a translation that could be shown; people read them in the source
    language. `lent_origins` may show the form although the site file does not list them: the
    website of a preview.
    """

    site: Site
    in_locale: Mapping[str, Site]
    flaws: tuple[Mistake, ...] = ()
    lent_origins: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        return self.site.id

    def at(self, url: str, origins: tuple[str, ...]) -> SiteInLanguages:
        """The same site served from another address, for a demo or a test."""
        moved = {
            tag: replace(each, url=url, origins=origins) for tag, each in self.in_locale.items()
        }
        return replace(self, site=replace(self.site, url=url, origins=origins), in_locale=moved)


def read_data(path: Path) -> dict[str, Any]:
    """The site file's data, once its keys and how they fit together are checked.

    Raises SiteFileInvalid with every mistake that could be found at once.
    """
    try:
        raw = read_toml(path)
    except TomlRefused as refused:
        raise SiteFileInvalid([refused.mistake]) from refused
    data, messages = check_keys(Site, raw)
    findings = chain(complaints(messages, raw), consistency.findings(data, path.parent, messages))
    if mistakes := [Mistake(str(path), *each) for each in findings]:
        raise SiteFileInvalid(mistakes)
    return data


def load_site(path: Path) -> SiteInLanguages:
    """The site that `path` declares. Raises SiteFileInvalid; FileRefused for a broken catalog."""
    data = read_data(path)
    in_locale: dict[str, Site] = {}
    flaws: list[Mistake] = []
    for locale in data["locales"]:
        catalog, mistakes = texts.read_translations(path, data, locale)
        flaws += mistakes
        translated = texts.translated(data, translations_of(catalog))
        try:
            in_locale[locale] = build(Site, _completed(translated), path.parent, file=path)
        except PictureRefused as refused:
            raise changed_meanwhile(path) from refused
    once = tuple(dict.fromkeys(flaws))  # a variant's may be those of its language
    return SiteInLanguages(in_locale[data["source_language"]], in_locale, once)


def changed_meanwhile(path: Path) -> FileRefused:
    return FileRefused(
        str(path), "it, or a file beside it, changed while it was read", "read it again"
    )


def _completed(data: dict[str, Any]) -> dict[str, Any]:
    """The data with what follows from other parts of the file: what topics take from the top, the
    order of the topics, and that of the stages."""
    topics = [
        {**topic, **{key: topic.get(key) or data[key] for key in ("channels", "frequencies")}}
        for topic in consistency.order_on_forms(data.get("groups", []), data["topics"])
    ]
    stages = consistency.asking_order(data.get("questions", []), data.get("stages", []))
    return {**data, "topics": topics, "stages": stages}
