"""Updating catalogs: new texts come in, old ones go, and every translation is kept."""

from __future__ import annotations

from contextlib import suppress
from difflib import get_close_matches
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import write_po

from widget_backend.errors import FileRefused
from widget_backend.file_errors import unwritable
from widget_backend.i18n.catalogs import (
    LanguageCatalog,
    empty_catalog,
    find_message,
    first_text,
    messages,
    plural_forms,
    read_catalog,
)


def update_catalog(path: Path, tag: str, template: Catalog, source: str = "") -> None:
    """Bring the catalog at `path` up to date with the template, keeping every translation.

    A changed text keeps its old translation, marked as fuzzy for the translator to check. In the
    `source` language each text is its own translation. Raises FileRefused; the file is then as it
    was.
    """
    content = updated_content(path, tag, template, source)
    fresh = path.with_name(f"{path.name}.new")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh.write_bytes(content)
        fresh.replace(path)
    except OSError as error:
        with suppress(OSError):
            fresh.unlink(missing_ok=True)
        raise FileRefused(str(path), *unwritable(error)) from error


def updated_content(path: Path, tag: str, template: Catalog, source: str = "") -> bytes:
    """What `update_catalog` would write."""
    catalog = _merged(read_catalog(path, tag, may_be_empty=True), template, tag)
    if tag == source:
        for message in messages(catalog):
            message.string = message.id
            message.flags.discard("fuzzy")
            message.auto_comments = []
    return _as_file(catalog)


def _merged(old: LanguageCatalog, template: Catalog, tag: str) -> LanguageCatalog:
    merged = empty_catalog(tag)
    merged.credits = old.credits
    removed = _RemovedTexts(old, template)
    for message in messages(template):
        previous = old.get(message.id, message.context) or removed.take_like(message)
        merged[message.id] = _translated(message, previous, merged.num_plurals)
    return merged


class _RemovedTexts:
    """Translated texts that left the sources: a new text may be a changed form of one of them."""

    def __init__(self, old: Catalog, template: Catalog) -> None:
        self._texts = [
            each
            for each in messages(old)
            if any(plural_forms(each)) and not find_message(template, each)
        ]
        self._new = [each for each in messages(template) if not find_message(old, each)]

    def take_like(self, message: Message) -> Message | None:
        """A text of the same context, else the same text in another context; else None.

        Of several texts in the context, or without one, the one that is most alike.
        """
        text, context = first_text(message), message.context
        here = [each for each in self._texts if each.context == context]
        is_only_new = sum(each.context == context for each in self._new) == 1
        is_only = bool(context) and len(here) == 1 and is_only_new
        near = get_close_matches(text, [first_text(each) for each in here], 1)
        alike = [each for each in here if is_only or first_text(each) in near]
        alike += [each for each in self._texts if first_text(each) == text]
        if not alike:
            return None
        self._texts.remove(alike[0])
        return alike[0]


def _translated(message: Message, old: Message | None, count: int) -> Message:
    """The template's message with the old translation, fuzzy if that belongs to another text.

    Without an old one it has the template's. `count` is the number of plural forms of the language.
    """
    old = old or message
    same = (old.id, old.context) == (message.id, message.context)
    forms = plural_forms(old)
    fuzzy = any(forms) and (old.fuzzy or not same)
    old_text = [] if same else [f"Until now: “{first_text(old)}”"]
    return Message(
        message.id,
        (forms + ("",) * count)[:count] if message.pluralizable else forms[0],
        locations=message.locations,
        flags={"fuzzy"} if fuzzy else (),
        auto_comments=(old.auto_comments or old_text) if fuzzy else (),
        user_comments=old.user_comments,
        context=message.context,
    )


def _as_file(catalog: LanguageCatalog) -> bytes:
    """The header names no dates and tools, so that the file changes only when a text does."""
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
