"""The browser: Playwright's own Chromium where it is installed, else Debian's."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from widget_backend.errors import ToolMissing
from widget_backend.installation import PYTHON, installing

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserType, Playwright

CHROMIUM = Path("/usr/bin/chromium")
"""Where Debian's package puts it."""

QUIET = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
NO_SANDBOX = "--no-sandbox"
"""Chromium’s sandbox does not work for root."""


def has_own_browser(kind: BrowserType) -> bool:
    """Whether Playwright’s own browser is installed."""
    return Path(kind.executable_path).exists()


@contextmanager
def chromium() -> Iterator[tuple[Playwright, Browser]]:
    """Raises ToolMissing, with the cure, where Playwright or every Chromium is missing."""
    try:
        from playwright.sync_api import sync_playwright
    except ImportError as error:
        cure = f"install it: {installing('doctor')}"
        raise ToolMissing("doctor looks through Playwright, which is missing", cure) from error
    with sync_playwright() as playwright:
        browser = _launch(playwright.chromium)
        try:
            yield playwright, browser
        finally:
            browser.close()


def _launch(kind: BrowserType) -> Browser:
    is_root = os.name == "posix" and os.geteuid() == 0
    arguments = [*QUIET, *([NO_SANDBOX] if is_root else [])]
    if has_own_browser(kind):
        return kind.launch(args=arguments)
    if not CHROMIUM.exists():
        ours = f"{PYTHON} -m playwright install chromium"
        cure = f"install it: {ours}, or on Debian apt-get install chromium"
        raise ToolMissing("there is no Chromium here", cure)
    return kind.launch(executable_path=CHROMIUM, args=arguments)
