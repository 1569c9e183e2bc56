"""The product's own texts: extracted from the sources, translated in `translations/`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from babel import Locale, UnknownLocaleError
from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from jinja2.ext import babel_extract

from widget_backend.errors import FileRefused, Mistake
from widget_backend.i18n.catalog_checks import check_catalog
from widget_backend.i18n.catalog_updates import update_catalog
from widget_backend.i18n.languages import DOMAIN, translations_folder

PACKAGE = Path(__file__).parents[1]
SOURCE = "en"
"""The language in which the sources are written."""

ROOMS_WITH_TEXTS = ("embed", "pages", "web")
"""Rooms that show texts in the reader’s language. All others raise errors by name."""

KEYWORDS: dict[str, Any] = {
    "_": None,
    "gettext": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
"""The functions that texts are passed to, and which arguments are texts (c: the context)."""

JINJA_OPTIONS = {
    "trim_blocks": "true",
    "lstrip_blocks": "true",
    "trimmed": "true",
    "newstyle_gettext": "true",
    "silent": "false",
    "extensions": "widget_backend.i18n.compiled_templates.Once",
}
"""How pages and mails set Jinja up: texts must come out as templates ask for them."""

Extracted = tuple[int, Any, str | None]
"""Line, text or (text, plural), context."""


def extract_texts() -> Catalog:
    """The template: all texts in the order of files and lines, each with the files that have it."""
    catalog = Catalog()
    python = (f"{room}/**/*.py" for room in ROOMS_WITH_TEXTS)
    patterns = (*python, "templates/**/*.html", "templates/**/*.txt")
    for file in sorted(file for pattern in patterns for file in PACKAGE.glob(pattern)):
        name = file.relative_to(PACKAGE.parent).as_posix()
        for line, text, context in _texts(file):
            catalog.add(text, context=context, locations=[(name, line)])
    return catalog


def _texts(file: Path) -> list[Extracted]:
    method: Any = "python" if file.suffix == ".py" else babel_extract
    with file.open("rb") as source:
        messages = extract(method, source, KEYWORDS, options=JINJA_OPTIONS)
        texts = [(line, text, context) for line, text, _comments, context in messages]
    return sorted(texts, key=lambda each: each[0])


def catalog_paths() -> dict[str, Path]:
    """The catalog of each language that has a folder in `translations/`. Raises FileRefused."""
    folders = sorted(each for each in translations_folder().iterdir() if each.is_dir())
    for folder in folders:
        try:
            Locale.parse(folder.name, sep="-")
        except (UnknownLocaleError, ValueError) as error:
            cure = "name the folder after one, like sq or pt-BR, or move it away"
            raise FileRefused(str(folder), "no language of that name is known", cure) from error
    return {each.name: each / "LC_MESSAGES" / f"{DOMAIN}.po" for each in folders}


def update_catalogs() -> list[Path]:
    """Bring all catalogs up to date with the sources; returns their paths."""
    template, paths = extract_texts(), catalog_paths()
    for tag, path in paths.items():
        update_catalog(path, tag, template, SOURCE)
    return list(paths.values())


def check_catalogs() -> Iterator[Mistake]:
    """Everything that keeps a catalog from being complete, correct and up to date."""
    template = extract_texts()
    for tag, path in catalog_paths().items():
        yield from check_catalog(path, tag, template, SOURCE)
