"""Bars that a host page lays over itself: what has the focus, and the way out, stand clear."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from e2e.support.devices import DEVICES
from e2e.support.hosts.visiting import in_page, preferences_of, visit
from e2e.support.tab import Tab, measure
from e2e.support.world import World
from tests.support.words import beginning
from tests.support.words.preferences import ANSWER_QUESTIONS, SAVE
from widget_backend.store.profiles import Profile

LAY = """(name, style) => {
  const bar = document.createElement(name);
  Object.assign(bar.style, { height: '64px', background: 'silver', zIndex: 99, ...style });
  document.body.prepend(bar);
}"""
STICKS_TO_THE_TOP = ("header", {"position": "sticky", "top": "0"})
FIXED_AT_THE_BOTTOM = ("nav", {"position": "fixed", "insetInline": "0", "bottom": "0"})
LIFT = """() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`preference-widget:not([mode=dialog])::part(section) {
    inset-block-end: 64px }`);
  document.adoptedStyleSheets = [sheet];
}"""
"""What the owners' README says to write."""
WAY_OUT = """() => {
  form.querySelector('#topic-offers').scrollIntoView();
  const { left, width, bottom } = form.querySelector('button[value=off]').getBoundingClientRect();
  const place = [left + width / 2, bottom - 4];
  const isOurs = document.elementFromPoint(...place) === widget;
  return isOurs && widget.shadowRoot.elementFromPoint(...place).closest('button').value;
}"""
"""What a tap there hits. The page is asked, too: Firefox’s shadow trees see nothing above them."""


@pytest.fixture
def on_a_phone(tab: Tab, world: World, person: Profile) -> Iterator[Tab]:
    """A page of a host on a telephone, with a known person's preferences in sight."""
    tab.resize(*DEVICES["large phone"])
    visit(tab, world, "plain", preferences_of(world, "en", person))
    tab.see("button", SAVE)
    yield tab
    world.watch.check(tab)


def test_what_gets_the_focus_stands_clear_of_a_header_that_stays_at_the_top(
    on_a_phone: Tab,
) -> None:
    on_a_phone.run(LAY, *STICKS_TO_THE_TOP)
    on_a_phone.click("button", SAVE)
    on_a_phone.see_focus("[data-focus]")
    assert measure(on_a_phone, "focus")["covered"] == 0
    on_a_phone.click("link", beginning("en", ANSWER_QUESTIONS))
    on_a_phone.see_focus("h2")
    assert measure(on_a_phone, "focus")["covered"] == 0


def test_a_page_with_a_bar_at_its_bottom_lifts_the_way_out_above_it(on_a_phone: Tab) -> None:
    on_a_phone.run(LAY, *FIXED_AT_THE_BOTTOM)
    on_a_phone.run(LIFT)
    assert in_page(on_a_phone, WAY_OUT) == "off"
