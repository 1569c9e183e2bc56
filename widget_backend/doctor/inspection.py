"""Inspection: opens the page at two widths, and fetches its HTML twice without cookies."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from widget_backend.doctor.browser import chromium
from widget_backend.errors import PageUnreachable

if TYPE_CHECKING:
    from playwright.sync_api import (
        Browser,
        ConsoleMessage,
        Page,
        Playwright,
        Request,
        Response,
        Route,
    )

HERE = Path(__file__).parent
WATCH = (HERE / "watch.js").read_text(encoding="utf-8")
MEASURE = (HERE / "measure.js").read_text(encoding="utf-8")
PATIENCE = 10_000
"""Milliseconds for a page to become quiet, and for a dialog to open."""

OPEN_DIALOGS = """() => {
  const { deep, events } = window.preferenceWidgetDoctor;
  const dialogs = deep(document).filter((each) => each.matches('preference-widget[mode=dialog]'));
  const links = dialogs.map((widget) => widget.shadowRoot && widget.querySelector('a[href]'));
  const count = events.length + links.filter(Boolean).length;
  for (const link of links) link?.click();
  return count;
}"""
"""Opens the dialogs; returns how many answers there will be. Without our script none opens."""
ANSWERED = "(count) => window.preferenceWidgetDoctor.events.length >= count"

WIDTHS = {"phone": (360, 740), "wide window": (1280, 900)}


@dataclass(frozen=True)
class Answer:
    """What the server answered. Without an answer `status` is 0, and `failure` says why."""

    url: str
    status: int = 0
    kind: str = ""
    failure: str = ""


@dataclass
class Look:
    """The page at one width. `facts` comes from measure.js; `dark` is the same in dark colours."""

    window: str
    facts: Mapping[str, Any] = field(default_factory=dict)
    dark: Mapping[str, Any] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    answers: dict[str, Answer] = field(default_factory=dict)
    console: list[str] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)

    def watch(self, page: Page) -> None:
        page.on("request", lambda request: self.asked.append(request.url))
        page.on("response", self._answered)
        page.on("requestfailed", self._failed)
        page.on("console", self._heard)
        page.on("pageerror", lambda error: self.failures.append(error.stack or str(error)))

    def _answered(self, response: Response) -> None:
        kind = response.headers.get("content-type", "")
        self.answers[response.url] = Answer(response.url, response.status, kind)

    def _failed(self, request: Request) -> None:
        # A refused answer is reported as both; the response tells more.
        self.answers.setdefault(request.url, Answer(request.url, failure=request.failure or ""))

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.console.append(message.text)


@dataclass(frozen=True)
class Source:
    """The page’s HTML as it is served to a visitor without cookies."""

    html: str
    headers: Mapping[str, str]


@dataclass(frozen=True)
class Inspection:
    """Everything that the checks look at."""

    url: str
    looks: tuple[Look, ...]
    sources: tuple[Source, ...]


def inspect_page(url: str) -> Inspection:
    """Raises ToolMissing without a browser, and PageUnreachable."""
    with chromium() as (playwright, browser):
        return inspect_with(playwright, browser, url)


def inspect_with(
    playwright: Playwright, browser: Browser, url: str, windows: Iterable[str] = WIDTHS
) -> Inspection:
    """Inspects with an open browser. Raises PageUnreachable."""
    sources = tuple(_fetch(playwright, url) for _ in range(2))
    looks = tuple(_look(browser, url, window) for window in windows)
    return Inspection(url, looks, sources)


def _fetch(playwright: Playwright, url: str) -> Source:
    from playwright.sync_api import Error

    without_cookies = playwright.request.new_context()
    try:
        answer = without_cookies.get(url, timeout=PATIENCE)
        if not answer.ok:
            cure = "give the address of a page that anybody can open"
            raise PageUnreachable(url, f"it answers with {answer.status}", cure)
        # The checks look for ASCII only, which nearly every encoding contains unchanged.
        return Source(answer.body().decode("ascii", "replace"), answer.headers)
    except Error as error:
        failure = str(error).partition("\n")[0].removeprefix("APIRequestContext.get: ")
        raise PageUnreachable(url, failure, "see that it is served, and its address") from error
    finally:
        without_cookies.dispose()


def _look(browser: Browser, url: str, window: str) -> Look:
    """At one width, in a fresh profile: nothing is kept from the look before."""
    width, height = WIDTHS[window]
    look = Look(window)
    with browser.new_context(viewport={"width": width, "height": height}) as context:
        context.add_init_script(WATCH)
        page = context.new_page()
        look.watch(page)
        _open(page, url)
        look.facts = page.evaluate(MEASURE)
        page.emulate_media(color_scheme="dark")
        look.dark = page.evaluate(MEASURE)
    return look


def _open(page: Page, url: str) -> None:
    from playwright.sync_api import Error
    from playwright.sync_api import TimeoutError as TooLate

    try:
        page.goto(url, wait_until="commit", timeout=PATIENCE)
    except Error as error:
        failure = error.message.partition("\n")[0].removeprefix("Page.goto: ")
        cure = "give the address of a page"
        raise PageUnreachable(url, f"it is not shown: {failure}", cure) from error
    try:
        # Some pages never load completely, or are never quiet: then what has loaded is inspected.
        page.wait_for_load_state("load", timeout=PATIENCE)
        page.wait_for_load_state("networkidle", timeout=PATIENCE)
        page.route("**/*", _stay_on_page)
        page.wait_for_function(ANSWERED, arg=page.evaluate(OPEN_DIALOGS), timeout=PATIENCE)
    except TooLate:
        return


def _stay_on_page(route: Route) -> None:
    """A dialog whose form does not load follows its link; this page is to be inspected."""
    request = route.request
    is_leaving = request.is_navigation_request() and request.frame.parent_frame is None
    route.abort("aborted") if is_leaving else route.continue_()
