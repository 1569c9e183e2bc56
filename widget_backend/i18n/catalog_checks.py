"""Catalog checks: what is wrong with a catalog, and how to correct it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from gettext import c2py
from pathlib import Path
from typing import NamedTuple

from babel.messages.catalog import Catalog, Message

from widget_backend.calling import calling
from widget_backend.errors import Mistake
from widget_backend.i18n.catalog_updates import updated_content
from widget_backend.i18n.catalogs import (
    LanguageCatalog,
    find_message,
    first_text,
    messages,
    plural_forms,
    read_catalog,
)
from widget_backend.text import first_control


class Flaw(NamedTuple):
    """Why a translation is wrong or missing, and what to do about it."""

    reason: str
    cure: str


@dataclass(frozen=True)
class Missing(Mistake):
    """A text without any translation. There may be hundreds: `many` tells of all at once why, and
    what to do about them."""

    many: str


UPDATE = f"run {calling('translations update')}"
NOT_TRANSLATED = Flaw("is not translated", "translate it")

COUNTS = frozenset({"n", "number"})
"""Placeholders of a counted number. A plural form that is used for one number only may write it in
words (“one message”, رسالتان)."""


def check_catalog(path: Path, tag: str, template: Catalog, source: str = "") -> list[Mistake]:
    """Everything wrong with the catalog at `path`, which translates the template's texts.

    Raises FileRefused when it cannot be read at all.
    """
    catalog = read_catalog(path, tag)
    mistakes = list(_out_of_date(path, catalog, template))
    for message in messages(catalog):
        for reason, cure in flaws(message, catalog):
            place = (str(path), f"line {message.lineno}", f"“{first_text(message)}” {reason}", cure)
            is_missing = (reason, cure) == NOT_TRANSLATED
            mistakes.append(
                Missing(*place, "are not translated. translate them")
                if is_missing
                else Mistake(*place)
            )
    if not mistakes and path.read_bytes() != updated_content(path, tag, template, source):
        reason = "order, references or header are not as they are usually written"
        mistakes.append(Mistake(str(path), "file", reason, UPDATE))
    return mistakes


def flaws(message: Message, catalog: LanguageCatalog) -> Iterable[Flaw]:
    """Why the translation of a text of ours must not be shown."""
    flaw = translation_flaw(message)
    return [flaw] if flaw else _placeholder_flaws(message, catalog)


def without_flaws(catalog: LanguageCatalog) -> LanguageCatalog:
    """The catalog, without translations that would break a page."""
    for message in messages(catalog):
        if any(flaws(message, catalog)):
            catalog.delete(message.id, message.context)
    return catalog


def _out_of_date(path: Path, catalog: Catalog, template: Catalog) -> Iterator[Mistake]:
    for message in messages(template):
        here = find_message(catalog, message)
        if here is None or here.id != message.id:
            reason = f"“{first_text(message)}” is missing"
            yield Missing(str(path), "file", reason, UPDATE, f"are missing. {UPDATE}")
    for message in messages(catalog):
        if find_message(template, message) is None:
            reason = f"“{first_text(message)}” is not in the sources any more"
            yield Mistake(str(path), f"line {message.lineno}", reason, UPDATE)


MARKUP = frozenset("<>&")
"""Signs that a page would read as markup. Where the text itself has them, they are intended."""


def translation_flaw(message: Message) -> Flaw | None:
    """Why the translation of a text, ours or a site's, must not be shown; None if it may."""
    forms = plural_forms(message)
    if not any(forms):
        return NOT_TRANSLATED
    if not all(forms):
        return Flaw(f"is not translated in all {len(forms)} plural forms", "fill each of them")
    if message.fuzzy:
        return Flaw("is marked fuzzy", "correct the translation, then remove the mark")
    return _foreign_sign(message)


def _foreign_sign(message: Message) -> Flaw | None:
    """A sign that the text does not have, and that would break a page or the header of an email."""
    in_text = set("".join([message.id] if isinstance(message.id, str) else message.id))
    for form in plural_forms(message):
        foreign = [sign for sign in dict.fromkeys(form) if sign not in in_text]
        if signs := [sign for sign in foreign if sign in MARKUP]:
            return Flaw(f"and “{form}” differ in {' '.join(signs)}", "write it in words")
        if control := first_control("".join(foreign)):
            return Flaw(f"is translated with {control}", "write it in one line, without tabs")
    return None


# ── placeholders ────────────────────────────────────────────────────────────────────────────

_NAMED = re.compile(r"%\((\w+)\)s")


def _placeholder_flaws(message: Message, catalog: LanguageCatalog) -> Iterator[Flaw]:
    """Every plural form gets the same values, so it must name all of them and no others."""
    text = message.id if isinstance(message.id, str) else message.id[-1]
    wanted = _names(text)
    single = _single_forms(catalog.plural_expr) if message.pluralizable else set()
    for number, form in enumerate(plural_forms(message)):
        in_words = COUNTS if number in single else frozenset()
        if differing := (wanted ^ _names(form)) - (in_words - _names(form)):
            names = ", ".join(f"%({name})s" for name in sorted(differing))
            reason = f"and “{form}” differ in {names}"
            yield Flaw(reason, "name the same placeholders in both")
        elif "%" in _NAMED.sub("", form).replace("%%", ""):
            yield Flaw(f"has a single % in “{form}”", "write %% for the sign itself")


def _single_forms(rule: str) -> set[int]:
    """The plural forms that are used for exactly one number."""
    uses = Counter(map(c2py(rule), range(300)))
    return {form for form, count in uses.items() if count == 1}


def _names(text: str) -> set[str]:
    return set(_NAMED.findall(text))
