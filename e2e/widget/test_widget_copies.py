"""Copying: what of a fragment reaches somebody else's page, and what never does."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from e2e.widget.stub import FRAGMENT, OPEN, Answer, Stub, fragment, shop_page, snippet

HOSTILE = [
    # what the server sends, broken into as it is, and what of it is copied
    ("<script>note('pwned')</script>", ""),
    ("<p onclick=note('pwned') onpointerover=note('pwned')>Text</p>", "<p>Text</p>"),
    ("<img src=/evil onerror=note('pwned')>", ""),
    ("<svg onload=note('pwned')><script>note('pwned')</script></svg>", "<svg></svg>"),
    ("<svg><animate onbegin=note('pwned') attributeName=x dur=1s /></svg>", "<svg></svg>"),
    ("<svg><use href=/evil#x /><image href=/evil /><a href=/evil /></svg>", "<svg></svg>"),
    ("<svg><foreignObject><iframe src=/evil></iframe></foreignObject></svg>", "<svg></svg>"),
    (r"<svg><path fill='url(/evil#x)' stroke='u\72l(/evil)' /></svg>", "<svg><path></path></svg>"),
    ("<svg><path fill='var(--site-accent)' /></svg>", "<svg><path></path></svg>"),
    ("<p part=card>Text</p>", "<p>Text</p>"),
    ("<hr width=5000>", ""),
    ("<math href=javascript:note('pwned')><mi>x</mi></math>", ""),
    ("<iframe srcdoc='<script>parent.note(1)</script>'></iframe><object data=/evil></object>", ""),
    ("<style>*{display:none}</style><link rel=stylesheet href=/evil>", ""),
    ("<p style=position:fixed>Text</p>", "<p>Text</p>"),
    ("<base href=https://evil.example/><meta http-equiv=refresh content='0;url=/evil'>", ""),
    ("<template><script>note('pwned')</script></template><slot></slot>", ""),
    ("<evil-element></evil-element><strong is=evil-button>Text</strong>", "<strong>Text</strong>"),
    ("<input type=file><input type=image src=/evil><input type=PassWord>", "<input>" * 3),
    ("<button formaction=//evil.example formtarget=_top>Text</button>", "<button>Text</button>"),
    ("<!-- secret -->", ""),
]


def show(page: Page, stub: Stub, pieces: list[str]) -> list[str]:
    """The pieces as they are after being copied into a page that has no protection of its own.

    Without the parts that every element gets for its own name.
    """
    sections = "".join(f"<section>{piece}</section>" for piece in pieces)
    stub.answers[f"GET {FRAGMENT}"] = Answer(fragment(f"<h2>Here</h2>{sections}"))
    page.goto(shop_page(stub, policy=OPEN))
    expect(page.locator("preference-widget h2")).to_be_visible()
    root = "document.querySelector('preference-widget').shadowRoot"
    copied: list[str] = page.evaluate(
        f"[...{root}.querySelectorAll('section')].map((section) => section.innerHTML)"
    )
    return [re.sub(r'<(\w+)([^>]*) part="\1"', r"<\1\2", each) for each in copied]


def test_nothing_that_runs_fetches_or_restyles_is_copied(page: Page, stub: Stub) -> None:
    assert show(page, stub, [sent for sent, _ in HOSTILE]) == [left for _, left in HOSTILE]
    expect(page.locator("html")).to_have_attribute("data-seen", "load 200")
    assert stub.lines("/evil") == []


def test_what_a_form_needs_is_copied_whole(page: Page, stub: Stub) -> None:
    markup = (
        '<form class="a" method="post" novalidate=""><fieldset id="f" aria-describedby="h">'
        '<legend>Colours</legend><p id="h">Any</p>'
        '<input type="radio" name="c" value="red" checked=""><label for="x">Red</label>'
        '<svg viewBox="0 0 4 4" role="img">'
        '<path d="M0 0h4" fill="rgb(255, 0, 0)" stroke-width="2" transform="rotate(9)"></path>'
        "</svg></fieldset>"
        '<select name="s"><option value="1" selected="">One</option></select>'
        '<textarea rows="2" dir="auto" maxlength="9">a\n&lt;b&gt;</textarea>'
        '<details open=""><summary>More</summary><bdi lang="ar">مرحبا</bdi></details>'
        '<button type="submit" name="do" value="save" data-x="1">Save</button></form>'
    )
    assert show(page, stub, [markup]) == [markup]


def test_addresses_lead_to_our_origin_or_nowhere(page: Page, stub: Stub) -> None:
    foreign = [
        "https://evil.example/",
        "//evil.example/x",
        "javascript:note(1)",
        "data:text/html,x",
    ]
    foreign += [stub.shop, f"blob:{stub.origin}/x", "mailto:a@b.example", "http://["]
    pieces = [f'<a href="{each}">Go</a><form action="{each}"></form>' for each in foreign]
    dropped = '<a target="_blank">Go</a><form></form>'
    assert show(page, stub, pieces) == [dropped] * len(foreign)
    links = (
        '<a href="privacy" rel="opener" target="_top">Privacy</a><form action="fragment"></form>'
    )
    ours = f'<a target="_blank" href="{stub.origin}/s/dimora/privacy">Privacy</a>'
    assert show(page, stub, [links]) == [f'{ours}<form action="{stub.origin}{FRAGMENT}"></form>']


def test_controls_may_have_any_name(page: Page, stub: Stub) -> None:
    """Children, title or action: as names of questions they hide the form's own properties."""
    properties = "action method attributes firstChild nextSibling append localName nodeType"
    names = properties.split()
    controls = "".join(f'<input name="{name}" value="1">' for name in names)
    form = f'<form method="post" action="fragment">{controls}<button>Save</button></form>'
    show(page, stub, [form])
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert")).to_have_text("Try again.")
    stub.answers[f"POST {FRAGMENT}"] = Answer(fragment("<h2>Saved</h2>"))
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name="Saved")).to_be_visible()
    assert stub.posted() == [[(name, "1") for name in names]] * 2


