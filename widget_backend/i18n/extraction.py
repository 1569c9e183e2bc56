"""The product's own texts: found in the sources, translated in `translations/`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from babel import Locale, UnknownLocaleError
from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from jinja2.ext import babel_extract

from widget_backend.errors import FileRefused, Mistake
from widget_backend.i18n.catalog_checks import problems
from widget_backend.i18n.catalogs import update
from widget_backend.i18n.languages import DOMAIN, translations_folder

PACKAGE = Path(__file__).parents[1]
SOURCE = "en"
"""The language in which the sources are written."""

SPEAKING = ("embed", "pages", "web")
"""The rooms that speak to people in their language; all others raise errors by name."""

KEYWORDS: dict[str, Any] = {
    "_": None,
    "gettext": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
"""What texts are passed to, and which arguments they are (c: the context)."""

AS_THE_APP = {
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


def template() -> Catalog:
    """All texts, in the order of files and lines, each with the files it stands in."""
    catalog = Catalog()
    for file in _sources():
        name = file.relative_to(PACKAGE.parent).as_posix()
        for line, text, context in _texts(file):
            catalog.add(text, context=context, locations=[(name, line)])
    return catalog


def _sources() -> list[Path]:
    python = (f"{room}/**/*.py" for room in SPEAKING)
    kinds = (*python, "templates/**/*.html", "templates/**/*.txt")
    return sorted(file for kind in kinds for file in PACKAGE.glob(kind))


def _texts(file: Path) -> list[Extracted]:
    method: Any = "python" if file.suffix == ".py" else babel_extract
    with file.open("rb") as source:
        found = extract(method, source, KEYWORDS, options=AS_THE_APP)
        texts = [(line, text, context) for line, text, _comments, context in found]
    return sorted(texts, key=lambda each: each[0])


def catalogs() -> dict[str, Path]:
    """The catalog of each language that has a folder in `translations/`."""
    folders = sorted(each for each in translations_folder().iterdir() if each.is_dir())
    for folder in folders:
        _require_language(folder)
    return {each.name: each / "LC_MESSAGES" / f"{DOMAIN}.po" for each in folders}


def _require_language(folder: Path) -> None:
    try:
        Locale.parse(folder.name, sep="-")
    except (UnknownLocaleError, ValueError) as error:
        cure = "name the folder after one, like sq or pt-BR, or move it away"
        raise FileRefused(str(folder), "no language of that name is known", cure) from error


def update_catalogs() -> list[Path]:
    """Bring all catalogs up to date with the sources; returns their paths."""
    texts = template()
    for tag, path in catalogs().items():
        update(path, tag, texts, SOURCE)
    return list(catalogs().values())


def check_catalogs() -> Iterator[Mistake]:
    """Everything that keeps a catalog from being complete, correct and up to date."""
    texts = template()
    for tag, path in catalogs().items():
        yield from problems(path, tag, texts, SOURCE)
