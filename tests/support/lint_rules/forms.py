"""Rules for what is filled in: forms, controls, their names, groups and errors."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from xml.etree.ElementTree import Element

from tests.support.words import said
from tests.support.words.preferences import ERROR_BEFORE_TITLE

from .document import Document, Rule, text

TYPED = frozenset({"text", "email", "tel", "number", "search", "url"})
CONTACTS = {
    "email": {
        "autocomplete": "email",
        "spellcheck": "false",
        "dir": "ltr",
        "maxlength": "254",
    },
    "tel": {"autocomplete": "tel", "dir": "ltr"},
}
UNHELPFUL = re.compile(r"\b(please|sorry|valid|invalid|oops|required|must)\b", re.IGNORECASE)


def controls(document: Document, within: Element | None = None) -> list[Element]:
    """Everything that a person fills in."""
    found = document.all("input", "select", "textarea", within=within)
    return [each for each in found if each.get("type") not in {"hidden", "submit"}]


def is_typed(control: Element) -> bool:
    return control.tag == "textarea" or control.get("type") in TYPED


# ── forms ───────────────────────────────────────────────────────────────────────────────────


def forms(document: Document) -> Iterator[str]:
    for form in document.all("form"):
        name = f"the form at {form.get('action')!r}"
        if form.get("method") != "post" and not document.is_owners:
            yield f"{name} is sent by {form.get('method')!r}"
        if controls(document, form) and "novalidate" not in form.attrib:
            yield f"{name} lets the browser refuse it"
    for control in controls(document):
        if "required" in control.attrib:
            yield f"{control.get('name')!r} is marked as required"
        if not any(each.tag == "form" for each in document.around(control)):
            yield f"{control.get('name')!r} stands in no form"


def save_is_default(document: Document) -> Iterator[str]:
    """Enter in a text field presses the first button of its form: that must be Save."""
    for form in document.all("form"):
        buttons = [each for each in document.all("button", within=form) if _submits(each)]
        sent = [(each.get("name"), each.get("value")) for each in buttons[:1]]
        if any(map(is_typed, controls(document, form))) and sent != [("do", "save")]:
            yield f"Enter in the form at {form.get('action')!r} presses {sent}"


def _submits(button: Element) -> bool:
    return button.get("type", "submit") == "submit"


def fields(document: Document) -> Iterator[str]:
    for control in controls(document):
        kind = control.get("type", "")
        for attribute, value in CONTACTS.get(kind, {}).items():
            if control.get(attribute) != value:
                yield f"{kind} has {attribute}={control.get(attribute)!r}, not {value!r}"
        if is_typed(control) and control.get("dir") not in {"ltr", "auto"}:
            yield f"{control.get('name')!r} does not say the direction of what is typed"


def labels(document: Document) -> Iterator[str]:
    named = {each.get("for"): text(each) for each in document.all("label") if each.get("for")}
    for control in controls(document):
        around = (text(each) for each in document.around(control) if each.tag == "label")
        if not (named.get(control.get("id")) or any(around)):
            yield f"{control.get('name')!r} has no label"
    for name in filter(None, named):
        if document.ids.get(name) not in controls(document):
            yield f"a label is for {name!r}, which nobody can fill in"


# ── groups ──────────────────────────────────────────────────────────────────────────────────


def groups(document: Document) -> Iterator[str]:
    boxes = [each for each in controls(document) if each.get("type") in {"radio", "checkbox"}]
    times = Counter(each.get("name") for each in boxes)
    for box in boxes:
        group = next((each for each in document.around(box) if each.tag == "fieldset"), None)
        if group is None and (box.get("type") == "radio" or times[box.get("name")] > 1):
            yield f"{box.get('name')!r} stands in no fieldset"
    for fieldset in document.all("fieldset"):
        if next((each.tag for each in fieldset), None) != "legend":
            yield f"a fieldset does not start with its legend: “{text(fieldset)[:40]}”"
    for name in times:
        ticked = [each for each in boxes if each.get("name") == name and "checked" in each.attrib]
        if len(ticked) > 1 and ticked[0].get("type") == "radio":
            yield f"{name!r} has {len(ticked)} radios checked"


# ── errors ──────────────────────────────────────────────────────────────────────────────────


def error_summary(document: Document) -> Iterator[str]:
    """On 422 it comes first, has the focus, and leads to the fields in their order."""
    summary = next(iter(document.classed("summary")), None)
    if (document.status == 422) != (summary is not None):
        yield f"{'has' if summary is not None else 'lacks'} an error summary at {document.status}"
    if summary is None:
        return
    # But for the button that closes a dialog around it all.
    first = next((each for each in document.main if each.get("class") != "close"), None)
    if first is not summary:
        yield "the error summary does not come first"
    focused = [each for each in document.elements if "autofocus" in each.attrib]
    if focused != [summary] or summary.get("role") != "alert" or summary.get("tabindex") != "-1":
        yield "the error summary does not take the focus"
    targets = [_target(document, entry) for entry in document.all("a", within=summary)]
    places = [document.elements.index(each) for each in targets if each is not None]
    if not places or places != sorted(places):
        yield "the error summary does not follow the order of the page"


def _target(document: Document, entry: Element) -> Element | None:
    return document.ids.get((entry.get("href") or "")[1:])


def same_words(document: Document) -> Iterator[str]:
    """Summary and field say the same, and the field says that it is wrong."""
    entries = [each for box in document.classed("summary") for each in box.iter("a")]
    for entry in entries:
        yield from _entry(document, entry)
    messages = sorted(_message(each) for each in document.classed("problem"))
    if messages != sorted(map(text, entries)):
        yield f"summary {[text(each) for each in entries]} and fields {messages} differ"
    if "en" in (document.root.get("lang") or ""):
        yield from (f"“{each}” does not say what to do" for each in messages if _blames(each))


def _blames(message: str) -> bool:
    return bool(UNHELPFUL.search(message))


def _entry(document: Document, entry: Element) -> Iterator[str]:
    target = _target(document, entry)
    described = None if target is None else _described(document, target)
    if target is None or described is None:
        yield f"“{text(entry)}” leads to no field with that error"
        return
    if described.get("aria-invalid") != "true":
        yield f"“{text(entry)}” leads to a field that is not marked as wrong"
    if text(entry) not in _messages(document, described):
        yield f"“{text(entry)}” is not what its field says"


def _described(document: Document, target: Element) -> Element | None:
    """The field itself or the group around it, whichever names its message."""
    return next((each for each in document.around(target) if _messages(document, each)), None)


def _messages(document: Document, element: Element) -> list[str]:
    told = (document.ids.get(name) for name in (element.get("aria-describedby") or "").split())
    return [_message(each) for each in told if each is not None and _is_problem(each)]


def _is_problem(element: Element) -> bool:
    return "problem" in (element.get("class") or "").split()


def _message(problem: Element) -> str:
    """Without the word “Error:” that only screen readers get."""
    hidden = [each for each in problem if "visually-hidden" in (each.get("class") or "")]
    return text(problem).removeprefix(" ".join(map(text, hidden))).strip()


def consent(document: Document) -> Iterable[str]:
    """Nothing is ticked for a stranger who has said nothing yet."""
    return [
        f"{box.get('value')!r} is ticked for a stranger"
        for form in document.classed("sign-up")
        for box in document.all("input", within=form)
        if document.status == 200 and "checked" in box.attrib
    ]


def error_word(document: Document) -> Iterable[str]:
    """Only a page whose form came back says “Error:” in its title."""
    word = said(document.root.get("lang") or "en", ERROR_BEFORE_TITLE)
    return ["says “Error:” without one"] if _says(document, word) else []


def _says(document: Document, word: str) -> bool:
    return document.status != 422 and document.title.startswith(word)


OF_FORMS: tuple[Rule, ...] = (
    forms,
    save_is_default,
    fields,
    labels,
    groups,
    error_summary,
    same_words,
    consent,
    error_word,
)
