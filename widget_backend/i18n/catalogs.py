"""Catalogs: gettext files, read as they are.

There is nothing to compile: a `.po` file is read when the server starts. Texts come from
`extraction.py` (our own) and `site/texts.py` (an owner's); `catalog_updates.py` keeps catalogs up
to date, and `catalog_checks.py` checks them.
"""

from __future__ import annotations

import re
from gettext import GNUTranslations
from io import BytesIO
from pathlib import Path
from typing import Any

from babel import Locale
from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.plurals import get_plural
from babel.messages.pofile import PoFileError, PoFileParser

from widget_backend.calling import calling
from widget_backend.errors import FileRefused
from widget_backend.file_errors import unreadable

PLURALS = {
    # The order of CLDR, gettext's manual and translators' tools. Babel 2.18 would write a header
    # with the last two forms the other way round (python-babel/babel#816).
    "ar": (
        6,
        "(n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : n%100>=11 ? 4 : 5)",
    ),
    "sq": (2, "(n != 1)"),
    "en": (2, "(n != 1)"),
}


EMPTY_CURE = f"put its content back, or fill it with {calling('translations update')}"


class Translations:
    """The translations of one catalog, as callables."""

    def __init__(self, translations: GNUTranslations) -> None:
        self.gettext = translations.gettext
        self.ngettext = translations.ngettext
        self.pgettext = translations.pgettext
        self.npgettext = translations.npgettext


class LanguageCatalog(Catalog):
    """A catalog of one language, with our plural rule: a file's header is ignored.

    Only the comment above the header is kept, because translators sign there.
    """

    credits = ""

    @property
    def num_plurals(self) -> int:
        return self._rule()[0]

    @property
    def plural_expr(self) -> str:
        return self._rule()[1]

    def _rule(self) -> tuple[int, str]:
        language, *_ = str(self.locale).split("_")
        count, expression = PLURALS.get(language) or get_plural(self.locale)
        return count, expression

    def __setitem__(self, text: Any, message: Message) -> None:
        if not text:
            self.credits = "".join(f"# {line}".rstrip() + "\n" for line in message.user_comments)
        elif self.get(text, message.context):
            line = message.lineno or 1
            raise PoFileError("the text stands in this file already", self, "", line - 1)
        else:
            super().__setitem__(text, message)


def empty_catalog(tag: str) -> LanguageCatalog:
    return LanguageCatalog(locale=Locale.parse(tag, sep="-"))


def translations_of(catalog: Catalog, *others: Catalog) -> Translations:
    """The catalog as callables; what it leaves out is looked up in the others, one after another.

    Fuzzy translations are left out: nobody is shown them.
    """
    translations = _compiled(catalog)
    for each in others:
        translations.add_fallback(_compiled(each))
    return Translations(translations)


def _compiled(catalog: Catalog) -> GNUTranslations:
    compiled = BytesIO()
    write_mo(compiled, catalog)
    compiled.seek(0)
    return GNUTranslations(compiled)


# ── reading ─────────────────────────────────────────────────────────────────────────────────


def read_catalog(path: Path, tag: str, may_be_empty: bool = False) -> LanguageCatalog:
    """The catalog in a file; an empty one when there is no such file.

    Raises FileRefused, with the line, for a file that cannot be read completely: it is written back
    later, and would lose what was not read. Unless it `may_be_empty`, also for one with nothing in
    it, as while somebody writes it: people would read all texts in another language.
    """
    catalog = empty_catalog(tag)
    lines = _read_lines(path)
    is_empty = all(not line.strip() or line.startswith("#") for line in lines)
    if lines and is_empty and not may_be_empty:
        raise FileRefused(str(path), "is empty", EMPTY_CURE)
    _check_structure(path, lines)
    # Tools mark obsolete entries with #~ and previous texts with #|.
    current = ("" if line.startswith(("#~", "#|")) else line for line in lines)
    try:
        PoFileParser(catalog, abort_invalid=True).parse(current)
    except PoFileError as error:
        raise _refused(path, error.lineno + 1, str(error).rpartition(" on ")[0]) from error
    return catalog


def _read_lines(path: Path) -> list[str]:
    try:
        content = path.read_bytes()
        return content.decode("utf-8-sig").split("\n")
    except FileNotFoundError:
        return []
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise FileRefused(f"{path}: line {line}", "is not UTF-8", "save it as UTF-8") from error
    except OSError as error:
        raise FileRefused(str(path), *unreadable(error)) from error


def _refused(path: Path, line: int, reason: str) -> FileRefused:
    return FileRefused(f"{path}: line {line}", reason, "correct it there, by hand or with Poedit")


_LINE = re.compile(
    r'((?P<word>msgctxt|msgid|msgid_plural|msgstr)(?P<form>\[\d\])? +)?"([^"\\]|\\[\\trn"])*"'
)
_START = frozenset({"msgctxt", "msgid"})
_MAY_FOLLOW = {
    "msgctxt": {"msgid"},
    "msgid": {"msgid_plural", "msgstr"},
    "msgid_plural": {"msgstr[…]"},
    "msgstr": _START,
    "msgstr[…]": _START | {"msgstr[…]"},
}


def _check_structure(path: Path, lines: list[str]) -> None:
    """Raises FileRefused for broken entries: Babel passes over them, and they would swap or lose
    their translations."""
    before = "msgstr"
    for number, line in enumerate(map(str.strip, lines), 1):
        if not line or line.startswith("#"):
            continue
        parts = _LINE.fullmatch(line)
        if parts is None:
            raise _refused(path, number, f"“{line[:30]}” is no line of a gettext file")
        word = parts["word"] + ("[…]" if parts["form"] else "") if parts["word"] else None
        if word and word not in _MAY_FOLLOW[before]:
            raise _refused(path, number, f"{word} cannot follow {before}")
        before = word or before
    if not before.startswith("msgstr"):
        raise _refused(path, len(lines), f"the file ends after {before}")


# ── messages ────────────────────────────────────────────────────────────────────────────────


def messages(catalog: Catalog) -> list[Message]:
    """All messages but the header."""
    return [message for message in catalog if message.id]


def find_message(catalog: Catalog, message: Message) -> Message | None:
    """The catalog’s message with the same text and context."""
    return catalog.get(message.id, message.context)


def first_text(message: Message) -> str:
    """The text; the singular, if it has plural forms."""
    return message.id if isinstance(message.id, str) else str(message.id[0])


def plural_forms(message: Message) -> tuple[str, ...]:
    """The translation in each plural form; one translation, if there is no plural."""
    string = message.string or ""
    return (string,) if isinstance(string, str) else tuple(string)
