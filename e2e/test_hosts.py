"""Host pages that fight back with styles: the form stands in them as in the plain page.

A page is loaded once and dressed in one style after another: a sheet that is adopted counts as the
last of the page's own. What a form may take over is the family of letters and colours, so the plain
page is measured with the family that the other page gave.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from e2e.axe import axe
from e2e.hosts.styles import every_style
from e2e.hosts.visiting import (
    DRESS,
    FAMILY,
    OPEN_UP,
    OWN,
    PIN,
    Form,
    differences,
    form_of,
    in_page,
    preferences_of,
    sign_up_of,
    all_stops,
    stops,
    visit,
)
from e2e.screens import save_without_address, word
from e2e.tab import Tab, measure, provoke
from e2e.world import World

FORMS = {
    "preferences in English": (preferences_of, "en", "Save"),
    "sign-up in Arabic": (sign_up_of, "ar", "Sign up"),
}
"""What each is made by, its language, and its button."""
WIDTH = 640


@pytest.fixture
def world(world: World) -> Iterator[World]:
    """The shop's own pages are back when a test has had its own."""
    shop_app = world.shop_app
    yield world
    world.shop_app = shop_app


@pytest.fixture
def tab(tab: Tab, world: World) -> Iterator[Tab]:
    """A tab in which, in the end, no policy was broken and no script failed."""
    yield tab
    assert tab.script_errors() == []
    assert world.watch.reports_until(provoke(tab)) == []


@pytest.fixture(params=FORMS)
def form(request: pytest.FixtureRequest, tab: Tab, world: World) -> str:
    """One of the forms, all of it shown, in the plain page."""
    make, tag, button = FORMS[request.param]
    visit(tab, world, "plain", make(world, tag))
    tab.see("button", word(tag, button))
    in_page(tab, OPEN_UP)
    in_page(tab, PIN, WIDTH)
    return str(request.param)


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


def test_no_style_of_the_page_changes_the_form(tab: Tab, form: str) -> None:
    wardrobe = Wardrobe(tab)
    changed = [
        f"{name}: {each}"
        for name, styles in every_style().items()
        for each in wardrobe.changed_by(styles)
    ]
    assert not changed, "\n".join(changed)


TURNED = ("controls", "unset", "positions", "wordpress")
"""Styles that lay a page out anew; the other ones say nothing that could change an order."""


def test_no_style_of_the_page_changes_the_tab_order(tab: Tab, form: str) -> None:
    order = all_stops(tab)
    assert order[-2:] == [f"a {word(FORMS[form][1], 'Privacy policy')}", "after"]
    for name in TURNED:
        in_page(tab, DRESS, every_style()[name], "")
        assert stops(tab, order) == order, name


@pytest.mark.parametrize("style", ["dark", "dark-scheme"])
def test_on_a_dark_page_everything_can_be_read_mistakes_too(
    tab: Tab, world: World, style: str
) -> None:
    visit(tab, world, "plain", preferences_of(world, "en"))
    tab.see("button", "Save")
    in_page(tab, DRESS, every_style()[style], "")
    save_without_address(tab, "en")
    assert axe(tab) == []


def test_in_a_narrow_column_of_a_wide_page_nothing_leaves_its_place(tab: Tab, form: str) -> None:
    in_page(tab, PIN, 260)
    assert measure(tab, "overflow") == []
    assert measure(tab, "brokenWords") == []
