"""What is alike looks alike: fields among themselves, buttons that stand below each other."""

from __future__ import annotations

import pytest

from e2e.support.pairs import in_chromium
from e2e.support.screens import SCREENS
from e2e.support.tab import Tab
from e2e.support.world import World

PHONE = (390, 844)
LOOKED_AT = {each.name: each for each in SCREENS}

FIELDS = """() => {
  const fields = document.querySelectorAll('#phone, #post, #language, .fields select');
  return [...fields].map((each) => getComputedStyle(each))
    .map((style) => style.backgroundColor + style.color);
}"""
WIDTHS = """(selector) => [...document.querySelectorAll(selector)]
  .map((each) => Math.round(each.getBoundingClientRect().width))"""
LEFT_EDGES = """(selector) => [...document.querySelectorAll(selector)]
  .map((each) => Math.round(each.getBoundingClientRect().left))"""


@in_chromium
def test_what_one_types_in_looks_as_usable_as_what_one_chooses_from(tab: Tab, world: World) -> None:
    LOOKED_AT["preferences with errors"].open(tab, world, "en")
    looks = tab.run(FIELDS)
    assert len(looks) > 4
    assert len({*looks}) == 1


@in_chromium
@pytest.mark.parametrize("tag", ["ar", "sq", "en"])
def test_on_a_phone_the_button_of_a_sign_up_is_as_wide_as_the_field(
    tab: Tab, world: World, tag: str
) -> None:
    tab.resize(*PHONE)
    LOOKED_AT["sign-up"].open(tab, world, tag)
    assert len({*tab.run(WIDTHS, "#email, .primary")}) == 1


@in_chromium
@pytest.mark.parametrize("tag", ["ar", "sq", "en"])
def test_on_a_phone_the_ways_out_stand_in_one_column(tab: Tab, world: World, tag: str) -> None:
    tab.resize(*PHONE)
    LOOKED_AT["unsubscribe from a topic"].open(tab, world, tag)
    ways = ".leave .options > button, .leave .pause > summary"
    assert len(tab.run(WIDTHS, ways)) > 2
    assert len({*tab.run(WIDTHS, ways)}) == 1
    assert len({*tab.run(LEFT_EDGES, ways)}) == 1
