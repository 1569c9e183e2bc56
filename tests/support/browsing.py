"""A person with a browser without JavaScript, who finds things by what they are called."""

from __future__ import annotations

from typing import Any
from urllib.parse import urljoin
from xml.etree.ElementTree import Element

from werkzeug.test import TestResponse

from tests.support.lint_rules import Document, text
from tests.support.linting import LintingClient
from tests.support.worlds import SHOP


class Reader:
    """Opens pages, fills in forms and presses buttons; every page on the way is linted.

    Sends what a browser sends: for hosted forms `Origin: null`, since the pages forbid a referrer,
    for fragments the origin of the page around them.
    """

    response: TestResponse
    document: Document
    address = ""

    def __init__(self, client: LintingClient, accept: str = "") -> None:
        self.client = client
        self.headers = {"Accept-Language": accept} if accept else {}

    # ── what is seen ──

    @property
    def status(self) -> int:
        return self.response.status_code

    @property
    def text(self) -> str:
        return text(self.document.main)

    @property
    def heading(self) -> str:
        return text(self.document.headings[0])

    def says(self, sentence: str) -> bool:
        return " ".join(sentence.split()) in self.text

    def buttons(self) -> list[str]:
        return [text(each) for each in self.document.all("button")]

    def links(self) -> dict[str, str]:
        return {text(each): each.get("href", "") for each in self.document.all("a")}

    def headings(self, level: int) -> list[str]:
        return [text(each) for each in self.document.all(f"h{level}")]

    def items(self, kind: str) -> list[str]:
        """The items of each list of this class, as they are read."""
        return [text(each) for box in self.document.classed(kind) for each in box.findall("li")]

    def control(self, label: str) -> Element:
        named = [each for each in self._labelled() if self._name(each) == label]
        assert len(named) == 1, f"{len(named)} controls called “{label}” in: {self.text}"
        return named[0]

    def _labelled(self) -> list[Element]:
        ids = [each.get("for", "") for each in self.document.all("label")]
        return [self.document.ids[each] for each in ids]

    def _name(self, control: Element) -> str:
        """Its label, and the group that it stands in, where that says what it is for."""
        labels = self.document.all("label")
        label = next(text(each) for each in labels if each.get("for") == control.get("id"))
        groups = [each for each in self.document.around(control) if each.get("role") == "group"]
        names = [text(self.document.ids[each.get("aria-labelledby", "")]) for each in groups]
        return " ".join([label, *names])

    def is_ticked(self, label: str) -> bool:
        return "checked" in self.control(label).attrib

    def value(self, label: str) -> str:
        return _value(self.control(label))

    # ── what is done ──

    def open(self, address: str) -> Reader:
        self.address = address = urljoin(self.address, address)
        return self._arrive(self.client.get(address, headers=self._headers(address)))

    def follow(self, link: str) -> Reader:
        return self.open(self.links()[link])

    def tick(self, label: str) -> Reader:
        control = self.control(label)
        if control.get("type") == "radio":
            for other in self.document.all("input"):
                if other.get("name") == control.get("name"):
                    other.attrib.pop("checked", None)
        control.set("checked", "")
        return self

    def untick(self, label: str) -> Reader:
        del self.control(label).attrib["checked"]
        return self

    def fill(self, label: str, typed: str) -> Reader:
        control = self.control(label)
        control.set("value", typed)
        if control.tag == "textarea":
            control.text = typed
        return self

    def choose(self, label: str, value: str) -> Reader:
        options = self.control(label).findall("option")
        assert value in [each.get("value") for each in options]
        for option in options:
            option.attrib.pop("selected", None)
            if option.get("value") == value:
                option.set("selected", "")
        return self

    def press(self, name: str) -> Reader:
        """Press the button that is called, or starts with, this; go where its form leads."""
        found = [each for each in self.document.all("button") if text(each).startswith(name)]
        assert len(found) == 1, f"{len(found)} buttons “{name}” among {self.buttons()}"
        form = next(each for each in self.document.around(found[0]) if each.tag == "form")
        return self.post(form.get("action", ""), [*_entries(form), _entry(found[0])])

    def press_first(self) -> Reader:
        """Press the button that stands first."""
        form = next(each for each in self.document.all("form"))
        button = next(form.iter("button"))
        return self.post(form.get("action", ""), [*_entries(form), _entry(button)])

    def enter(self) -> Reader:
        """Press Enter in a text field: the first button of its form."""
        form = next(each for each in self.document.all("form") if _has_text(each))
        return self.post(
            form.get("action", ""), [*_entries(form), _entry(next(form.iter("button")))]
        )

    def form(self, kind: str) -> list[tuple[str, str]]:
        """What the form of this class would send, without a button."""
        return _entries(self.document.classed(kind)[0])

    def post(self, address: str, entries: Any) -> Reader:
        """Send this form, then go where the answer leads."""
        self.address = address = urljoin(self.address, address)
        data: dict[str, list[str]] = {}
        for name, value in entries:
            data.setdefault(name, []).append(value)
        headers = {**self._headers(address), **_sent_with(address)}
        self.sent = self.client.post(address, data=data, headers=headers)
        if self.sent.status_code == 303:
            return self.open(self.sent.headers["Location"])
        return self._arrive(self.sent)

    def _headers(self, address: str) -> dict[str, str]:
        origin = {"Origin": SHOP} if _is_fragment(address) else {}
        return {**self.headers, **origin}

    def _arrive(self, response: TestResponse) -> Reader:
        assert self.client.document, f"{response.request.path} gave {response.status}"
        self.response, self.document = response, self.client.document
        return self


def _is_fragment(address: str) -> bool:
    return address.partition("?")[0].endswith("/fragment")


def _sent_with(address: str) -> dict[str, str]:
    if _is_fragment(address):
        return {"Origin": SHOP, "Sec-Fetch-Site": "cross-site"}
    return {"Origin": "null", "Sec-Fetch-Site": "same-origin"}


def _entries(form: Element) -> list[tuple[str, str]]:
    """The form's successful controls (HTML, constructing the entry list), buttons apart."""
    controls = [each for each in form.iter() if each.tag in {"input", "select", "textarea"}]
    return [_entry(each) for each in controls if each.get("name") and _counts(each)]


def _counts(control: Element) -> bool:
    return control.get("type") not in {"checkbox", "radio"} or "checked" in control.attrib


def _entry(control: Element) -> tuple[str, str]:
    return control.get("name", ""), _value(control)


def _value(control: Element) -> str:
    if control.tag == "textarea":
        return (control.text or "").removeprefix("\n")
    if control.tag == "select":
        options = control.findall("option")
        chosen = next((each for each in options if "selected" in each.attrib), options[0])
        return chosen.get("value", "")
    return control.get("value", "")


def _has_text(form: Element) -> bool:
    return any(each.get("type") in {"text", "tel", "email"} for each in form.iter("input"))
