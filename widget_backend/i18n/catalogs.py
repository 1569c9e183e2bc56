"""Catalogs: gettext files read straight from their sources, and kept up to date.

There is nothing to compile: a `.po` file is read when the server starts. Where texts come from is
in `extraction.py` (our own) and `site/texts.py` (an owner's); `catalog_checks.py` checks them.
"""

from __future__ import annotations

import re
from contextlib import suppress
from difflib import get_close_matches
from gettext import GNUTranslations
from io import BytesIO
from pathlib import Path
from typing import Any

from babel import Locale
from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.plurals import get_plural
from babel.messages.pofile import PoFileError, PoFileParser, write_po

from widget_backend.errors import FileRefused, unreadable, unwritable

PLURALS = {
    # The order that CLDR, gettext's own manual and translators' tools use. The header Babel 2.18
    # would write has the last two forms the other way round (python-babel/babel#816).
    "ar": (
        6,
        "(n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : n%100>=11 ? 4 : 5)",
    ),
    "sq": (2, "(n != 1)"),
    "en": (2, "(n != 1)"),
}


class Translations:
    """One catalog of one language: says what a text is there."""

    def __init__(self, translations: GNUTranslations) -> None:
        self.gettext = translations.gettext
        self.ngettext = translations.ngettext
        self.pgettext = translations.pgettext
        self.npgettext = translations.npgettext


class LanguageCatalog(Catalog):
    """A catalog of one language, whose plural rule is ours, whatever a file's header says.

    Of a file's header only the comment above it is kept: translators sign there.
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


def translations_of(catalog: Catalog) -> Translations:
    """What the catalog says. Fuzzy translations are not shown to anyone."""
    compiled = BytesIO()
    write_mo(compiled, catalog)
    compiled.seek(0)
    return Translations(GNUTranslations(compiled))


# ── reading ─────────────────────────────────────────────────────────────────────────────────


def read_catalog(path: Path, tag: str) -> LanguageCatalog:
    """The catalog in a file; an empty one when there is no such file.

    Raises FileRefused, with the line, for what translators' tools would not read in full either:
    what is read here is written back, and a half-read file would lose the other half.
    """
    catalog = empty_catalog(tag)
    lines = _read_lines(path)
    _require_sound(path, lines)
    # Obsolete entries and previous texts, as tools leave them: nothing that counts.
    kept = ("" if line.startswith(("#~", "#|")) else line for line in lines)
    try:
        PoFileParser(catalog, abort_invalid=True).parse(kept)
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


def _require_sound(path: Path, lines: list[str]) -> None:
    """Babel reads over much that is broken; entries would swap or lose their translations."""
    before = "msgstr"
    for number, line in enumerate(map(str.strip, lines), 1):
        if not line or line.startswith("#"):
            continue
        found = _LINE.fullmatch(line)
        if found is None:
            raise _refused(path, number, f"“{line[:30]}” is no line of a gettext file")
        word = found["word"] + ("[…]" if found["form"] else "") if found["word"] else None
        if word and word not in _MAY_FOLLOW[before]:
            raise _refused(path, number, f"{word} cannot follow {before}")
        before = word or before
    if not before.startswith("msgstr"):
        raise _refused(path, len(lines), f"the file ends after {before}")


# ── updating ────────────────────────────────────────────────────────────────────────────────


def update(path: Path, tag: str, template: Catalog, source: str = "") -> None:
    """Bring the catalog at `path` up to date with the template, keeping every translation.

    A text that changed keeps its old translation as fuzzy, for the translator to check. When the
    catalog's language is the `source` one, texts stand as their own translation.
    Raises FileRefused; then the file is as it was.
    """
    content = updated(path, tag, template, source)
    fresh = path.with_name(f"{path.name}.new")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh.write_bytes(content)
        fresh.replace(path)
    except OSError as error:
        with suppress(OSError):
            fresh.unlink(missing_ok=True)
        raise FileRefused(str(path), *unwritable(error)) from error


def updated(path: Path, tag: str, template: Catalog, source: str = "") -> bytes:
    """What `update` would write."""
    catalog = _merged(read_catalog(path, tag), template, tag)
    if tag == source:
        for message in messages(catalog):
            message.string = message.id
            message.flags.discard("fuzzy")
            message.auto_comments = []
    return _written(catalog)


def messages(catalog: Catalog) -> list[Message]:
    """All but the header."""
    return [message for message in catalog if message.id]


def _merged(old: LanguageCatalog, template: Catalog, tag: str) -> LanguageCatalog:
    merged = empty_catalog(tag)
    merged.credits = old.credits
    gone = _Gone(old, template)
    for message in messages(template):
        kept = old.get(message.id, message.context) or gone.take_like(message)
        merged[message.id] = _carried(message, kept, merged.num_plurals)
    return merged


class _Gone:
    """Translated texts that left the sources, for the changed ones to take their place."""

    def __init__(self, old: Catalog, template: Catalog) -> None:
        self._left = [m for m in messages(old) if any(forms(m)) and not find(template, m)]
        self._new = [message for message in messages(template) if not find(old, message)]

    def take_like(self, message: Message) -> Message | None:
        """What stood in the same context, else the same text in another; else None.

        Where several texts share a context, or have none, the one most like it.
        """
        here = [each for each in self._left if each.context == message.context]
        alone = message.context and len(here) == 1 and self._are_new(message.context) == 1
        near = get_close_matches(first_text(message), [first_text(each) for each in here], 1)
        found = next((each for each in here if alone or first_text(each) in near), None)
        found = found or next((m for m in self._left if first_text(m) == first_text(message)), None)
        if found:
            self._left.remove(found)
        return found

    def _are_new(self, context: str) -> int:
        return sum(message.context == context for message in self._new)


def find(catalog: Catalog, message: Message) -> Message | None:
    """The message of the same text and context."""
    return catalog.get(message.id, message.context)


def first_text(message: Message) -> str:
    """The text, of one with plural forms the singular."""
    return message.id if isinstance(message.id, str) else str(message.id[0])


def forms(message: Message) -> tuple[str, ...]:
    """The translation in each of its plural forms; in one, where there is no plural."""
    string = message.string or ""
    return (string,) if isinstance(string, str) else tuple(string)


def _carried(message: Message, old: Message | None, count: int) -> Message:
    """The template's message with the old translation, fuzzy if it was made for another text."""
    old = old or Message(message.id, context=message.context)
    same = (old.id, old.context) == (message.id, message.context)
    fuzzy = any(forms(old)) and (old.fuzzy or not same)
    was = [] if same else [f"Until now: “{first_text(old)}”"]
    return Message(
        message.id,
        _in_forms(forms(old), message.pluralizable, count),
        locations=message.locations,
        flags={"fuzzy"} if fuzzy else (),
        auto_comments=(old.auto_comments or was) if fuzzy else (),
        user_comments=old.user_comments,
        context=message.context,
    )


def _in_forms(given: tuple[str, ...], plural: bool, count: int) -> str | tuple[str, ...]:
    return (given + ("",) * count)[:count] if plural else given[0]


def _written(catalog: LanguageCatalog) -> bytes:
    """The file, with a header without dates and tools: it changes only when a text does."""
    header = f"""\
{catalog.credits}msgid ""
msgstr ""
"Language: {catalog.locale_identifier}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals={catalog.num_plurals}; plural={catalog.plural_expr};\\n"

"""
    body = BytesIO()
    write_po(body, catalog, width=100, omit_header=True, include_lineno=False)
    return header.encode() + body.getvalue()
