"""WebKit: the one journey that matters most; the other tests of the element need Playwright."""

from __future__ import annotations

from e2e.support.engines import Engines
from e2e.widget.stub import FRAGMENT, Stub, see_other, shop_page, with_form

SHADOW = "document.querySelector('preference-widget').shadowRoot"
SAVED = '<section role="status" data-focus><h3>Saved</h3></section>'


def test_webkit_preloads_copies_and_saves_under_the_strictest_policy(
    engines: Engines, stub: Stub
) -> None:
    with_form(stub, then=see_other(stub, SAVED, 'data-saved data-keep="/a/token"'))
    href = f"{stub.origin}{FRAGMENT}?lang=sq"
    preload = f'<link rel="preload" as="fetch" crossorigin href="{href}">'
    with engines.tab("webkit") as tab:
        tab.open(shop_page(stub, head=preload))
        tab.see("button", "Save")
        assert stub.lines("fragment") == [f"GET {FRAGMENT}?lang=sq"]
        tab.click("checkbox", "News")
        tab.run(f"() => {{ {SHADOW}.getElementById('town').value = 'Lezhë' }}")
        tab.click("button", "Save")
        tab.see("heading", "Saved")
        seen = tab.run("() => document.documentElement.dataset.seen")
        assert seen == "load 200; load 200; saved 200"
        assert tab.run(f"() => {SHADOW}.activeElement.dataset.focus") == ""
        assert tab.run("() => Object.values(localStorage)") == [f"{stub.origin}/a/token"]
    sent = [("revision", "1"), ("topic", "news"), ("town", "Lezhë"), ("do", "save")]
    assert stub.posted() == [sent]
