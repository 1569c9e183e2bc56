"""The three engines: Playwright's own browsers where they are installed, else Debian's.

Playwright drives Chromium and Firefox, and its own WebKit if it is there. It cannot drive a stock
WebKit, so Debian's WebKitGTK is driven through WebDriver, on a screen of its own.
"""

from __future__ import annotations

import json
import os
import subprocess
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Browser, BrowserContext, BrowserType, Playwright
from selenium import webdriver
from selenium.webdriver.webkitgtk.options import Options
from selenium.webdriver.webkitgtk.service import Service

from widget_backend.doctor.browser import CHROMIUM, NO_SANDBOX, QUIET
from widget_backend.doctor.browser import has_own_browser as is_own

ENGINES = ("chromium", "firefox", "webkit")
DEBIAN = {"chromium": CHROMIUM, "firefox": Path("/usr/bin/firefox-esr")}
WEBKIT_DRIVER = Path("/usr/bin/WebKitWebDriver")
SCREEN = 1920
"""Width and height of the virtual screen, in px."""
ARGUMENTS = (NO_SANDBOX, *QUIET)

FIREFOX_WITHOUT = {
    "scripts": {"javascript.enabled": False},
    "cookies": {"network.cookie.cookieBehavior": 2},
    "light": {"ui.systemUsesDarkTheme": 1, "layout.css.prefers-color-scheme.content-override": 0},
    "colours": {"browser.display.document_color_use": 2},
}
WEBKIT_WITHOUT = {
    # Scripts of pages do not run; those of the driver do.
    "scripts": "--enable-javascript-markup=0",
    "cookies": "--cookies-policy=never",
    "light": "--dark-mode",
}
"""How an engine is started so that it does without something; dark is doing without light.

Without `colours` it paints in a few of its reader's own instead of the page's.
"""


def own(playwright: Playwright, engine: str) -> bool:
    """Whether Playwright's own browser is installed, rather than Debian's used."""
    return is_own(getattr(playwright, engine))


def launch(playwright: Playwright, engine: str, without: frozenset[str] = frozenset()) -> Browser:
    """An engine driven by Playwright.

    What Chromium does `without` is said when a context is opened.
    """
    kind: BrowserType = getattr(playwright, engine)
    settings: dict[str, str | float | bool] = {}
    if engine == "firefox":
        settings = {key: value for name in without for key, value in FIREFOX_WITHOUT[name].items()}
    if own(playwright, engine):
        return kind.launch(firefox_user_prefs=settings or None)
    if engine == "chromium":
        return kind.launch(executable_path=DEBIAN[engine], args=ARGUMENTS)
    return kind.launch(
        executable_path=DEBIAN[engine], channel="moz-firefox", firefox_user_prefs=settings
    )


@contextmanager
def chromium_without_cookies(playwright: Playwright, scripts: bool) -> Iterator[BrowserContext]:
    """Chromium takes this setting from a profile only, so it gets one of its own."""
    with TemporaryDirectory(prefix="chromium-") as folder:
        profile = Path(folder) / "Default"
        profile.mkdir()
        blocked = {"profile": {"default_content_setting_values": {"cookies": 2}}}
        (profile / "Preferences").write_text(json.dumps(blocked))
        path = None if own(playwright, "chromium") else DEBIAN["chromium"]
        with playwright.chromium.launch_persistent_context(
            folder, executable_path=path, args=ARGUMENTS, java_script_enabled=scripts
        ) as context:
            yield context


def mini_browser() -> Path | None:
    """WebKitGTK's own small browser, the only one that its driver starts."""
    return next(Path("/usr/lib").glob("*/webkit2gtk-4.1/MiniBrowser"), None)


@contextmanager
def webkit(*arguments: str) -> Iterator[webdriver.WebKitGTK]:
    """WebKitGTK through WebDriver. In full screen the window is as wide as it is told to be."""
    with _screen() as display, _settings() as folder:
        options = Options()
        options.binary_location = str(mini_browser())
        for argument in ("--automation", "--full-screen", *arguments):
            options.add_argument(argument)
        surroundings = {
            "DISPLAY": display,
            "XDG_CONFIG_HOME": folder,
            "WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS": "1",
            "WEBKIT_DISABLE_DMABUF_RENDERER": "1",  # it would paint for ever, at a core's cost
        }
        service = Service(str(WEBKIT_DRIVER), env=os.environ | surroundings)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # Selenium 4.51 warns of itself
            driver = webdriver.WebKitGTK(options=options, service=service)
        try:
            yield driver
        finally:
            driver.quit()


@contextmanager
def _screen() -> Iterator[str]:
    """A virtual screen with a number that is free; Xvfb says which."""
    reader, writer = os.pipe()
    command = ["Xvfb", "-displayfd", str(writer), "-screen", "0", f"{SCREEN}x{SCREEN}x24"]
    server = subprocess.Popen(command, pass_fds=[writer], stderr=subprocess.DEVNULL)
    os.close(writer)
    try:
        with os.fdopen(reader) as answer:
            yield f":{answer.readline().strip()}"
    finally:
        server.terminate()
        server.wait()


@contextmanager
def _settings() -> Iterator[str]:
    """Settings for GTK: its toolbar, even unseen, would keep the window from being 320 px wide."""
    with TemporaryDirectory(prefix="gtk-") as folder:
        styles = Path(folder) / "gtk-3.0" / "gtk.css"
        styles.parent.mkdir()
        styles.write_text("* { min-width: 0; padding: 0; margin: 0; border: 0; font-size: 1px }")
        yield folder
