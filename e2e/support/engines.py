"""Engines that stay open while tests run, and tabs in them that remember nothing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any, Self

from playwright.sync_api import Browser, Playwright
from selenium.webdriver import WebKitGTK

from e2e.support.browsers import (
    FIREFOX_WITHOUT,
    WEBKIT_WITHOUT,
    chromium_without_cookies,
    launch,
    own,
    webkit,
)
from e2e.support.tab import PlaywrightTab, Tab
from e2e.support.webkit import WebDriverTab

CONTEXT_WITHOUT: dict[str, dict[str, Any]] = {
    "scripts": {"java_script_enabled": False},
    "light": {"color_scheme": "dark"},
    "colours": {"forced_colors": "active"},
    # A thumb on a small phone.
    "mouse": {
        "viewport": {"width": 320, "height": 568},
        "device_scale_factor": 2,
        "has_touch": True,
        "is_mobile": True,
    },
}
DESKTOP = (1280, 800)


class Engines:
    """Starts what is asked for and ends it all when the run is over."""

    def __init__(self, playwright: Playwright) -> None:
        self._playwright = playwright
        self._started: dict[tuple[str, frozenset[str]], Any] = {}
        self._shared: dict[tuple[str, frozenset[str]], tuple[Tab, ExitStack]] = {}
        self._open = ExitStack()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    @contextmanager
    def tab(self, engine: str, *without: str) -> Iterator[Tab]:
        """A tab at the size of a desktop, without `scripts`, `cookies` or `light` if so asked.

        Without a `mouse` it is a phone, which only Chromium can pretend to be. WebKit cannot do
        without the page's `colours`.
        """
        lacking = frozenset(without)
        if engine == "webkit" and not own(self._playwright, engine):
            tab: Tab = WebDriverTab(self._driver(lacking))
            yield tab
            tab.forget()
            tab.resize(*DESKTOP)
        elif engine == "chromium" and "cookies" in lacking:
            scripts = "scripts" not in lacking
            with chromium_without_cookies(self._playwright, scripts) as context:
                yield PlaywrightTab(engine, context.new_page(), scripts)
        else:
            yield from self._playwright_tab(engine, lacking)

    @contextmanager
    def shared_tab(self, engine: str, *without: str) -> Iterator[Tab]:
        """As `tab`, but whoever asks next gets it, emptied: to open one costs as much as a test."""
        key = (engine, frozenset(without))
        if key not in self._shared:
            opened = ExitStack()
            self._shared[key] = (opened.enter_context(self.tab(engine, *without)), opened)
            self._open.callback(opened.close)
        tab, opened = self._shared[key]
        tab.come_forward()
        yield tab
        if tab.forget():
            tab.resize(*DESKTOP)
        else:
            opened.close()
            del self._shared[key]

    def _playwright_tab(self, engine: str, lacking: frozenset[str]) -> Iterator[Tab]:
        options: dict[str, Any] = {"viewport": {"width": DESKTOP[0], "height": DESKTOP[1]}}
        for name in lacking:
            options |= CONTEXT_WITHOUT.get(name, {})
        with self._browser(engine, lacking).new_context(**options) as context:
            yield PlaywrightTab(engine, context.new_page(), "scripts" not in lacking)

    def _browser(self, engine: str, lacking: frozenset[str]) -> Browser:
        # Firefox is told at its start what it is to do without, the others with each context.
        told = lacking.intersection(FIREFOX_WITHOUT) if engine == "firefox" else frozenset()
        key = (engine, told)
        if key not in self._started:
            browser = launch(self._playwright, *key)
            self._open.callback(browser.close)
            self._started[key] = browser
        found: Browser = self._started[key]
        return found

    def _driver(self, lacking: frozenset[str]) -> WebKitGTK:
        key = ("webkit", lacking)
        if key not in self._started:
            arguments = [WEBKIT_WITHOUT[name] for name in sorted(lacking)]
            driver = self._open.enter_context(webkit(*arguments))
            WebDriverTab(driver).resize(*DESKTOP)
            self._started[key] = driver
        found: WebKitGTK = self._started[key]
        return found
