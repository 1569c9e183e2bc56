"""The texts of a site: taking them out for translators and putting translations in.

A text's context in the catalog is its key path, with identifiers in place of positions
(`topics.offers.benefit`), so that translators see where it stands and two equal texts may
be translated differently.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from itertools import chain, takewhile
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog, Message
from marshmallow import fields

from widget_backend.calling import calling
from widget_backend.errors import Mistake
from widget_backend.i18n.catalog_checks import translation_flaw
from widget_backend.i18n.catalog_updates import update_catalog
from widget_backend.i18n.catalogs import (
    LanguageCatalog,
    Translations,
    empty_catalog,
    first_text,
    plural_forms,
    read_catalog,
)
from widget_backend.i18n.languages import fallbacks, is_variant
from widget_backend.site.model import Site
from widget_backend.site.schema import Table, keys_of
from widget_backend.site.values import Text

Translate = Callable[[str, str], str]
"""From context and text to the text in another language."""


def catalog_path(site_file: Path, locale: str) -> Path:
    return site_file.parent / "translations" / locale / "LC_MESSAGES" / "site.po"


def map_texts(
    data: dict[str, Any], translate: Translate, model: type = Site, path: str = ""
) -> dict[str, Any]:
    """The same data with every `Text` passed through `translate`."""
    keys = keys_of(model)
    return {
        name: _map_value(keys.get(name), value, translate, f"{path}{name}")
        for name, value in data.items()
    }


def _map_value(field: Any, value: Any, translate: Translate, path: str) -> Any:
    if isinstance(field, Text):
        return translate(path, value)
    if isinstance(field, Table):
        return map_texts(value, translate, field.model, f"{path}.")
    if isinstance(field, fields.List) and isinstance(field.inner, Table):
        return [
            map_texts(item, translate, field.inner.model, f"{path}.{item.get('id', position)}.")
            for position, item in enumerate(value)
        ]
    return value


def texts(data: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Every text of the site with its context, in the order of the file."""
    contexts_and_texts: list[tuple[str, str]] = []

    def collect(context: str, text: str) -> str:
        contexts_and_texts.append((context, text))
        return text

    map_texts(data, collect)
    return iter(contexts_and_texts)


def translated(data: dict[str, Any], translations: Translations) -> dict[str, Any]:
    """The site's data in another language; what is not translated stays as it is."""
    return map_texts(data, translations.pgettext)


# ── the nearest translation ─────────────────────────────────────────────────────────────────


def read_translations(
    site_file: Path, data: dict[str, Any], locale: str
) -> tuple[LanguageCatalog, list[Mistake]]:
    """The nearest translation of each text that can be shown, and what is missing or wrong.

    For a variant such as `sq-XK` that is its own translation, else that of `sq`, else the site's
    own text if it is Albanian. Raises FileRefused.
    """
    paths = [catalog_path(site_file, tag) for tag in _tags(data, locale)]
    catalogs = [read_catalog(path, locale) for path in paths]
    nearest, mistakes = empty_catalog(locale), []
    for context, text in texts(data):
        entries = [catalog.get(text, context) for catalog in catalogs]
        unusable = list(takewhile(lambda each: not each or translation_flaw(each), entries))
        usable = entries[len(unusable)] if len(unusable) < len(entries) else None
        if usable:
            nearest[usable.id] = usable
        wrong = list(_wrong(paths, unusable))
        mistakes += wrong
        if not (usable or wrong or is_variant(locale, data["source_language"])):
            mistakes.append(_missing(site_file, paths, entries, context, text))
    return nearest, mistakes


def untranslated(site_file: Path, data: dict[str, Any]) -> Counter[str]:
    """How many texts lack a translation that can be shown, by the catalog where it should be.

    Catalogs that lack none are not in it. Raises FileRefused.
    """
    in_each = (read_translations(site_file, data, each)[1] for each in data["locales"])
    # One language and its variant may miss the same text.
    return Counter(each.file for each in dict.fromkeys(chain.from_iterable(in_each)))


def _tags(data: dict[str, Any], locale: str) -> list[str]:
    """The languages whose catalogs serve a locale, nearest first, up to the site's own language."""
    source = data["source_language"]
    return list(takewhile(lambda tag: tag != source, fallbacks(locale)))


def _wrong(paths: list[Path], entries: list[Message | None]) -> Iterator[Mistake]:
    """The translations among these that somebody wrote, and that must not be shown."""
    for path, entry in zip(paths, entries, strict=False):
        if entry and any(plural_forms(entry)) and (flaw := translation_flaw(entry)):
            reason = f"“{first_text(entry)}” {flaw.reason}"
            yield Mistake(str(path), str(entry.context), reason, flaw.cure)


def _missing(
    site_file: Path, paths: list[Path], entries: list[Message | None], context: str, text: str
) -> Mistake:
    """The mistake of a text without any translation, in the file where it should have one."""
    both = zip(paths, entries, strict=True)
    path, entry = next((each for each in both if each[0].exists()), (paths[0], None))
    update_it = f"run {calling(f'translations update {site_file}')}, then translate it"
    cure = "translate it" if entry else update_it
    return Mistake(str(path), context, f"“{text}” is not translated", cure)


def update_translations(
    site_file: Path,
    data: dict[str, Any],
    ready: Callable[[str], Mapping[str, str]] = lambda tag: {},
) -> list[Path]:
    """Write or update the catalogs of all the site's languages but its own; returns the paths.

    A variant gets its own catalog only if its file exists, or if no other language serves it.
    `ready` are translations into a language, by context, for texts that have none.
    """
    tags = dict.fromkeys(chain(*(_languages_of(site_file, data, each) for each in data["locales"])))
    for tag in tags:
        template, translations = Catalog(), ready(tag)
        for context, text in texts(data):
            template.add(text, translations.get(context, ""), context=context)
        update_catalog(catalog_path(site_file, tag), tag, template)
    return [catalog_path(site_file, tag) for tag in tags]


def _languages_of(site_file: Path, data: dict[str, Any], locale: str) -> list[str]:
    """The languages of a locale’s catalogs that exist, or are to be written."""
    tags = _tags(data, locale)
    others = {*data["locales"]} - {locale}
    existing = [tag for tag in tags if tag in others or catalog_path(site_file, tag).exists()]
    return existing or ([] if is_variant(locale, data["source_language"]) else [locale])
