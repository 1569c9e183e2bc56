"""Prompt: a card in the page that somebody can close for some days."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from e2e.support.engines import Engines
from e2e.widget.seeing import LINK, STORED, check_events
from e2e.widget.stub import (
    FRAGMENT,
    Answer,
    Gate,
    Stub,
    fragment,
    see_other,
    shop_page,
    snippet,
    with_form,
)

PROMPT = 'lang="sq" mode="prompt"'
UNTIL = ["preference-widget:closed-until", "2099-01-01"]
DIALOG = 'lang="sq" mode="dialog"'


def shown(page: Page) -> Any:
    return page.evaluate(
        "() => document.querySelector('preference-widget').getBoundingClientRect().height > 0"
    )


def test_a_prompt_takes_no_focus_and_covers_nothing(page: Page, stub: Stub) -> None:
    gate = Gate()
    with_form(stub)
    stub.answers[f"GET {FRAGMENT}"].gate = gate
    banner = '<dialog open style="position: fixed; inset-block-end: 0">Cookies?</dialog>'
    body = f'<p>Above <input aria-label="Search"></p>{snippet(stub, PROMPT)}<p>Below</p>{banner}'
    page.goto(
        shop_page(stub, body, policy="default-src * 'unsafe-inline'"),
        wait_until="domcontentloaded",
    )
    page.get_by_label("Search").focus()
    gate.open()
    expect(page.get_by_role("button", name="Close")).to_be_visible()
    expect(page.get_by_label("Search")).to_be_focused()
    overlaps = page.evaluate(
        """() => {
          const card = document.querySelector('preference-widget').getBoundingClientRect();
          return [...document.querySelectorAll('p')].map((each) => each.getBoundingClientRect())
            .filter((box) => box.top < card.bottom && box.bottom > card.top);
        }"""
    )
    assert overlaps == []
    page.keyboard.press("Escape")  # with the focus elsewhere it is for whatever is there
    assert shown(page)


@pytest.mark.parametrize("way", ["Escape", "Escape inside", "Close"])
def test_a_closed_prompt_stays_closed_until_the_day_it_was_told(
    page: Page, stub: Stub, way: str
) -> None:
    with_form(stub)
    page.goto(shop_page(stub, snippet(stub, PROMPT)))
    expect(page.get_by_role("button", name="Close")).to_be_visible()
    assert page.evaluate(STORED) == []
    if way == "Close":
        page.get_by_role("button", name="Close").click()
    else:
        if way == "Escape inside":
            page.get_by_label("Town").focus()
        page.keyboard.press("Escape")
    assert not shown(page)
    assert page.evaluate(STORED) == [UNTIL]
    page.reload()
    expect(page.locator("preference-widget")).to_be_hidden()
    assert len(stub.lines("fragment")) == 1
    page.evaluate("localStorage.setItem('preference-widget:closed-until', '2026-01-01')")
    page.reload()
    expect(page.get_by_role("button", name="Close")).to_be_visible()


def test_an_escape_that_the_page_has_used_closes_no_prompt(page: Page, stub: Stub) -> None:
    with_form(stub)
    page.goto(shop_page(stub, snippet(stub, PROMPT)))
    expect(page.get_by_role("button", name="Close")).to_be_visible()
    page.evaluate("addEventListener('keydown', (event) => event.preventDefault(), true)")
    page.keyboard.press("Escape")
    assert shown(page)
    assert page.evaluate(STORED) == []


def test_a_prompt_that_is_closed_while_another_language_loads_stays_closed(
    page: Page, stub: Stub
) -> None:
    gate = Gate()
    with_form(stub)
    page.goto(shop_page(stub, snippet(stub, PROMPT)))
    expect(page.get_by_role("button", name="Close")).to_be_visible()
    stub.answers[f"GET {FRAGMENT}?lang=ar"] = Answer(fragment("<h2>Late</h2>"), gate=gate)
    page.evaluate("document.querySelector('preference-widget').lang = 'ar'")
    gate.wait_for_request()
    page.get_by_role("button", name="Close").click()
    assert not shown(page)
    gate.open()
    page.evaluate(f"fetch('{stub.origin}{FRAGMENT}?lang=ar').then((answer) => answer.text())")
    assert not shown(page)
    check_events(page, "load 200")


def test_a_prompt_that_is_closed_while_sending_is_saved_and_stays_closed(
    page: Page, stub: Stub
) -> None:
    gate = Gate()
    with_form(stub, then=see_other(stub, "<h2>Saved</h2>"))
    stub.answers[f"POST {FRAGMENT}"].gate = gate
    page.goto(shop_page(stub, snippet(stub, PROMPT)))
    page.get_by_role("button", name="Save").click()
    gate.wait_for_request()
    page.get_by_role("button", name="Close").click()
    assert not shown(page)
    gate.open()
    check_events(page, "load 200; load 200; saved 200")
    assert not shown(page)
    assert page.evaluate(STORED) == [UNTIL]


def test_a_prompt_closes_where_nothing_can_be_stored(page: Page, stub: Stub) -> None:
    with_form(stub)
    page.goto(shop_page(stub, snippet(stub, PROMPT)))
    page.evaluate(FULL)
    page.get_by_role("button", name="Close").click()
    assert not shown(page)


FULL = """() => {
  for (let size = 6_000_000; size >= 1; size = Math.floor(size / 2)) {
    try { localStorage.setItem(`full-${size}`, 'x'.repeat(size)); } catch { /* it is */ }
  }
}"""


def test_a_prompt_closes_whatever_the_page_says_of_display_and_leaves_that_alone(
    page: Page, stub: Stub
) -> None:
    with_form(stub)
    reset = "<style>* { display: block !important }</style>"
    own = snippet(stub, PROMPT + ' style="display: inline-block"')
    page.goto(shop_page(stub, own, head=reset, policy="default-src * 'unsafe-inline'"))
    page.get_by_role("button", name="Close").click()
    assert not shown(page)
    assert page.locator("preference-widget").get_attribute("style") == "display: inline-block"


def test_a_prompt_with_nothing_to_ask_does_not_appear(page: Page, stub: Stub) -> None:
    stub.answers[f"GET {FRAGMENT}"] = Answer(fragment("<h2>Nothing</h2>", "data-nothing"))
    page.goto(shop_page(stub, snippet(stub, PROMPT) + snippet(stub)))
    expect(page.get_by_role("heading", name="Nothing")).to_have_count(1)
    check_events(page, "load 200; load 200")
    assert not shown(page)


def test_in_the_page_there_is_nothing_to_close(page: Page, stub: Stub) -> None:
    with_form(stub)
    page.goto(shop_page(stub, snippet(stub, 'lang="sq" mode="inline"') + snippet(stub)))
    expect(page.get_by_role("heading", name="Preferences")).to_have_count(2)
    expect(page.get_by_role("button", name="Close")).to_have_count(0)
    page.keyboard.press("Escape")
    expect(page.get_by_role("heading", name="Preferences")).to_have_count(2)


def test_another_mode_starts_afresh(page: Page, stub: Stub) -> None:
    with_form(stub)
    page.goto(shop_page(stub, snippet(stub, PROMPT)))
    page.get_by_role("button", name="Close").click()
    page.evaluate("document.querySelector('preference-widget').setAttribute('mode', 'inline')")
    expect(page.get_by_role("button", name="Save")).to_be_visible()
    page.evaluate("document.querySelector('preference-widget').setAttribute('mode', 'dialog')")
    page.get_by_role("link", name=LINK).click()
    expect(page.get_by_role("dialog").get_by_role("button", name="Save")).to_be_visible()


def test_webkit_closes_a_prompt_and_keeps_it_closed(engines: Engines, stub: Stub) -> None:
    with_form(stub)
    with engines.tab("webkit") as tab:
        tab.open(shop_page(stub, snippet(stub, PROMPT)))
        tab.click("button", "Close")
        assert tab.run("() => Object.entries(localStorage)") == [UNTIL]
        tab.open(f"{stub.shop}/")
        assert tab.run("() => document.querySelector('preference-widget').offsetHeight") == 0
