"""Submitting: what people send, what they are told, and what is remembered."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from e2e.support.line import Gate
from e2e.widget.seeing import STORED, check_events
from e2e.widget.stub import (
    FORM,
    FRAGMENT,
    OPEN,
    Answer,
    Stub,
    fragment,
    see_other,
    shop_page,
    snippet,
    with_form,
)

SAVED = '<p role="status" data-focus>Saved</p>'


def fill_and_press(page: Page, button: str = "Save") -> None:
    page.get_by_label("News").check()
    page.get_by_label("Town").fill("Shkodër & Lezhë")
    page.get_by_role("button", name=button).click()


def test_a_save_goes_through_under_the_strictest_policy(page: Page, stub: Stub) -> None:
    with_form(stub, then=see_other(stub, SAVED))
    page.goto(shop_page(stub))
    fill_and_press(page)
    expect(page.get_by_role("status")).to_be_focused()
    check_events(page, "load 200; load 200; saved 200")
    sent = [("revision", "1"), ("topic", "news"), ("town", "Shkodër & Lezhë"), ("do", "save")]
    assert stub.posted() == [sent]
    assert not stub.lines("OPTIONS")
    assert page.url == f"{stub.shop}/"


def test_the_collector_would_tell_of_a_violation(page: Page, stub: Stub) -> None:
    with_form(stub)
    page.goto(shop_page(stub, snippet(stub) + "<p style='color: red'>Text</p>"))
    expect(page.get_by_role("heading")).to_be_visible()
    expect(page.locator("html")).to_have_attribute("data-seen", "violates style-src-attr; load 200")


def test_the_button_that_was_pressed_is_sent_and_enter_presses_the_first(
    page: Page, stub: Stub
) -> None:
    with_form(stub, then=Answer(fragment(FORM)))
    page.goto(shop_page(stub))
    fill_and_press(page, "Leave")
    expect(page.get_by_role("heading")).to_be_focused()
    page.get_by_label("Town").press("Enter")
    check_events(page, "load 200; load 200; load 200")
    assert [form[-1] for form in stub.posted()] == [("do", "off"), ("do", "save")]


@pytest.mark.parametrize("status", [409, 422])
def test_an_answer_that_asks_for_more_is_shown_and_leads_to_the_field(
    page: Page, stub: Stub, status: int
) -> None:
    summary = '<div role="alert" data-focus><a href="#town">Enter a town</a></div>'
    with_form(stub, then=Answer(fragment(summary + FORM), status))
    page.goto(shop_page(stub))
    fill_and_press(page)
    expect(page.get_by_role("alert")).to_be_focused()
    page.get_by_role("link", name="Enter a town").click()
    expect(page.get_by_label("Town")).to_be_focused()
    assert page.url == f"{stub.shop}/"
    check_events(page, f"load 200; load {status}")


def test_while_one_answer_is_awaited_the_form_is_busy_and_sends_nothing_more(
    page: Page, stub: Stub
) -> None:
    gate = Gate()
    with_form(stub, then=Answer(fragment("<h2>Saved</h2>"), gate=gate))
    page.goto(shop_page(stub))
    fill_and_press(page)
    expect(page.locator(".preference-widget")).to_have_attribute("aria-busy", "true")
    page.get_by_role("button", name="Save").click()
    page.evaluate("document.querySelector('preference-widget').lang = 'ar'")
    gate.open()
    check_events(page, "load 200; load 200; load 200")  # the form, the answer, the form in Arabic
    expect(page.locator(".preference-widget[aria-busy]")).to_have_count(0)
    assert len(stub.posted()) == 1
    assert stub.lines("fragment")[-1] == f"GET {FRAGMENT}?lang=ar"


@pytest.mark.parametrize("status", [0, 500])
def test_what_could_not_be_sent_stays_and_can_be_sent_again(
    page: Page, stub: Stub, status: int
) -> None:
    with_form(stub, then=Answer(fragment("<h2>Sorry</h2>"), status))
    page.goto(shop_page(stub))
    fill_and_press(page)
    expect(page.get_by_role("alert")).to_have_text("Try again.")
    fill_and_press(page)
    check_events(page, f"load 200; error {status}; error {status}")
    expect(page.get_by_role("alert")).to_have_count(1)
    expect(page.locator(".preference-widget[aria-busy]")).to_have_count(0)
    expect(page.get_by_label("News")).to_be_checked()
    stub.answers[f"POST {FRAGMENT}"] = see_other(stub, SAVED)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status")).to_be_focused()
    assert stub.posted()[0] == stub.posted()[-1]


def test_the_focus_is_not_taken_from_somebody_who_has_moved_on(page: Page, stub: Stub) -> None:
    gate = Gate()
    with_form(stub, then=Answer(fragment(SAVED), gate=gate))
    page.goto(shop_page(stub, '<input aria-label="Search">' + snippet(stub)))
    fill_and_press(page)
    page.get_by_label("Search").focus()
    gate.open()
    expect(page.get_by_role("status")).to_be_visible()
    expect(page.get_by_label("Search")).to_be_focused()


def test_links_to_fragments_open_inside_the_widget(page: Page, stub: Stub) -> None:
    link = f'<a href="{FRAGMENT}?view=questions">Answer a question</a>'
    stub.answers[f"GET {FRAGMENT}"] = Answer(fragment(link))
    stub.answers[f"GET {FRAGMENT}?view=questions"] = Answer(status=0)
    page.goto(shop_page(stub))
    page.get_by_role("link", name="Answer").click()
    expect(page.get_by_role("alert")).to_have_text("Try again.")
    stub.answers[f"GET {FRAGMENT}?view=questions"] = Answer(fragment("<h2>Have you moved?</h2>"))
    page.get_by_role("link", name="Answer").click()
    expect(page.get_by_role("heading", name="Have you moved?")).to_be_focused()
    assert page.url == f"{stub.shop}/"


def test_nothing_is_stored_before_a_save_and_then_one_address(page: Page, stub: Stub) -> None:
    with_form(
        stub, then=see_other(stub, SAVED, 'data-saved data-keep="/a/token"'), marks="data-keep=/a/1"
    )
    page.goto(shop_page(stub))
    expect(page.get_by_role("heading", name="Preferences")).to_be_visible()
    assert page.evaluate(STORED) == []
    fill_and_press(page)
    check_events(page, "load 200; load 200; saved 200")
    assert page.evaluate(STORED) == [
        [f"preference-widget:{stub.origin}/s/dimora", f"{stub.origin}/a/token"]
    ]
    assert page.context.cookies() == []


def test_a_kept_address_replaces_src_until_it_is_gone(page: Page, stub: Stub) -> None:
    with_form(stub, then=see_other(stub, SAVED, 'data-saved data-keep="/a/token"'))
    stub.answers["GET /a/token/fragment?lang=sq"] = Answer(fragment("<h2>Welcome back</h2>"))
    page.goto(shop_page(stub))
    fill_and_press(page)
    check_events(page, "load 200; load 200; saved 200")
    page.goto(f"{stub.shop}/")
    expect(page.get_by_role("heading", name="Welcome back")).to_be_visible()
    stub.answers["GET /a/token/fragment?lang=sq"] = Answer(status=0)
    page.goto(f"{stub.shop}/")
    check_events(page, "error 0")
    assert len(page.evaluate(STORED)) == 1
    stub.answers["GET /a/token/fragment?lang=sq"] = Answer(fragment("<h2>Expired</h2>"), 410)
    page.goto(f"{stub.shop}/")
    expect(page.get_by_role("heading", name="Preferences")).to_be_visible()
    check_events(page, "load 200")
    assert page.evaluate(STORED) == []


def test_an_address_of_another_origin_is_not_kept(page: Page, stub: Stub) -> None:
    marks = 'data-saved data-keep="https://evil.example/a"'
    with_form(stub, then=see_other(stub, SAVED, marks))
    page.goto(shop_page(stub))
    fill_and_press(page)
    check_events(page, "load 200; load 200; saved 200")
    assert page.evaluate(STORED) == []


def test_where_storage_is_forbidden_the_form_works(page: Page, stub: Stub) -> None:
    """In a sandboxed frame even touching localStorage throws."""
    with_form(stub, then=see_other(stub, SAVED, "data-saved data-keep=/a/token"))
    shop_page(stub)
    stub.answers["GET /shop"] = stub.answers["GET /"]
    frame = f'<iframe sandbox="allow-scripts allow-forms" src="{stub.shop}/shop"></iframe>'
    page.goto(shop_page(stub, frame, policy=OPEN))
    inside = page.frame_locator("iframe")
    inside.get_by_role("button", name="Save").click()
    expect(inside.get_by_role("status")).to_be_visible()
    expect(inside.locator("html")).to_have_attribute("data-seen", "load 200; load 200; saved 200")


def test_where_there_is_no_storage_at_all_the_form_works(page: Page, stub: Stub) -> None:
    """A view inside a telephone's app may answer null, and throw nothing."""
    with_form(stub, then=see_other(stub, SAVED, "data-saved data-keep=/a/token"))
    none = "<script>Object.defineProperty(window, 'localStorage', { value: null })</script>"
    page.goto(shop_page(stub, head=none, policy=OPEN))
    fill_and_press(page)
    check_events(page, "load 200; load 200; saved 200")


