"""What an element leaves behind in a page that inserts and removes it again and again."""

from __future__ import annotations

from dataclasses import dataclass

from playwright.sync_api import CDPSession, Page

from e2e.support.tab import Tab
from e2e.widget.stub import Answer, Stub, shop_page

MODES = {
    "inline": "() => {}",
    "dialog": "(widget) => widget.querySelector('a').click()",
    "prompt": "() => {}",
}
"""What a person does to an inserted widget so that it loads, by its mode."""

IN_AND_OUT = """
async (src, mode, times, moment) => {
  await customElements.whenDefined('preference-widget'); // before, a click leaves the page
  for (let turn = 0; turn < times; turn += 1) {
    const widget = document.createElement('preference-widget');
    widget.append(Object.assign(document.createElement('a'), { href: src }));
    widget.setAttribute('src', src);
    widget.setAttribute('mode', mode);
    const reached = new Promise((done) => {
      if (moment === 'loaded') widget.addEventListener('preference-widget:load', done);
      else widget.request = (...asked) => (done(), widget.constructor.prototype.request
        .apply(widget, asked));
    });
    document.querySelector('main').append(widget);
    (BRING)(widget);
    await reached;
    widget.remove();
  }
}
"""
"""Inserts and removes, each time when the form is there or while it is being loaded."""


def in_and_out(tab: Tab, stub: Stub, mode: str, moment: str, times: int) -> None:
    """Inserts the widget so many times and removes it when it is `loaded`, or while `loading`."""
    script = IN_AND_OUT.replace("BRING", MODES[mode])
    tab.run(script, f"{stub.origin}/s/dimora", mode, times, moment)
    seen = tab.run("() => document.documentElement.dataset.seen ?? ''")
    assert seen.count("load 200") >= times if moment == "loaded" else seen == ""


WITNESS = r"""
const ofAFile = () => /\/(?!witness)\w+\.js/.test(new Error().stack); // and not of the driver
const listening = new Set();
for (const target of [window, document, document.documentElement]) {
  const { addEventListener, removeEventListener } = EventTarget.prototype;
  const find = (type, listener) => [...listening].find((each) =>
    each.target === target && each.type === type && each.listener === listener);
  target.addEventListener = (type, listener, options) => {
    const mine = { target, type, listener };
    if (ofAFile() && !find(type, listener)) listening.add(mine);
    options?.signal?.addEventListener('abort', () => listening.delete(mine));
    addEventListener.call(target, type, listener, options);
  };
  target.removeEventListener = (type, listener, options) => {
    listening.delete(find(type, listener));
    removeEventListener.call(target, type, listener, options);
  };
}
const ticking = new Set();
for (const [start, stop] of [['setTimeout', 'clearTimeout'], ['setInterval', 'clearInterval']]) {
  const [starts, stops] = [window[start], window[stop]];
  window[start] = (work, ...rest) => {
    const fire = () => { if (start === 'setTimeout') ticking.delete(id); work(); };
    const id = starts.call(window, fire, ...rest);
    if (ofAFile()) ticking.add(id);
    return id;
  };
  window[stop] = (id) => { ticking.delete(id); stops.call(window, id); };
}
const names = new Set([...Object.getOwnPropertyNames(window), 'leftBehind']);
window.leftBehind = () => [
  ...[...listening].map(({ target, type }) => `listener: ${target} ${type}`),
  ...[...ticking].map(() => 'timer'),
  ...Object.getOwnPropertyNames(window)
    .filter((name) => !names.has(name) && !name.startsWith('__pw')) // Playwright's own
    .map((name) => `global: ${name}`),
  ...Object.keys(localStorage).map((name) => `stored: ${name}`),
];
"""
"""Runs in the page before the widget's script does, and tells what of it is still there later."""


def witnessed_page(stub: Stub, body: str = "") -> str:
    """Puts a page that has a witness and room for widgets; its address."""
    stub.answers["GET /witness.js"] = Answer(WITNESS, kind="text/javascript")
    witness = f'<script src="{stub.origin}/witness.js"></script>'
    return shop_page(stub, f"<main></main>{body}", head=witness)


@dataclass(frozen=True)
class Kept:
    """What is alive in a page after the garbage is gone."""

    elements: int
    documents: int
    nodes: int
    listeners: int


class Heap:
    """A look into Chromium's memory through the DevTools protocol."""

    def __init__(self, page: Page) -> None:
        self._protocol: CDPSession = page.context.new_cdp_session(page)
        self._protocol.send("HeapProfiler.enable")

    def kept(self) -> Kept:
        self._protocol.send("HeapProfiler.collectGarbage")
        elements = self._elements()
        counted = self._protocol.send("Memory.getDOMCounters")
        return Kept(elements, counted["documents"], counted["nodes"], counted["jsEventListeners"])

    def used(self) -> int:
        """Bytes of JavaScript objects."""
        self._protocol.send("HeapProfiler.collectGarbage")
        return int(self._protocol.send("Runtime.getHeapUsage")["usedSize"])

    def _elements(self) -> int:
        asked = {"objectGroup": "heap"}
        prototype = "customElements.get('preference-widget').prototype"
        found = self._protocol.send("Runtime.evaluate", {"expression": prototype, **asked})
        which = {"prototypeObjectId": found["result"]["objectId"], **asked}
        objects = self._protocol.send("Runtime.queryObjects", which)["objects"]
        count = {"objectId": objects["objectId"], "returnByValue": True}
        told = self._protocol.send(
            "Runtime.callFunctionOn",
            {"functionDeclaration": "function () { return this.length }", **count},
        )
        self._protocol.send("Runtime.releaseObjectGroup", asked)
        return int(told["result"]["value"])
