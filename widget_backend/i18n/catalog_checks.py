"""Proofreading: what is wrong with a catalog, for the people who can mend it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from gettext import c2py
from pathlib import Path

from babel.messages.catalog import Catalog, Message

from widget_backend.errors import Mistake
from widget_backend.i18n.catalogs import (
    LanguageCatalog,
    find,
    first_text,
    forms,
    messages,
    read_catalog,
    updated,
)
from widget_backend.text import first_control

Finding = tuple[str, str]
"""Reason and cure."""

UPDATE = "run preference-widget translations update"

COUNTS = frozenset({"n", "number"})
"""Placeholders of a counted number: a plural form that stands for one number may say it in words
(“one message”, رسالتان)."""


def problems(path: Path, tag: str, template: Catalog, source: str = "") -> list[Mistake]:
    """Everything wrong with the catalog at `path` whose texts are the template's.

    Raises FileRefused when it cannot be read at all.
    """
    catalog = read_catalog(path, tag)
    found = list(_out_of_date(path, catalog, template))
    for message in messages(catalog):
        for reason, cure in _findings(message, catalog):
            said = f"“{first_text(message)}” {reason}"
            found.append(Mistake(str(path), f"line {message.lineno}", said, cure))
    if not found and path.read_bytes() != updated(path, tag, template, source):
        reason = "order, references or header are not as they are usually written"
        found.append(Mistake(str(path), "file", reason, UPDATE))
    return found


def _out_of_date(path: Path, catalog: Catalog, template: Catalog) -> Iterator[Mistake]:
    for message in messages(template):
        here = find(catalog, message)
        if here is None or here.id != message.id:
            yield Mistake(str(path), "file", f"“{first_text(message)}” is missing", UPDATE)
    for message in messages(catalog):
        if find(template, message) is None:
            reason = f"“{first_text(message)}” is not in the sources any more"
            yield Mistake(str(path), f"line {message.lineno}", reason, UPDATE)


def _findings(message: Message, catalog: LanguageCatalog) -> Iterator[Finding]:
    if found := flaw(message):
        yield found
    else:
        yield from _placeholders(message, catalog)


def flaw(message: Message) -> Finding | None:
    """Why the translation of a text, ours or a site's, must not be shown, if it must not."""
    return _gap(message) or _foreign_sign(message)


def _gap(message: Message) -> Finding | None:
    given = forms(message)
    if not any(given):
        return "is not translated", "translate it"
    if not all(given):
        return f"is not translated in all {len(given)} plural forms", "fill each of them"
    if message.fuzzy:
        return "is marked fuzzy", "correct the translation, then remove the mark"
    return None


MARKUP = frozenset("<>&")
"""Signs that a page would take for its own; where a text has them, they are meant."""


def _foreign_sign(message: Message) -> Finding | None:
    """A sign that the text does not have, and that would break a page or the header of a mail."""
    known = set("".join([message.id] if isinstance(message.id, str) else message.id))
    for form in forms(message):
        foreign = [sign for sign in dict.fromkeys(form) if sign not in known]
        if signs := [sign for sign in foreign if sign in MARKUP]:
            return f"and “{form}” differ in {' '.join(signs)}", "write it in words"
        if control := first_control("".join(foreign)):
            return f"is translated with {control}", "write it in one line, without tabs"
    return None


# ── placeholders ────────────────────────────────────────────────────────────────────────────

_NAMED = re.compile(r"%\((\w+)\)s")


def _placeholders(message: Message, catalog: LanguageCatalog) -> Iterator[Finding]:
    """Every form is filled in with the same values: it must name all of them and no others."""
    text = message.id if isinstance(message.id, str) else message.id[-1]
    wanted = _names(text)
    single = _single_forms(catalog.plural_expr) if message.pluralizable else set()
    for number, form in enumerate(forms(message)):
        in_words = COUNTS if number in single else frozenset()
        if differing := (wanted ^ _names(form)) - (in_words - _names(form)):
            names = ", ".join(f"%({name})s" for name in sorted(differing))
            yield f"and “{form}” differ in {names}", "name the same placeholders in both"
        elif _has_stray_sign(form):
            yield f"has a single % in “{form}”", "write %% for the sign itself"


def _single_forms(rule: str) -> set[int]:
    """The plural forms that are used for exactly one number."""
    uses = Counter(map(c2py(rule), range(300)))
    return {form for form, count in uses.items() if count == 1}


def _names(text: str) -> set[str]:
    return set(_NAMED.findall(text))


def _has_stray_sign(text: str) -> bool:
    return "%" in _NAMED.sub("", text).replace("%%", "")
