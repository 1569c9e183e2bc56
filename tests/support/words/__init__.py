"""The texts of our catalogs that tests look for: each stands here once, in the module of its page.

Tests name what a text is. What it says is looked up, so that a better sentence breaks none.
"""

from __future__ import annotations

from widget_backend.i18n.languages import language


class Text(str):
    """As a string, what the English catalog says; `said` says it in any language."""

    msgid: str
    plural: str
    context: str

    def __new__(cls, msgid: str, plural: str = "", context: str = "") -> Text:
        made = super().__new__(cls, _translated("en", msgid, plural, context))
        made.msgid, made.plural, made.context = msgid, plural, context
        return made


def said(tag: str, text: Text, count: int | None = None, **values: object) -> str:
    """How a language says it with these values, as plain text.

    `count` chooses among plural forms, and is the number that stands in them.
    """
    if count is None:
        return _in_line(_translated(tag, text.msgid, text.plural, text.context) % values)
    sentence = _translated(tag, text.msgid, text.plural, text.context, count)
    number = language(tag).number(count)
    return _in_line(sentence % {"n": number, "number": number, **values})


def beginning(tag: str, text: Text) -> str:
    """How a language begins to say it: what stands before the first value."""
    sentence = _translated(tag, text.msgid, text.plural, text.context)
    begun = _in_line(sentence.partition("%(")[0])
    assert begun, f"“{sentence}” begins with a value"
    return begun


def _translated(tag: str, msgid: str, plural: str, context: str, count: int = 1) -> str:
    spoken = language(tag).translations
    if plural:
        return spoken.ngettext(msgid, plural, count)
    return spoken.pgettext(context, msgid) if context else spoken.gettext(msgid)


def _in_line(text: str) -> str:
    return " ".join(text.split())
