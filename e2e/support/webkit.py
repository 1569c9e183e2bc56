"""WebKitGTK's one tab, driven through WebDriver."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

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

from e2e.support.browsers import SCREEN
from e2e.support.tab import EMPTY_STORAGE, PATIENCE, measure

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
    """Script errors are what the shop's page noted (watch.py)."""

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

    def come_forward(self) -> None:
        """It is the only one."""

    def forget(self) -> bool:
        """Of storage only the last page's: there is one window, so nothing can be opened anew."""
        self.run(EMPTY_STORAGE)
        self.open("about:blank")  # where nothing goes on
        return True
