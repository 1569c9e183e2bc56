"""The texts of a site: taking them out for translators and putting translations in.

A text's context in the catalog is its key path, with identifiers in place of positions
(`topics.offers.benefit`), so that translators see where it stands and two equal texts may
be translated differently.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from marshmallow import Schema, fields

from widget_backend.catalogs import (
    LanguageCatalog,
    Speaker,
    empty_catalog,
    read_catalog,
    update,
)
from widget_backend.site.schema import SiteSchema
from widget_backend.site.values import Text

Translate = Callable[[str, str], str]
"""From context and text to the text in another language."""


def catalog_path(site_file: Path, locale: str) -> Path:
    return site_file.parent / "translations" / locale / "LC_MESSAGES" / "site.po"


def map_texts(
    data: dict[str, Any], translate: Translate, schema: Schema | None = None, path: str = ""
) -> dict[str, Any]:
    """The same data with every `Text` passed through `translate`."""
    known = (schema or SiteSchema()).fields
    return {
        key: _map_value(known.get(key), value, translate, f"{path}{key}")
        for key, value in data.items()
    }


def _map_value(field: Any, value: Any, translate: Translate, path: str) -> Any:
    if isinstance(field, Text):
        return translate(path, value)
    if isinstance(field, fields.Nested):
        return map_texts(value, translate, field.schema, f"{path}.")
    if isinstance(field, fields.List) and isinstance(field.inner, fields.Nested):
        schema = field.inner.schema
        return [
            map_texts(item, translate, schema, f"{path}.{item.get('id', position)}.")
            for position, item in enumerate(value)
        ]
    return value


def texts(data: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Every text of the site with its context, in the order of the file."""
    found: list[tuple[str, str]] = []

    def collect(context: str, text: str) -> str:
        found.append((context, text))
        return text

    map_texts(data, collect)
    return iter(found)


def translated(data: dict[str, Any], speaker: Speaker) -> dict[str, Any]:
    """The site's data in the speaker's language; what is not translated stays as it is."""
    return map_texts(data, speaker.pgettext)


def read_translations(site_file: Path, data: dict[str, Any], locale: str) -> LanguageCatalog:
    """The site's catalog in one of its languages; empty in its own. Raises FileRefused."""
    if locale == data["source_language"]:
        return empty_catalog(locale)
    return read_catalog(catalog_path(site_file, locale), locale)


def update_translations(site_file: Path, data: dict[str, Any]) -> list[Path]:
    """Write or update the catalogs of all the site's languages but its own; returns the paths."""
    template = Catalog()
    for context, text in texts(data):
        template.add(text, context=context)
    others = [each for each in data["locales"] if each != data["source_language"]]
    for locale in others:
        update(catalog_path(site_file, locale), locale, template)
    return [catalog_path(site_file, locale) for locale in others]
