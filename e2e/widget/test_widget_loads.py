"""Loading: what is asked for and when, and what people see when it fails."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from e2e.support.line import Gate
from e2e.widget.seeing import LINK, check_events
from e2e.widget.stub import FRAGMENT, OPEN, Answer, Stub, fragment, shop_page, snippet

WIDGET = "document.querySelector('preference-widget')"


def hello(stub: Stub, *addresses: str) -> None:
    """Each address brings a heading that says which address it is."""
    for address in addresses:
        stub.answers[f"GET {address}"] = Answer(fragment(f"<h2>{address}</h2>"))


def check_heading(page: Page, address: str) -> None:
    expect(page.get_by_role("heading", name=address, exact=True)).to_be_visible()


def test_the_preloaded_fragment_is_used_and_nothing_is_asked_twice(page: Page, stub: Stub) -> None:
    hello(stub, f"{FRAGMENT}?lang=sq")
    href = f"{stub.origin}{FRAGMENT}?lang=sq"
    page.goto(shop_page(stub, head=f'<link rel="preload" as="fetch" crossorigin href="{href}">'))
    check_heading(page, f"{FRAGMENT}?lang=sq")
    check_events(page, "load 200")
    assert stub.lines("fragment") == [f"GET {FRAGMENT}?lang=sq"]


def test_a_fragment_is_asked_for_without_cookies_or_headers_of_ours(page: Page, stub: Stub) -> None:
    page.context.add_cookies([{"name": "who", "value": "me", "url": stub.origin}])
    hello(stub, FRAGMENT)
    page.goto(shop_page(stub))
    check_heading(page, FRAGMENT)
    asked = next(each for each in stub.asked if "fragment" in each.line)
    assert "Cookie" not in asked.headers
    assert asked.headers["Accept"] == "*/*"
    assert not stub.lines("OPTIONS")


@pytest.mark.parametrize(
    ("attributes", "query"),
    [
        ("", "?lang=en"),  # of the page
        ('lang="sq"', "?lang=sq"),
        ('lang="sq" view="questions"', "?lang=sq&view=questions"),
        ('lang=""', ""),
    ],
)
def test_language_and_view_are_part_of_the_address(
    page: Page, stub: Stub, attributes: str, query: str
) -> None:
    hello(stub, FRAGMENT + query)
    page.goto(shop_page(stub, snippet(stub, attributes)))
    check_heading(page, FRAGMENT + query)
    assert stub.lines("fragment") == [f"GET {FRAGMENT}{query}"]


@pytest.mark.parametrize("end", ["/", "?lang=en", "#top", "/?lang=en#top", "?next=/a/?b#?"])
def test_of_an_address_that_was_copied_with_its_query_only_the_path_counts(
    page: Page, stub: Stub, end: str
) -> None:
    hello(stub, f"{FRAGMENT}?lang=sq")
    page.goto(shop_page(stub, snippet(stub).replace('/s/dimora"', f'/s/dimora{end}"', 1)))
    check_heading(page, f"{FRAGMENT}?lang=sq")
    assert stub.lines("fragment") == [f"GET {FRAGMENT}?lang=sq"]


def test_inside_another_shadow_tree_language_and_events_cross_its_border(
    page: Page, stub: Stub
) -> None:
    hello(stub, f"{FRAGMENT}?lang=ar")
    inside = f'<template shadowrootmode="open">{snippet(stub, "")}</template>'
    page.goto(shop_page(stub, f'<div lang="ar"><div>{inside}</div></div>'))
    check_heading(page, f"{FRAGMENT}?lang=ar")
    check_events(page, "load 200")


@pytest.mark.parametrize("status", [200, 500, 429, 0])
def test_the_fallback_stays_when_nothing_can_be_shown(page: Page, stub: Stub, status: int) -> None:
    content = "<!doctype html><p>Out of order" if status == 200 else fragment("<h2>No</h2>")
    stub.answers[f"GET {FRAGMENT}"] = Answer(content, status)
    page.goto(shop_page(stub))
    check_events(page, f"error {status}")
    expect(page.get_by_role("link", name=LINK)).to_be_visible()


def test_what_another_origin_answers_is_not_shown(page: Page, stub: Stub) -> None:
    hello(stub, "/elsewhere")
    stub.answers[f"GET {FRAGMENT}"] = Answer(
        status=302, headers={"Location": f"{stub.shop}/elsewhere"}
    )
    page.goto(shop_page(stub, policy=OPEN))
    check_events(page, "error 200")
    expect(page.get_by_role("heading")).to_have_count(0)


@pytest.mark.parametrize("status", [403, 410])
def test_a_refusal_with_content_is_shown(page: Page, stub: Stub, status: int) -> None:
    stub.answers[f"GET {FRAGMENT}"] = Answer(fragment("<h2>This link has expired</h2>"), status)
    page.goto(shop_page(stub))
    check_heading(page, "This link has expired")
    check_events(page, f"load {status}")
    expect(page.get_by_role("link")).to_have_count(0)


def test_the_first_content_moves_neither_focus_nor_page(page: Page, stub: Stub) -> None:
    gate = Gate()
    content = fragment('<h2 data-focus tabindex="-1">Here</h2><input autofocus>')
    stub.answers[f"GET {FRAGMENT}"] = Answer(content, gate=gate)
    tall = '<p><input aria-label="Search"></p><svg height="3000"></svg>'
    page.goto(shop_page(stub, tall + snippet(stub), policy=OPEN), wait_until="domcontentloaded")
    page.get_by_label("Search").focus()
    gate.open()
    check_heading(page, "Here")
    expect(page.get_by_label("Search")).to_be_focused()
    assert page.evaluate("scrollY") == 0


def test_changes_made_together_cause_one_load(page: Page, stub: Stub) -> None:
    hello(stub, f"{FRAGMENT}?lang=ar&view=questions")
    page.goto(shop_page(stub, "<main></main>"))
    page.evaluate(
        """(src) => {
          const widget = document.createElement('preference-widget');
          document.querySelector('main').append(widget);
          widget.setAttribute('src', 'https://elsewhere.example');
          widget.setAttribute('src', src);
          widget.lang = 'ar';
          widget.setAttribute('view', 'questions');
        }""",
        f"{stub.origin}/s/dimora/",
    )
    check_heading(page, f"{FRAGMENT}?lang=ar&view=questions")
    check_events(page, "load 200")
    assert len(stub.lines("fragment")) == 1


def test_another_language_is_loaded_and_keeps_the_focus_inside(page: Page, stub: Stub) -> None:
    hello(stub, f"{FRAGMENT}?lang=ar")
    stub.answers[f"GET {FRAGMENT}?lang=sq"] = Answer(fragment('<input aria-label="Town">'))
    page.goto(shop_page(stub))
    page.get_by_label("Town").focus()
    page.evaluate(f"{WIDGET}.lang = 'ar'")
    expect(page.get_by_role("heading", name=FRAGMENT)).to_be_focused()


def test_a_load_that_is_overtaken_is_never_heard_of(page: Page, stub: Stub) -> None:
    gate = Gate()
    stub.answers[f"GET {FRAGMENT}?lang=sq"] = Answer(fragment("<h2>Late</h2>"), gate=gate)
    hello(stub, f"{FRAGMENT}?lang=ar")
    page.goto(shop_page(stub), wait_until="domcontentloaded")
    gate.wait_for_request()
    page.evaluate(f"{WIDGET}.lang = 'ar'")
    check_heading(page, f"{FRAGMENT}?lang=ar")
    gate.open()
    check_events(page, "load 200")


def test_another_src_hides_at_once_what_was_the_former_persons(page: Page, stub: Stub) -> None:
    hello(stub, FRAGMENT)
    page.goto(shop_page(stub))
    check_heading(page, FRAGMENT)
    stub.answers["GET /e/other/fragment"] = Answer(status=0)
    page.evaluate(f"{WIDGET}.setAttribute('src', '{stub.origin}/e/other')")
    expect(page.get_by_role("heading")).to_have_count(0)
    expect(page.get_by_role("link")).to_be_visible()
    check_events(page, "load 200; error 0")


def test_put_back_into_the_page_it_asks_only_for_what_it_lacks(page: Page, stub: Stub) -> None:
    gate = Gate()
    stub.answers[f"GET {FRAGMENT}"] = Answer(fragment("<h2>Late</h2>"), gate=gate)
    page.goto(shop_page(stub, "<main></main>" + snippet(stub)), wait_until="domcontentloaded")
    gate.wait_for_request()
    page.evaluate(f"window.kept = {WIDGET}; document.querySelector('main').append(kept)")
    page.evaluate("kept.remove()")  # gives up the request; moving it did not
    gate.open()
    hello(stub, FRAGMENT)
    page.evaluate("document.body.append(kept)")
    check_heading(page, FRAGMENT)
    page.evaluate("kept.remove()")
    page.evaluate("document.body.append(kept)")
    check_heading(page, FRAGMENT)
    check_events(page, "load 200")
    assert len(stub.lines("fragment")) == 2


def test_two_widgets_and_two_scripts_live_in_one_page(page: Page, stub: Stub) -> None:
    hello(stub, FRAGMENT, "/s/other/fragment")
    other = snippet(stub).replace("dimora", "other")
    again = f'<script type="module" src="{stub.origin}/widget/v1.js?again"></script>'
    page.goto(shop_page(stub, snippet(stub) + again + other))
    check_heading(page, FRAGMENT)
    check_heading(page, "/s/other/fragment")
    check_events(page, "load 200; load 200")


def test_a_subclass_may_fetch_in_its_own_way(page: Page, stub: Stub) -> None:
    hello(stub, "/mine")
    own = f"""<script type="module">
      import {{ PreferenceWidgetElement }} from '{stub.origin}/widget/v1.js';
      customElements.define('my-widget', class extends PreferenceWidgetElement {{
        request(url, options) {{ return super.request('{stub.origin}/mine', options); }}
      }});</script><my-widget src="{stub.origin}/s/dimora"></my-widget>"""
    page.goto(shop_page(stub, own, policy=OPEN))
    check_heading(page, "/mine")
