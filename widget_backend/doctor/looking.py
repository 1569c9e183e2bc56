"""Looking: opening the page at two widths, and fetching its HTML twice as nobody in particular."""

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
"""How many answers there are once each dialog has its form. Without our script none is opened."""
ANSWERED = "(count) => window.preferenceWidgetDoctor.events.length >= count"

WIDTHS = {"phone": (360, 740), "wide window": (1280, 900)}


@dataclass(frozen=True)
class Answer:
    """What the server said to one request; `status` is 0 and `failure` says why when nothing."""

    url: str
    status: int = 0
    kind: str = ""
    failure: str = ""


@dataclass
class Look:
    """The page at one width. `facts` is what measure.js says; `dark` the same in dark colours."""

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
        # A refused answer comes as both; what the server said then says more.
        self.answers.setdefault(request.url, Answer(request.url, failure=request.failure or ""))

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.console.append(message.text)


@dataclass(frozen=True)
class Source:
    """The page's HTML as it came to somebody without cookies."""

    html: str
    headers: Mapping[str, str]


@dataclass(frozen=True)
class Seen:
    """All that findings are made of."""

    url: str
    looks: tuple[Look, ...]
    sources: tuple[Source, ...]


def look_at(url: str) -> Seen:
    """Raises ToolMissing without a browser, and PageUnreachable."""
    with chromium() as (playwright, browser):
        return look_through(playwright, browser, url)


def look_through(
    playwright: Playwright, browser: Browser, url: str, windows: Iterable[str] = WIDTHS
) -> Seen:
    """What there is to see through a browser that is open. Raises PageUnreachable."""
    sources = tuple(_fetch(playwright, url) for _ in range(2))
    looks = tuple(_look(browser, url, window) for window in windows)
    return Seen(url, looks, sources)


def _fetch(playwright: Playwright, url: str) -> Source:
    from playwright.sync_api import Error

    nobody = playwright.request.new_context()
    try:
        answer = nobody.get(url, timeout=PATIENCE)
        if not answer.ok:
            cure = "give the address of a page that anybody can open"
            raise PageUnreachable(url, f"it answers with {answer.status}", cure)
        # Only ASCII is looked for in it, which nearly every encoding has in its place.
        return Source(answer.body().decode("ascii", "replace"), answer.headers)
    except Error as error:
        said = str(error).partition("\n")[0].removeprefix("APIRequestContext.get: ")
        raise PageUnreachable(url, said, "see that it is served, and its address") from error
    finally:
        nobody.dispose()


def _look(browser: Browser, url: str, window: str) -> Look:
    """At one width, in a fresh profile: nothing is kept from the last look."""
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
        said = error.message.partition("\n")[0].removeprefix("Page.goto: ")
        cure = "give the address of a page"
        raise PageUnreachable(url, f"it is not shown: {said}", cure) from error
    try:
        # Some pages never come in full, or are never quiet; then what has come by now is judged.
        page.wait_for_load_state("load", timeout=PATIENCE)
        page.wait_for_load_state("networkidle", timeout=PATIENCE)
        page.route("**/*", _stay)
        page.wait_for_function(ANSWERED, arg=page.evaluate(OPEN_DIALOGS), timeout=PATIENCE)
    except TooLate:
        return


def _stay(route: Route) -> None:
    """A dialog whose form does not come follows its link; what is looked at is the page that is."""
    request = route.request
    is_leaving = request.is_navigation_request() and request.frame.parent_frame is None
    route.abort("aborted") if is_leaving else route.continue_()
