"""Our own texts: extracted from the sources, translated in catalogs.

Those of the product are in `translations/`. The demo shop plays somebody else's website, and has
catalogs of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from babel import Locale, UnknownLocaleError
from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from jinja2.ext import babel_extract

from widget_backend.errors import FileRefused, Mistake
from widget_backend.file_errors import unreadable, unwritable
from widget_backend.i18n.catalog_checks import check_catalog
from widget_backend.i18n.catalog_updates import update_catalog
from widget_backend.i18n.languages import DOMAIN, translations_folder
from widget_backend.installation import PACKAGE, folder_to_write, own_folder

SOURCE = "en"
"""The language in which the sources are written."""

ROOMS_WITH_TEXTS = ("embed", "pages", "planning", "preview", "web")
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


class OwnTexts(NamedTuple):
    """Files that hold texts, and their catalogs: `folder`/sq/LC_MESSAGES/`domain`.po.

    In the `source` language each text is its own translation. A new catalog begins as that of the
    same language in `model`.
    """

    files: tuple[str, ...]
    folder: Path
    domain: str
    source: str = SOURCE
    model: Path | None = None


PRODUCT = (
    *(f"{room}/**/*.py" for room in ROOMS_WITH_TEXTS),
    "templates/**/*.html",
    "templates/**/*.txt",
    "preview/**/*.html",
)
SHOP = ("demo/shop/*.html",)


def own_texts() -> tuple[OwnTexts, ...]:
    """With WIDGET_FOLDER, only what an operator translates there. Raises SettingInvalid."""
    if own := own_folder("translations"):
        return (OwnTexts(PRODUCT, own, DOMAIN, source="", model=translations_folder()),)
    return (
        OwnTexts(PRODUCT, translations_folder(), DOMAIN),
        OwnTexts(SHOP, PACKAGE / "demo" / "shop" / "translations", "shop"),
    )


def extract_texts(patterns: Sequence[str] = PRODUCT) -> Catalog:
    """The template: all texts in the order of files and lines, each with the files that have it."""
    catalog = Catalog()
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


def catalog_paths(texts: OwnTexts) -> dict[str, Path]:
    """The catalog of each language that has a folder. Raises FileRefused."""
    try:
        folders = sorted(each for each in texts.folder.iterdir() if each.is_dir())
    except OSError as error:
        cure = f"make it, and in it a folder for each language, such as {texts.folder / 'de'}"
        raise FileRefused(str(texts.folder), unreadable(error)[0], cure) from error
    for folder in folders:
        try:
            Locale.parse(folder.name, sep="-")
        except (UnknownLocaleError, ValueError) as error:
            cure = "name the folder after one, like sq or pt-BR, or move it away"
            raise FileRefused(str(folder), "no language of that name is known", cure) from error
    return {each.name: each / "LC_MESSAGES" / f"{texts.domain}.po" for each in folders}


def update_catalogs() -> list[Path]:
    """Bring all catalogs up to date with the sources; returns their paths.

    Raises FileRefused, and SettingInvalid where they are in an installed package.
    """
    folder_to_write("translations", translations_folder())
    return [path for texts in own_texts() for path in _update(texts)]


def _update(texts: OwnTexts) -> Iterator[Path]:
    template = extract_texts(texts.files)
    for tag, path in catalog_paths(texts).items():
        if texts.model and not path.exists():
            _begin_as(path, texts.model / path.relative_to(texts.folder))
        update_catalog(path, tag, template, texts.source)
        yield path


def _begin_as(path: Path, model: Path) -> None:
    """Raises FileRefused."""
    if model.exists():
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(model.read_bytes())
        except OSError as error:
            raise FileRefused(str(path), *unwritable(error)) from error


def check_catalogs() -> Iterator[Mistake]:
    """Everything that keeps a catalog from being complete, correct and up to date."""
    for texts in own_texts():
        template = extract_texts(texts.files)
        for tag, path in catalog_paths(texts).items():
            yield from check_catalog(path, tag, template, texts.source)