def test_the_site_colours_the_form_and_the_page_around_overrules_it(page: Page, stub: Stub) -> None:
    marks = 'data-accent="rgb(1, 2, 3)" data-on-accent="red;--x:1"'
    primary = '<button class="primary">Save</button>'
    stub.answers[f"GET {FRAGMENT}"] = Answer(fragment(primary, marks))
    styles = "<style>.own { --pw-accent: rgb(4, 5, 6); --pw-on-accent: rgb(7, 8, 9) }</style>"
    both = snippet(stub, "id=plain") + snippet(stub, "id=own class=own")
    page.goto(shop_page(stub, both, head=styles, policy=OPEN))
    expect(page.get_by_role("button", name="Save")).to_have_count(2)
    colours = """(id) => ['background-color', 'color', '--x'].map((name) => getComputedStyle(
      document.getElementById(id).shadowRoot.querySelector('.primary')).getPropertyValue(name))"""
    assert page.evaluate(colours, "plain") == ["rgb(1, 2, 3)", "rgb(255, 255, 255)", ""]
    assert page.evaluate(colours, "own") == ["rgb(4, 5, 6)", "rgb(7, 8, 9)", ""]


def test_a_colour_that_names_an_address_fetches_nothing(page: Page, stub: Stub) -> None:
    marks = 'data-accent="url(/evil)" data-on-accent="image-set(url(/evil) 1x)"'
    primary = '<button class="primary">Save</button><input type="checkbox" checked>'
    stub.answers[f"GET {FRAGMENT}"] = Answer(fragment(primary, marks))
    page.goto(shop_page(stub, policy=OPEN))
    page.get_by_role("button", name="Save").focus()
    page.screenshot()
    assert stub.lines("/evil") == []


def test_every_element_is_a_part_by_its_name_and_a_page_can_style_it(
    page: Page, stub: Stub
) -> None:
    stub.answers[f"GET {FRAGMENT}"] = Answer(fragment("<h2>Here</h2><h3>Above</h3>"))
    styles = "<style>::part(h2) { color: rgb(1, 2, 3) } ::part(h3) { color: rgb(4, 5, 6) }</style>"
    page.goto(shop_page(stub, head=styles, policy=OPEN))
    expect(page.get_by_role("heading", name="Here")).to_have_css("color", "rgb(1, 2, 3)")
    expect(page.get_by_role("heading", name="Above")).to_have_css("color", "rgb(4, 5, 6)")


def test_whatever_is_in_it_covers_nothing_of_the_page_around(page: Page, stub: Stub) -> None:
    """A drawing's `transform` may make it as large as it likes; it is neither seen nor clicked."""
    rect = '<rect width="9" height="9" />'
    huge = f'<svg viewBox="0 0 9 9" transform="translate(0 -300) scale(30)">{rect}</svg>'
    stub.answers[f"GET {FRAGMENT}"] = Answer(fragment(f"<h2>Here</h2>{huge}"))
    page.goto(shop_page(stub, "<button>Buy</button>" + snippet(stub), policy=OPEN))
    expect(page.get_by_role("heading", name="Here")).to_be_visible()
    page.get_by_role("button", name="Buy").click(timeout=2000)
