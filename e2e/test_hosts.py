"""Host pages that fight back with styles: the form stands in them as in the plain page.

A page is loaded once and dressed in one style after another: a sheet that is adopted counts as the
last of the page's own. What a form may take over is the family of letters and colours, so the plain
page is measured with the family that the other page gave.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from e2e.support.axe import axe
from e2e.support.browsers import ENGINES
from e2e.support.engines import Engines
from e2e.support.hosted import save_without_address
from e2e.support.hosts.styles import every_style
from e2e.support.hosts.visiting import (
    DRESS,
    FAMILY,
    OPEN_UP,
    OWN,
    PIN,
    Form,
    all_stops,
    differences,
    form_of,
    in_page,
    preferences_of,
    sign_up_of,
    stops,
    visit,
)
from e2e.support.tab import Tab, measure
from e2e.support.world import World
from tests.support.words import said
from tests.support.words.preferences import PRIVACY_POLICY, SAVE
from tests.support.words.subscribe import SIGN_UP

FORMS = {
    "preferences in English": (preferences_of, "en", SAVE),
    "sign-up in Arabic": (sign_up_of, "ar", SIGN_UP),
}
"""What each is made by, its language, and its button."""


@dataclass(frozen=True)
class Plain:
    """A form in the plain page, in a tab that all tests of it share, and its language."""

    tab: Tab
    tag: str


@pytest.fixture(scope="module", params=ENGINES)
def lasting_tab(request: pytest.FixtureRequest, engines: Engines) -> Iterator[Tab]:
    with engines.tab(request.param) as tab:
        yield tab


@pytest.fixture(scope="module", params=FORMS)
def plain(request: pytest.FixtureRequest, lasting_tab: Tab, world: World) -> Iterator[Plain]:
    """One of the forms, all of it shown."""
    make, tag, button = FORMS[request.param]
    shop_app = world.shop_app
    visit(lasting_tab, world, "plain", make(world, tag))
    lasting_tab.see("button", said(tag, button))
    in_page(lasting_tab, OPEN_UP)
    yield Plain(lasting_tab, tag)
    world.shop_app = shop_app


@pytest.fixture
def form(plain: Plain, world: World) -> Iterator[Plain]:
    """Undressed, and with the room that it has in the middle of a page.

    In the end, no policy was broken and no script failed.
    """
    plain.tab.come_forward()
    in_page(plain.tab, DRESS, "", "")
    in_page(plain.tab, PIN, 640)
    yield plain
    world.watch.check(plain.tab)


class Wardrobe:
    """Dresses a page in styles, and knows how the form looks without, in each family of letters."""

    def __init__(self, tab: Tab) -> None:
        self.tab = tab
        self.own = in_page(tab, OWN)
        self.plain: dict[str, Form] = {}

    def changed_by(self, styles: str) -> list[str]:
        """What is other in the form than in the plain page, the first few of it."""
        in_page(self.tab, DRESS, styles, "")
        if in_page(self.tab, OWN) == self.own:
            return ["the style changes nothing in the page"]
        dressed, family = form_of(self.tab), in_page(self.tab, FAMILY)
        if family not in self.plain:
            in_page(self.tab, DRESS, "", family)
            self.plain[family] = form_of(self.tab)
        return differences(self.plain[family], dressed)[:3]


def test_no_style_of_the_page_changes_the_form(form: Plain) -> None:
    wardrobe = Wardrobe(form.tab)
    changed = [
        f"{name}: {each}"
        for name, styles in every_style().items()
        for each in wardrobe.changed_by(styles)
    ]
    assert not changed, "\n".join(changed)


TURNED = ("controls", "unset", "positions", "wordpress")
"""Styles that lay a page out anew; the other ones say nothing that could change an order."""


def test_no_style_of_the_page_changes_the_tab_order(form: Plain) -> None:
    order = all_stops(form.tab)
    assert order[-2:] == [f"a {said(form.tag, PRIVACY_POLICY)}", "after"]
    for name in TURNED:
        in_page(form.tab, DRESS, every_style()[name], "")
        assert stops(form.tab, order) == order, name


def test_in_a_narrow_column_of_a_wide_page_nothing_leaves_its_place(form: Plain) -> None:
    in_page(form.tab, PIN, 260)
    assert measure(form.tab, "overflow") == []
    assert measure(form.tab, "brokenWords") == []


def test_a_page_that_turns_dark_can_still_be_read_mistakes_too(tab: Tab, world: World) -> None:
    visit(tab, world, "plain", preferences_of(world, "en"))
    tab.see("button", SAVE)
    save_without_address(tab, "en")
    for style in ("dark", "dark-scheme"):
        in_page(tab, DRESS, every_style()[style], "")
        assert axe(tab) == [], style
