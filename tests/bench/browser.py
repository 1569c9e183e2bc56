"""One load of a page in a slow phone's Chromium, measured through the DevTools protocol."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Browser, CDPSession, Page, ViewportSize, sync_playwright

from e2e.support.browsers import launch

SLOW_4G = {
    "offline": False,
    "latency": 400,
    "downloadThroughput": 1_600_000 / 8,
    "uploadThroughput": 750_000 / 8,
}
CPU_SLOWDOWN = 4
VIEWPORT = ViewportSize(width=412, height=2200)
"""A phone's width, and high enough that the text below the form stays in view: a shift that
nobody sees is none to the browser."""
SETTLE = 500
"""Milliseconds after the form in which late shifts would show."""
LONGEST = 30_000

CONTROL = "input:not([type=hidden]), select, textarea, button"
WATCH = """
(() => {
  const { control, words } = LOOKED_FOR;
  const all = (selector) => [...document.querySelectorAll(selector)];
  const roots = () => [document, ...all('preference-widget').map((element) => element.shadowRoot),
    ...all('iframe').map((frame) => frame.contentDocument)].filter(Boolean);
  const seen = { opacityProperty: true, visibilityProperty: true };
  const visible = (element) => element.checkVisibility(seen)
    && element.getBoundingClientRect().height > 0;
  const missing = () => {
    const texts = roots().flatMap((root) => [...root.children]).map((each) => each.innerText);
    return words.filter((word) => !texts.join().toLowerCase().includes(word.toLowerCase()));
  };
  let shift = 0;
  new PerformanceObserver((list) => list.getEntries().forEach((entry) => { shift += entry.value }))
    .observe({ type: 'layout-shift', buffered: true });
  const painted = new MessageChannel(); // its message comes right after the frame is drawn
  painted.port1.onmessage = () => {
    const ms = performance.now();
    const box = document.querySelector('.place, preference-widget');
    const form = box?.shadowRoot?.querySelector('div') ?? box?.firstElementChild;
    setTimeout(() => console.log('bench ' + JSON.stringify({
      ms, shift, height: form?.getBoundingClientRect().height ?? 0, missing: missing(),
    })), SETTLE);
  };
  const look = () => (roots().some((root) => [...root.querySelectorAll(control)].some(visible))
    ? painted.port2.postMessage(0) : requestAnimationFrame(look));
  if (top === window) requestAnimationFrame(look);
})()
""".replace("SETTLE", str(SETTLE))


@dataclass
class Loaded:
    """One load. Times are milliseconds; `sizes` are bytes with headers, by URL, page included."""

    ms: float = 0
    shift: float = 0
    height: float = 0
    script_ms: float = 0
    task_ms: float = 0
    missing: list[str] = field(default_factory=list)
    """Of the words that should be in sight at the end, those that are not."""
    sizes: dict[str, int] = field(default_factory=dict)

    @property
    def requests(self) -> int:
        return len(self.sizes)

    @property
    def total(self) -> int:
        return sum(self.sizes.values())

    @property
    def embedded(self) -> int:
        """Bytes that came after the page."""
        return self.total - next(iter(self.sizes.values()))


@contextmanager
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = launch(playwright, "chromium")
        yield browser
        browser.close()


def load(
    browser: Browser,
    url: str,
    slow: bool = True,
    control: str = CONTROL,
    words: Sequence[str] = (),
) -> Loaded:
    """Load the page with nothing in any cache, until one such control is in sight."""
    looked_for = json.dumps({"control": control, "words": words})
    context = browser.new_context(viewport=VIEWPORT)
    try:
        page = context.new_page()
        page.add_init_script(WATCH.replace("LOOKED_FOR", looked_for))
        protocol = context.new_cdp_session(page)
        loaded = Loaded()
        _prepare(protocol, loaded, slow)
        before = _seconds(protocol)
        told = _visit(page, url)
        after = _seconds(protocol)
        for name, value in told.items():
            setattr(loaded, name, value)
        loaded.script_ms = 1000 * (after["ScriptDuration"] - before["ScriptDuration"])
        loaded.task_ms = 1000 * (after["TaskDuration"] - before["TaskDuration"])
        return loaded
    finally:
        context.close()


def _visit(page: Page, url: str) -> dict[str, Any]:
    with page.expect_console_message(
        lambda message: message.text.startswith("bench "), timeout=LONGEST
    ) as told:
        page.goto(url, wait_until="load", timeout=LONGEST)
    figures: dict[str, Any] = json.loads(told.value.text.removeprefix("bench "))
    return figures


def _prepare(protocol: CDPSession, loaded: Loaded, slow: bool) -> None:
    urls: dict[str, str] = {}

    def sent(event: dict[str, Any]) -> None:
        urls[event["requestId"]] = event["request"]["url"]

    def finished(event: dict[str, Any]) -> None:
        url = urls.get(event["requestId"], "")  # nobody asked for an empty frame
        if url.startswith("http"):
            loaded.sizes[url] = int(event["encodedDataLength"])

    protocol.on("Network.requestWillBeSent", sent)
    protocol.on("Network.loadingFinished", finished)
    protocol.send("Network.enable")
    protocol.send("Performance.enable", {"timeDomain": "threadTicks"})  # the thread's own time
    if slow:
        protocol.send("Network.emulateNetworkConditions", SLOW_4G)
        protocol.send("Emulation.setCPUThrottlingRate", {"rate": CPU_SLOWDOWN})


def _seconds(protocol: CDPSession) -> dict[str, float]:
    metrics = protocol.send("Performance.getMetrics")["metrics"]
    return {each["name"]: float(each["value"]) for each in metrics}