def test_a_save_overtakes_another_language_that_is_on_its_way(page: Page, stub: Stub) -> None:
    gate = Gate()
    with_form(stub, then=see_other(stub, SAVED))
    page.goto(shop_page(stub))
    page.get_by_label("Town").fill("Lezhë")
    stub.answers[f"GET {FRAGMENT}?lang=ar"] = Answer(fragment("<h2>Late</h2>"), gate=gate)
    page.evaluate("document.querySelector('preference-widget').lang = 'ar'")
    gate.wait_for_request()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status")).to_be_focused()
    gate.open()
    assert [dict(form)["town"] for form in stub.posted()] == ["Lezhë"]


def test_a_save_that_fails_after_a_language_that_failed_keeps_what_was_typed(
    page: Page, stub: Stub
) -> None:
    with_form(stub, then=Answer(status=500))
    page.goto(shop_page(stub))
    page.get_by_label("Town").fill("Lezhë")
    stub.answers[f"GET {FRAGMENT}?lang=ar"] = Answer(status=500)
    page.evaluate("document.querySelector('preference-widget').lang = 'ar'")
    check_events(page, "load 200; error 500")
    stub.answers[f"GET {FRAGMENT}?lang=ar"] = Answer(fragment("<h2>Late</h2>"))
    page.get_by_role("button", name="Save").click()
    check_events(page, "load 200; error 500; error 500")
    expect(page.get_by_label("Town")).to_have_value("Lezhë")
