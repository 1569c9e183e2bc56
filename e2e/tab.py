"""One tab in any of the three engines, with only what the checks need.

People find things by role and name, so do tests; names may be given by how they begin. Whatever
is looked for is waited for.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol
from uuid import uuid4

from playwright.sync_api import ConsoleMessage, Locator, Page
from selenium.common.exceptions import (
    JavascriptException,
    NoSuchElementException,
    NoSuchFrameException,
    StaleElementReferenceException,
    WebDriverException,
)
from selenium.webdriver import ActionChains, Keys, WebKitGTK
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.ui import WebDriverWait

from e2e.browsers import SCREEN

MEASURES = (Path(__file__).parent / "measures.js").read_text(encoding="utf-8")
PATIENCE = 15
"""Seconds that anything may take to appear, on a machine with much to do."""

REFUSED = re.compile(r"status of 4(03|04|09|10|22)")
"""Chromium writes into its console that a page or fragment came with one of these; it should."""

PROVOKED = ".provoked.invalid"
"""Ends the name of every host that a test asks for so that a policy forbids it."""


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


def measure(tab: Tab, name: str, *arguments: Any) -> Any:
    """What one of the functions in measures.js says."""
    return tab.run(
        f"(name, ...rest) => {{ {MEASURES}\nreturn measures[name](...rest) }}", name, *arguments
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
        page.set_default_timeout(PATIENCE * 1000)
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self._note(str(error)))

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


CANDIDATES = {
    "alert": "[role=alert]",
    "button": "button",
    "checkbox": "input[type=checkbox]",
    "combobox": "select",
    "group": "fieldset, details",
    "heading": "h1, h2, h3",
    "link": "a[href]",
    "radio": "input[type=radio]",
    "status": "[role=status]",
    "textbox": "input, textarea",
}
"""Where to look for a role; the engine itself then says role and name."""

KEYS = {
    "Escape": Keys.ESCAPE,
    "Tab": Keys.TAB,
    "Space": Keys.SPACE,
    "Enter": Keys.ENTER,
    "Shift": Keys.SHIFT,
}
GONE = (
    NoSuchElementException,
    NoSuchFrameException,  # the page was left while it was asked
    StaleElementReferenceException,
    JavascriptException,
)


class WebDriverTab:
    """WebKitGTK's one tab. Script errors are what the shop's page noted (watch.py)."""

    engine = "webkit"

    def __init__(self, driver: WebKitGTK) -> None:
        self.driver = driver

    def open(self, url: str) -> None:
        self.driver.get(url)

    def back(self) -> None:
        self.driver.back()

    def reload(self) -> None:
        self.driver.refresh()

    def resize(self, width: int, height: int) -> None:
        # Around the middle, where the pointer is: on a bare screen, the focus goes where it points.
        self.driver.set_window_rect((SCREEN - width) // 2, (SCREEN - height) // 2, width, height)
        self._until(lambda: self.run("() => [innerWidth, innerHeight]") == [width, height])

    def url(self) -> str:
        return self.driver.current_url

    def run(self, function: str, *arguments: Any) -> Any:
        return self.driver.execute_script(f"return ({function})(...arguments)", *arguments)

    def press(self, *keys: str) -> None:
        for key in keys:
            *held, last = [KEYS.get(each, each) for each in key.split("+")]
            chain = ActionChains(self.driver, duration=0)
            for each in held:
                chain.key_down(each)
            chain.send_keys(last)
            for each in held:
                chain.key_up(each)
            chain.perform()

    def type(self, text: str) -> None:
        ActionChains(self.driver, duration=0).send_keys(text).perform()

    def _find(self, role: str, name: str) -> list[WebElement]:
        found = measure(self, "shown", CANDIDATES[role])
        return [each for each in found if self._is(each, role, name)]

    def _is(self, element: WebElement, role: str, name: str) -> bool:
        # Of what is only announced the engine knows no name.
        try:
            return not name or (
                element.aria_role == role and element.accessible_name.strip().startswith(name)
            )
        except WebDriverException:  # what lies behind an open dialog has no role at all
            return False

    def _until(self, true: Callable[[], bool]) -> None:
        wait = WebDriverWait(self.driver, PATIENCE, poll_frequency=0.02, ignored_exceptions=GONE)
        wait.until(lambda _: true())

    def click(self, role: str, name: str) -> None:
        self.see(role, name)
        (found,) = self._find(role, name)
        self.run("(element) => element.scrollIntoView({ block: 'center' })", found)
        found.click()

    def see(self, role: str, name: str = "") -> None:
        self._until(lambda: len(self._find(role, name)) == 1)

    def see_text(self, text: str) -> None:
        self._until(lambda: bool(measure(self, "says", text)))

    def see_gone(self, selector: str) -> None:
        gone = "(selector) => !document.querySelector(selector)"
        self._until(lambda: bool(self.run(gone, selector)))

    def see_focus(self, selector: str) -> None:
        self._until(lambda: len(measure(self, "shown", f"{selector}:focus")) == 1)

    def count(self, role: str, name: str = "") -> int:
        return len(self._find(role, name))

    def picture(self, file: Path) -> None:
        self.driver.save_screenshot(str(file))

    def script_errors(self) -> list[str]:
        return [said] if (said := self.run("() => document.documentElement.dataset.failed")) else []
