"""Rules for what is read: structure, language, directions, and nothing that should not show."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import pairwise

from tests.support.words import said
from tests.support.words.preferences import ERROR_BEFORE_TITLE
from widget_backend.i18n.languages import language

from .document import Document, Rule, text

PREVIEWED = "preference-widget"
SVG = "{http://www.w3.org/2000/svg}"
ELEMENTS = frozenset(
    "html head meta title link body header main footer nav section div p ul li a span bdi strong "  # noqa: SIM905
    "small h1 h2 h3 form input label fieldset legend select option textarea button details "
    "summary img dl dt dd progress time".split()
)
OF_OWNERS = frozenset({"pre", "code", "figure", "figcaption", "iframe", "script", PREVIEWED})
DRAWING = frozenset("svg g path rect circle ellipse line polyline polygon".split())  # noqa: SIM905

# ── the document ────────────────────────────────────────────────────────────────────────────


def parses(document: Document) -> Iterable[str]:
    return [f"is not HTML5: {error}" for error in document.parse_errors]


def headings(document: Document) -> Iterator[str]:
    levels = [int(each.tag[1]) for each in document.headings]
    top = 2 if document.is_fragment else 1
    if levels.count(1) != 2 - top:
        yield f"has {levels.count(1)} h1"
    if levels[:1] != [top]:
        yield f"its headings do not start at h{top}"
    for before, after in pairwise(levels):
        if after > before + 1:
            yield f"skips from h{before} to h{after}"


def title(document: Document) -> Iterator[str]:
    """Pages only: a fragment's title is never seen."""
    if document.is_fragment or not document.headings:
        return
    error = said(document.root.get("lang") or "en", ERROR_BEFORE_TITLE)
    starts = f"{error} " if document.status == 422 else ""
    if not document.title.startswith(starts + text(document.headings[0])):
        yield f"its title “{document.title}” does not begin with “{starts}” and its heading"


def unique_ids(document: Document) -> Iterable[str]:
    count = Counter(each.get("id") for each in document.elements if each.get("id"))
    return [f"has the id {name!r} {times} times" for name, times in count.items() if times > 1]


def references(document: Document) -> Iterator[str]:
    for element in document.elements:
        for attribute in ("for", "aria-describedby", "aria-labelledby", "aria-controls"):
            for name in (element.get(attribute) or "").split():
                if name not in document.ids:
                    yield f"{attribute}={name!r} names nothing"
        href = element.get("href") or ""
        if href.startswith("#") and href[1:] not in document.ids:
            yield f"the link {href!r} leads nowhere"


def language_and_direction(document: Document) -> Iterator[str]:
    tag = document.root.get("lang")
    if not tag:
        yield "does not say its language"
    elif document.root.get("dir") != language(tag).direction:
        yield f"has dir={document.root.get('dir')!r} in {tag}"
    for element in document.elements:
        if element.get("dir") not in {None, "ltr", "rtl", "auto"}:
            yield f"dir={element.get('dir')!r} is no direction"


# ── what may stand in it ────────────────────────────────────────────────────────────────────


def plain_markup(document: Document) -> Iterator[str]:
    """No script, no inline style, and no element that only a reader's text could have brought."""
    for element in document.elements:
        name = element.tag
        known = ELEMENTS | OF_OWNERS if document.is_owners else ELEMENTS
        if name not in known and name.removeprefix(SVG) not in DRAWING:
            yield f"holds <{name}>"
        if name == "script" and (element.text or "src" not in element.attrib):
            yield "holds a script in itself"
        for attribute, value in element.attrib.items():
            if attribute == "style" or attribute.startswith("on"):
                yield f"has {attribute}={value!r} on <{name}>"
            if attribute in {"href", "action", "src"} and re.match(r"\s*(javascript|data):", value):
                yield f"has {attribute}={value!r}"


_LEFT_OVER = re.compile(r"%\(|\{\{|\}\}|\{%|Markup\(|</?bdi|&(lt|gt|amp|#3[49]);|\bNone\b(?! of)")


def no_leftovers(document: Document) -> Iterator[str]:
    """Nothing of the making shows: placeholders, template signs, escapes, Python's None.

    What somebody typed comes back as it was, so values and text areas may hold anything.
    """
    attributes = [
        (each, value)
        for each in document.elements
        for name, value in each.attrib.items()
        if name != "value" or value == "None"
    ]
    texts = [each for each in document.texts() if each[0].tag != "textarea"]
    for element, shown in [*texts, *attributes]:
        for name in document.inserted:
            shown = shown.replace(name, "")
        if _LEFT_OVER.search(shown):
            yield f"shows {shown.strip()!r} in <{element.tag}>"


def isolation(document: Document) -> Iterator[str]:
    """Inserted names and masked addresses stand in <bdi>, so that no direction spoils another."""
    alone = {"bdi", "title", "option", "textarea", "code", PREVIEWED}
    for element, shown in document.texts():
        named = [name for name in (*document.inserted, "•••") if name in shown]
        if named and not any(around.tag in alone for around in document.around(element)):
            yield from (f"“{name}” stands outside <bdi> in <{element.tag}>" for name in named)


def addresses(document: Document) -> Iterable[str]:
    """A sign that is written out is what obfuscators of addresses look for in the source."""
    found = re.findall(r".{0,20}@.{0,20}", document.source)
    return [f"an obfuscator would rewrite {each!r}" for each in found]


def names(document: Document) -> Iterator[str]:
    """Whatever can be pressed or followed says what it is."""
    for element in document.all("a", "button", "summary", "legend", "label"):
        if not text(element) and not any(each.get("alt") for each in element.iter("img")):
            yield f"<{element.tag}> says nothing"
    for image in document.all("img"):
        if not image.get("alt"):
            yield f"the image {image.get('src')!r} has no alt"


def focus(document: Document) -> Iterator[str]:
    for attribute in ("autofocus", "data-focus"):
        wanting = [each for each in document.elements if attribute in each.attrib]
        if len(wanting) > 1:
            yield f"{len(wanting)} elements have {attribute}"


OF_CONTENT: tuple[Rule, ...] = (
    parses,
    headings,
    title,
    unique_ids,
    references,
    language_and_direction,
    plain_markup,
    no_leftovers,
    isolation,
    addresses,
    names,
    focus,
)
