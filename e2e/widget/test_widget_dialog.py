"""Dialog: the form over the page, behind the link inside."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from e2e.support.engines import Engines
from e2e.support.tab import judge
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

DIALOG = 'lang="sq" mode="dialog"'
ACTIVE = "document.querySelector('preference-widget').shadowRoot.activeElement"


def test_a_dialog_asks_for_nothing_before_its_link_is_clicked(page: Page, stub: Stub) -> None:
    with_form(stub)
    page.goto(shop_page(stub, snippet(stub, DIALOG)))
    expect(page.get_by_role("link", name=LINK)).to_be_visible()
    page.get_by_role("link", name=LINK).click()
    expect(page.get_by_role("dialog").get_by_role("button", name="Save")).to_be_visible()
    expect(page.get_by_role("heading", name="Preferences")).to_be_focused()
    check_events(page, "load 200")
    assert stub.lines("fragment") == [f"GET {FRAGMENT}?lang=sq"]


@pytest.mark.parametrize("way", ["Escape", "Close"])
def test_a_closed_dialog_gives_the_focus_back_and_keeps_what_was_typed(
    page: Page, stub: Stub, way: str
) -> None:
    with_form(stub)
    page.goto(shop_page(stub, snippet(stub, DIALOG)))
    link = page.get_by_role("link", name=LINK)
    link.press("Enter")
    page.get_by_label("Town").fill("Lezhë")
    if way == "Escape":
        page.keyboard.press("Escape")
    else:
        page.get_by_role("button", name="Close").click()
    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(link).to_be_focused()
    assert page.evaluate(STORED) == []
    link.click()
    expect(page.get_by_label("Town")).to_have_value("Lezhë")
    assert len(stub.lines("fragment")) == 1


@pytest.mark.parametrize("engine", ["chromium", "firefox"])
def test_in_colours_that_the_reader_forces_on_pages_a_dialog_has_an_edge(
    engine: str, engines: Engines, stub: Stub
) -> None:
    with_form(stub)
    with engines.tab(engine, "colours") as tab:
        tab.open(shop_page(stub, snippet(stub, DIALOG)))
        tab.click("link", LINK)
        tab.see("dialog")
        assert tab.run("() => matchMedia('(forced-colors: active)').matches")
        assert judge(tab, "edgeless") == []


def test_a_save_stays_in_the_dialog_and_the_next_opening_is_a_fresh_one(
    page: Page, stub: Stub
) -> None:
    with_form(stub, then=see_other(stub, '<p role="status" data-focus>Saved</p>'))
    page.goto(shop_page(stub, snippet(stub, DIALOG)))
    page.get_by_role("link", name=LINK).click()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("dialog").get_by_role("status")).to_be_focused()
    page.keyboard.press("Escape")
    page.get_by_role("link", name=LINK).click()
    expect(page.get_by_role("dialog").get_by_role("button", name="Save")).to_be_visible()
    assert len(stub.lines(f"GET {FRAGMENT}?lang")) == 2


def test_while_a_dialog_loads_the_link_says_so_and_when_it_cannot_the_link_is_followed(
    page: Page, stub: Stub
) -> None:
    gate = Gate()
    stub.answers[f"GET {FRAGMENT}"] = Answer(status=500, gate=gate)
    stub.answers["GET /s/dimora"] = Answer("<!doctype html><title>Hosted</title><h1>Hosted</h1>")
    page.goto(shop_page(stub, snippet(stub, DIALOG)))
    page.get_by_role("link", name=LINK).click(no_wait_after=True)
    gate.wait_for_request()
    expect(page.locator("preference-widget[aria-busy=true]")).to_be_visible()
    page.get_by_role("link", name=LINK).click(no_wait_after=True)
    gate.open()
    expect(page.get_by_role("heading", name="Hosted")).to_be_visible()
    assert len(stub.lines("fragment")) == 1


def test_a_click_that_asks_for_a_tab_is_left_to_the_browser(page: Page, stub: Stub) -> None:
    with_form(stub)
    stub.answers["GET /s/dimora"] = Answer("<!doctype html><title>Hosted</title><h1>Hosted</h1>")
    page.goto(shop_page(stub, snippet(stub, DIALOG)))
    prevented = page.evaluate(
        """() => [
          { ctrlKey: true }, { metaKey: true }, { shiftKey: true }, {},
        ].map((keys) => {
          const event = new MouseEvent('click', { bubbles: true, cancelable: true, ...keys });
          addEventListener('click', (late) => late.preventDefault(), { once: true });
          document.querySelector('preference-widget a').dispatchEvent(event);
          return document.querySelector('preference-widget').ariaBusy;
        })"""
    )
    assert prevented == [None, None, None, "true"]


@pytest.mark.parametrize("src", ["", 'src="http://["'])
def test_without_an_address_the_link_is_a_link(page: Page, stub: Stub, src: str) -> None:
    stub.answers["GET /hosted"] = Answer("<!doctype html><title>Hosted</title><h1>Hosted</h1>")
    link = f'<a href="{stub.origin}/hosted">{LINK}</a>'
    page.goto(shop_page(stub, f'<preference-widget {src} mode="dialog">{link}</preference-widget>'))
    page.get_by_role("link", name=LINK).click()
    expect(page.get_by_role("heading", name="Hosted")).to_be_visible()


@pytest.mark.parametrize("back", ["at once", "later"])
def test_a_dialog_that_was_taken_out_while_open_can_be_closed_and_opened(
    page: Page, stub: Stub, back: str
) -> None:
    with_form(stub)
    page.goto(shop_page(stub, snippet(stub, DIALOG)))
    page.get_by_role("link", name=LINK).click()
    expect(page.get_by_role("dialog")).to_be_visible()
    page.evaluate(
        """async (later) => {
          const widget = document.querySelector('preference-widget');
          widget.remove();
          if (later) await new Promise((resolve) => { setTimeout(resolve); });
          document.body.append(widget);
        }""",
        back == "later",
    )
    page.get_by_role("link", name=LINK).click()
    expect(page.get_by_role("dialog")).to_be_visible()
    assert page.evaluate(f"{ACTIVE}.localName") == "h2"
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    check_events(page, "load 200")


def test_a_link_that_opened_nothing_opens_nothing_later(page: Page, stub: Stub) -> None:
    """The address of a known person comes later; by then the person may be at work elsewhere."""
    with_form(stub)
    link = f'<a href="{stub.origin}/s/dimora" target="_blank">{LINK}</a>'
    search = '<input aria-label="Search">'
    page.goto(
        shop_page(stub, f'{search}<preference-widget mode="dialog">{link}</preference-widget>')
    )
    with page.context.expect_page() as tab:
        page.get_by_role("link", name=LINK).click()
    tab.value.close()
    page.get_by_label("Search").focus()
    page.evaluate(
        f"document.querySelector('preference-widget').setAttribute('src', '{stub.origin}/s/dimora')"
    )
    page.evaluate("new Promise((done) => { requestAnimationFrame(done); })")
    assert stub.lines("fragment") == []
    expect(page.get_by_label("Search")).to_be_focused()


def test_an_open_dialog_whose_next_load_fails_stays_with_what_was_typed(
    page: Page, stub: Stub
) -> None:
    with_form(stub)
    page.goto(shop_page(stub, snippet(stub, DIALOG)))
    page.get_by_role("link", name=LINK).click()
    page.get_by_label("Town").fill("Lezhë")
    stub.answers[f"GET {FRAGMENT}"] = Answer(status=500)
    page.evaluate("document.querySelector('preference-widget').lang = 'ar'")
    check_events(page, "load 200; error 500")
    expect(page.get_by_label("Town")).to_have_value("Lezhë")
    assert page.url == f"{stub.shop}/"


def close_and_change_language(page: Page) -> None:
    """The language changes once the element has heard of the closing: that comes a bit later."""
    dialog = "document.querySelector('preference-widget').shadowRoot.querySelector('dialog')"
    page.evaluate(
        f"() => {{ window.closed = new Promise((go) => {dialog}.addEventListener('close', go)) }}"
    )
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    change = "document.querySelector('preference-widget').lang = 'ar'"
    page.evaluate(f"async () => {{ await window.closed; {change} }}")


def test_one_click_opens_a_dialog_whose_language_has_changed(page: Page, stub: Stub) -> None:
    with_form(stub)
    page.goto(shop_page(stub, snippet(stub, DIALOG)))
    page.get_by_role("link", name=LINK).click()
    expect(page.get_by_role("dialog")).to_be_visible()
    close_and_change_language(page)
    stub.answers[f"GET {FRAGMENT}?lang=ar"] = Answer(fragment("<h2>Arabic</h2>"))
    page.get_by_role("link", name=LINK).click()
    expect(page.get_by_role("dialog").get_by_role("heading", name="Arabic")).to_be_focused()


def test_the_link_is_followed_when_a_closed_dialog_cannot_load_its_new_language(
    page: Page, stub: Stub
) -> None:
    with_form(stub)
    stub.answers["GET /s/dimora"] = Answer("<!doctype html><title>Hosted</title><h1>Hosted</h1>")
    page.goto(shop_page(stub, snippet(stub, DIALOG)))
    page.get_by_role("link", name=LINK).click()
    expect(page.get_by_role("dialog")).to_be_visible()
    close_and_change_language(page)
    stub.answers[f"GET {FRAGMENT}?lang=ar"] = Answer(status=500)
    page.get_by_role("link", name=LINK).click()
    expect(page.get_by_role("heading", name="Hosted")).to_be_visible()


def test_a_dialog_that_is_closed_while_sending_opens_at_the_next_click(
    page: Page, stub: Stub
) -> None:
    gate = Gate()
    with_form(stub, then=Answer(fragment("<h2>Saved</h2>"), gate=gate))
    page.goto(shop_page(stub, snippet(stub, DIALOG)))
    page.get_by_role("link", name=LINK).click()
    page.get_by_role("button", name="Save").click()
    gate.wait_for_request()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    page.get_by_role("link", name=LINK).click()
    expect(page.get_by_role("dialog").locator("[aria-busy=true]")).to_be_visible()
    gate.open()
    expect(page.get_by_role("dialog").get_by_role("heading", name="Saved")).to_be_focused()


def test_webkit_opens_closes_and_gives_the_focus_back(engines: Engines, stub: Stub) -> None:
    with_form(stub)
    focus = "() => document.activeElement.localName"
    with engines.tab("webkit") as tab:
        tab.open(shop_page(stub, snippet(stub, DIALOG)))
        tab.click("link", LINK)
        tab.see("button", "Close")
        assert tab.run(f"() => {ACTIVE}.localName") == "h2"
        tab.click("button", "Close")
        assert tab.run(focus) == "a"


@pytest.mark.parametrize("letters", [12, 16, 24])
def test_a_dialog_is_as_wide_after_a_save_as_before(page: Page, stub: Stub, letters: int) -> None:
    with_form(stub, then=see_other(stub, '<p role="status" data-focus>Saved</p>'))
    style = f"<style>body {{ font-size: {letters}px }}</style>"
    page.goto(shop_page(stub, snippet(stub, DIALOG), head=style))
    page.get_by_role("link", name=LINK).click()
    dialog = page.get_by_role("dialog")
    before = dialog.bounding_box() or {}
    page.get_by_role("button", name="Save").click()
    expect(dialog.get_by_role("status")).to_be_focused()
    after = dialog.bounding_box() or {}
    assert before["width"] == after["width"] == 42 * 16
