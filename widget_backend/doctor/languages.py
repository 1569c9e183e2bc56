"""Languages: whether the form, its link and the page have the same one, in its own letters."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from urllib.parse import parse_qs, urldefrag, urlsplit

from babel import UnknownLocaleError

from widget_backend.calling import calling
from widget_backend.doctor.inspection import Inspection
from widget_backend.doctor.page_facts import Widget, origin_of, widgets_in
from widget_backend.errors import Finding
from widget_backend.i18n.languages import language


def languages(inspection: Inspection, lang: str | None) -> Iterator[Finding]:
    for widget in widgets_in(inspection.looks[0]):
        declared = widget["lang"]
        if not declared:
            cure = "write lang on <html>, or on the element"
            yield Finding("lang", "neither the page nor the element says its language", cure)
        elif lang and _base(lang) != _base(declared):
            yield Finding("lang", f"the element asks for {declared}", f'write lang="{lang}" on it')
            continue
        wanted = lang or declared
        of_form = list(_of_form(widget["form"], wanted)) if widget["form"] and wanted else []
        yield from of_form or _fallback(inspection, widget, wanted)


AS_WRITTEN = f"as `{calling('snippet')}` writes it"


def _fallback(inspection: Inspection, widget: Widget, wanted: str) -> Iterator[Finding]:
    """What is wrong with the link inside, which is all that people without JavaScript see."""
    link = widget["link"]
    if not link:
        reason = "there is none inside the element, so that nothing shows without script"
        yield Finding("link", reason, f"put a link to the hosted page inside, {AS_WRITTEN}")
    elif not origin_of(link["href"]):
        reason = f"{link['href']} is no address of a page"
        yield Finding("link", reason, f"write that of the hosted page, {AS_WRITTEN}")
    elif urldefrag(link["href"]).url == urldefrag(inspection.looks[0].facts["url"]).url:
        reason = "the link inside leads to this page itself"
        yield Finding("link", reason, f"write the address of the hosted page, {AS_WRITTEN}")
    elif not link["text"]:
        yield Finding("link", "the link inside says nothing", f"write words into it, {AS_WRITTEN}")
    elif wanted:
        yield from _language_of_link(link, wanted)


def _language_of_link(link: dict[str, str], wanted: str) -> Iterator[Finding]:
    linked, *_ = parse_qs(urlsplit(link["href"]).query).get("lang", [wanted])
    if _base(linked) != _base(wanted):
        reason = f"the link inside leads to a page in {linked}, the widget speaks {wanted}"
        yield Finding("link", reason, f"write lang={wanted} in its address")
    elif _letters_of(link["text"]) not in {None, _direction(wanted)}:
        reason = f"“{link['text']}” is not written in the letters of {wanted}"
        yield Finding("link", reason, "write it in the language of the page")


def _direction(tag: str) -> str | None:
    """None for an unknown language: then there is nothing to compare with."""
    try:
        return language(tag).direction
    except (UnknownLocaleError, ValueError):
        return None


def _letters_of(text: str) -> str | None:
    """The direction of the first letter that has one."""
    kinds = (unicodedata.bidirectional(sign) for sign in text)
    return next(({"L": "ltr"}.get(kind, "rtl") for kind in kinds if kind in {"L", "R", "AL"}), None)


def _of_form(form: dict[str, str], wanted: str) -> Iterator[Finding]:
    if _base(form["lang"]) != _base(wanted):
        reason = f"the form came in {form['lang']}, the page asks for {wanted}"
        yield Finding(
            "lang", reason, "add it to locales in SITE.toml, or write a language it speaks"
        )
    elif form["dir"] != _direction(form["lang"]):
        reason = f"the form in {form['lang']} reads {form['dir']}"
        yield Finding("dir", reason, "take rules with `direction` and `!important` off the page")


def _base(tag: str) -> str:
    return tag.partition("-")[0].lower()
