"""Removal: a page that inserts and removes the element all day long is as it was before."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from e2e.support.engines import Engines
from e2e.support.tab import PlaywrightTab, Tab
from e2e.widget.leaves import MODES, Heap, in_and_out, witnessed_page
from e2e.widget.stub import FRAGMENT, Answer, Gate, Stub, shop_page, with_form

TIMES = 100
FEW = 20
"""Enough for a browser to have learned what it remembers of any code."""
MOST_BYTES_EACH = 500
"""Of the heap's growth for each insertion: one form alone is several thousand."""
MOMENTS = ("loaded", "loading")


@pytest.fixture(params=MOMENTS)
def moment(request: pytest.FixtureRequest, stub: Stub) -> Iterator[str]:
    """When the element is removed; while `loading`, no answer comes."""
    with_form(stub)
    form, gate = stub.find(f"GET {FRAGMENT}"), Gate()
    if request.param == "loading":
        stub.answers[f"GET {FRAGMENT}"] = Answer(form.body, gate=gate)
    yield request.param
    gate.open()


@pytest.fixture
def chromium(engines: Engines) -> Iterator[PlaywrightTab]:
    with engines.tab("chromium") as tab:
        assert isinstance(tab, PlaywrightTab)
        yield tab


@pytest.mark.parametrize("mode", MODES)
def test_a_hundred_insertions_leave_the_heap_as_it_was(
    chromium: PlaywrightTab, stub: Stub, mode: str, moment: str
) -> None:
    chromium.open(shop_page(stub, "<main></main>"))
    in_and_out(chromium, stub, mode, moment, FEW)
    heap = Heap(chromium.page)
    before, used = heap.kept(), heap.used()
    in_and_out(chromium, stub, mode, moment, TIMES)
    assert heap.kept() == before
    assert heap.used() - used < TIMES * MOST_BYTES_EACH


@pytest.mark.parametrize("mode", MODES)
def test_no_listener_timer_or_global_is_left(tab: Tab, stub: Stub, mode: str, moment: str) -> None:
    tab.open(witnessed_page(stub))
    in_and_out(tab, stub, mode, moment, 3)
    assert tab.run("() => leftBehind()") == []


LEAKS = """
const leaves = new AbortController();
document.addEventListener('keydown', () => {});
document.addEventListener('keyup', () => {}, leaves);
leaves.abort();
addEventListener('resize', () => {});
const passing = () => {};
addEventListener('scroll', passing);
removeEventListener('scroll', passing);
setInterval(() => {}, 1000);
clearTimeout(setTimeout(() => {}, 1000));
window.somethingOfOurs = 1;
"""


def test_what_is_left_behind_would_be_seen(tab: Tab, stub: Stub) -> None:
    stub.answers["GET /leaks.js"] = Answer(LEAKS, kind="text/javascript")
    tab.open(witnessed_page(stub, f'<script src="{stub.origin}/leaks.js"></script>'))
    assert tab.run("() => leftBehind()") == [
        "listener: [object HTMLDocument] keydown",
        "listener: [object Window] resize",
        "timer",
        "global: somethingOfOurs",
    ]
