"""One tab in any of the three engines, with only what the checks need.

People find things by role and name, so do tests; names may be given by how they begin. Whatever
is looked for is waited for.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any, Protocol
from uuid import uuid4

from playwright.sync_api import ConsoleMessage, Locator, Page

from widget_backend.doctor.page_facts import origin_of

MEASURES = (Path(__file__).parent / "measures.js").read_text(encoding="utf-8")
CRITERIA = (Path(__file__).parent / "criteria.js").read_text(encoding="utf-8")
PATIENCE = 15
"""Seconds that anything may take to appear, on a machine with much to do."""

REFUSED = re.compile(r"status of 4(03|04|09|10|22)")
"""Chromium writes into its console that a page or fragment came with one of these; it should."""

PROVOKED = ".provoked.invalid"
"""Ends the name of every host that a test asks for so that a policy forbids it."""

EMPTY_STORAGE = "() => { try { localStorage.clear(); } catch { /* forbidden */ } }"


class Tab(Protocol):
    """`engine` is chromium, firefox or webkit."""

    engine: str

    def open(self, url: str) -> None: ...
    def back(self) -> None: ...
    def reload(self) -> None: ...
    def resize(self, width: int, height: int) -> None: ...
    def url(self) -> str: ...
    def run(self, function: str, *arguments: Any) -> Any:
        """What a JavaScript function says, awaited."""

    def press(self, *keys: str) -> None:
        """Keys by name, as Tab or Shift+Tab, one after the other."""

    def type(self, text: str) -> None: ...
    def click(self, role: str, name: str) -> None: ...
    def see(self, role: str, name: str = "") -> None:
        """Waits until it is shown."""

    def see_text(self, text: str) -> None: ...
    def see_gone(self, selector: str) -> None:
        """Waits until nothing in the page matches, not even in a page of the browser's own."""

    def see_focus(self, selector: str) -> None:
        """Waits until what matches has the focus, in the page or in a shadow tree."""

    def count(self, role: str, name: str = "") -> int: ...
    def picture(self, file: Path) -> None: ...
    def script_errors(self) -> list[str]: ...
    def come_forward(self) -> None:
        """Among the tabs of its window; one that is behind gets no focus."""

    def forget(self) -> bool:
        """Empties it, also of what its pages kept; false if some of that is out of reach."""


def measure(tab: Tab, name: str, *arguments: Any) -> Any:
    """What one of the functions in measures.js says."""
    return tab.run(
        f"(name, ...rest) => {{ {MEASURES}\nreturn measures[name](...rest) }}", name, *arguments
    )


def judge(tab: Tab, criterion: str, *arguments: Any) -> Any:
    """What one of the functions in criteria.js says."""
    scripts = f"{MEASURES}\n{CRITERIA}"
    return tab.run(
        f"(name, ...rest) => {{ {scripts}\nreturn criteria[name](...rest) }}", criterion, *arguments
    )


def provoke(tab: Tab) -> str:
    """Breaks the page's policy on purpose; returns what the report of that will name."""
    name = uuid4().hex + PROVOKED
    tab.run("(name) => { new Image().src = `http://${name}/`; }", name)
    return name


class PlaywrightTab:
    """A tab that Playwright drives. Without scripts its own waiting does not work in Firefox."""

    def __init__(self, engine: str, page: Page, scripts: bool = True) -> None:
        self.engine = engine
        self.page = page
        self._scripts = scripts
        self._errors: list[str] = []
        self._origins: set[str] = set()
        page.set_default_timeout(PATIENCE * 1000)
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self._note(str(error)))
        page.on("framenavigated", lambda frame: self._origins.add(origin_of(frame.url)))

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type == "error" and "favicon.ico" not in message.location["url"]:
            self._note(message.text)

    def _note(self, said: str) -> None:
        if not REFUSED.search(said) and PROVOKED not in said:
            self._errors.append(said)

    def open(self, url: str) -> None:
        self.page.goto(url)

    def back(self) -> None:
        self.page.go_back()

    def reload(self) -> None:
        self.page.reload()

    def resize(self, width: int, height: int) -> None:
        self.page.set_viewport_size({"width": width, "height": height})

    def url(self) -> str:
        return self.page.url

    def run(self, function: str, *arguments: Any) -> Any:
        told = f"(rest) => ({function})(...rest)"
        if not self._scripts:  # then nothing is ever awaited
            return self.page.evaluate(told, list(arguments))
        # As one string: of a layout's thousand boxes Firefox would hand over each number alone.
        as_text = f"async (rest) => JSON.stringify((await ({told})(rest)) ?? null)"
        return json.loads(self.page.evaluate(as_text, list(arguments)))

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def type(self, text: str) -> None:
        self.page.keyboard.type(text)

    def _find(self, role: Any, name: str) -> Locator:
        begins = re.compile("^" + re.escape(name)) if name else None
        return self.page.get_by_role(role, name=begins)

    def click(self, role: str, name: str) -> None:
        found = self._find(role, name)
        if self._scripts:
            found.click()
            return
        found.focus()  # also scrolls there
        if role == "button":  # which may take no tap yet (page.css), but always the Enter key
            self.page.keyboard.press("Enter")
        else:
            found.click(force=True)

    def see(self, role: str, name: str = "") -> None:
        self._find(role, name).wait_for()

    def see_text(self, text: str) -> None:
        self.page.get_by_text(text).wait_for()

    def see_gone(self, selector: str) -> None:
        self.page.locator(selector).wait_for(state="detached")

    def see_focus(self, selector: str) -> None:
        self.page.locator(f"{selector}:focus").wait_for()

    def count(self, role: str, name: str = "") -> int:
        return self._find(role, name).count()

    def picture(self, file: Path) -> None:
        self.page.screenshot(path=file, full_page=True)

    def script_errors(self) -> list[str]:
        errors, self._errors = self._errors, []
        return errors

    def come_forward(self) -> None:
        self.page.bring_to_front()

    def forget(self) -> bool:
        self._origins.discard("")
        if len(self._origins) > 1:  # only the page that is there can be told to empty its storage
            return False
        if self._scripts:
            self.run(EMPTY_STORAGE)
        self.page.context.clear_cookies()
        self.open("about:blank")
        self._errors.clear()
        self._origins.clear()
        return True
