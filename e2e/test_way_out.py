"""The way out is always in sight: in every window that has room for it, at both doors."""

from __future__ import annotations

from typing import Any

import pytest

from e2e.support.devices import DEVICES
from e2e.support.hosted import SUBSCRIBED
from e2e.support.pairs import in_chromium
from e2e.support.tab import Tab
from e2e.support.world import EVERY_ROLE, World
from tests.support.words.preferences import AS_OFTEN_AS_CHOSEN, START_AGAIN
from tests.support.words.unsubscribe import (
    UNSUBSCRIBE,
    UNSUBSCRIBE_FROM_EVERYTHING,
    UNSUBSCRIBED,
)

WINDOWS = {
    **DEVICES,
    "small phone on its side": (568, 320),
    "laptop at 200 %": (640, 360),
}
IN_SIGHT = """() => {
  const root = document.querySelector('preference-widget')?.shadowRoot ?? document;
  const [first, last] = ['offers', 'tips'].map((id) => root.getElementById(`topic-${id}`));
  return [first, last].map((topic) => {
    topic.scrollIntoView();
    const button = root.querySelector('button[value=off]');
    const { left, right, top, bottom, width, height } = button.getBoundingClientRect();
    const hit = root.elementFromPoint(left + width / 2, top + height / 2);
    return top >= 0 && bottom <= innerHeight && left >= 0 && right <= innerWidth
      && button.contains(hit) && topic.getBoundingClientRect().bottom < top;
  });
}"""


PAUSE_IN_SIGHT = """() => {
  const root = document.querySelector('preference-widget')?.shadowRoot ?? document;
  root.getElementById('topic-offers').scrollIntoView();
  const pause = root.querySelector('.pause');
  const box = (element) => element.getBoundingClientRect();
  const bar = ['.primary', '[value=less]', '.pause > summary', '[value=off]']
    .map((selector) => root.querySelector(`.actions ${selector}`));
  bar[0].scrollIntoView({ block: 'nearest' });
  const places = () => JSON.stringify(bar.map((each) => Math.round(box(each).top)));
  const before = places();
  pause.open = true;
  const [first, second, third] = [...root.querySelectorAll('.pause li button')].map(box);
  const moved = places() !== before;
  const shown = [first, second, third].every(({ top, bottom, left, right }) => (
    top >= 0 && bottom <= innerHeight && left >= 0 && right <= innerWidth));
  const apart = second.top - first.bottom >= 4 || Math.abs(second.left - first.left) > 60;
  const { left, top, width, height } = box(bar[2]);
  const hit = root.elementFromPoint(left + width / 2, top + height / 2);
  const pressedAgain = bar[2].contains(hit);
  pause.open = false;
  return { moved, shown, apart, pressedAgain };
}"""


def open_form(tab: Tab, world: World, door: str) -> None:
    person = world.person(SUBSCRIBED, EVERY_ROLE)
    world.sign_in(person.handle)
    tab.open(world.link("preferences", person) if door == "page" else f"{world.shop}/account")
    tab.see("button", UNSUBSCRIBE_FROM_EVERYTHING)


def in_every_window(tab: Tab, world: World, door: str, script: str) -> dict[str, Any]:
    """What the script finds in the form, by window."""
    open_form(tab, world, door)
    found = {}
    for name, size in WINDOWS.items():
        tab.resize(*size)
        found[name] = tab.run(script)
    return found


@pytest.mark.parametrize("door", ["page", "widget"])
def test_a_pause_opens_above_the_bar_and_a_second_press_chooses_no_day(
    tab: Tab, world: World, door: str
) -> None:
    found = in_every_window(tab, world, door, PAUSE_IN_SIGHT)
    wanted = {"moved": False, "shown": True, "apart": True, "pressedAgain": True}
    assert found == dict.fromkeys(WINDOWS, wanted)


@pytest.mark.parametrize("door", ["page", "widget"])
def test_unsubscribing_from_everything_is_one_press_away_wherever_one_reads(
    tab: Tab, world: World, door: str
) -> None:
    found = in_every_window(tab, world, door, IN_SIGHT)
    assert found == {each: [True, True] for each in WINDOWS}


EXPLAINED = """() => {
  const root = document.querySelector('preference-widget')?.shadowRoot ?? document;
  return [...root.querySelectorAll('.all small')].map((each) => each.checkVisibility());
}"""


@pytest.mark.parametrize("door", ["page", "widget"])
def test_the_three_buttons_explain_themselves_where_there_is_room(
    tab: Tab, world: World, door: str
) -> None:
    open_form(tab, world, door)
    found = {}
    for name, size in DEVICES.items():
        tab.resize(*size)
        found[name] = tab.run(EXPLAINED)
    phones = {each: [False] * 3 for each in ("small phone", "large phone")}
    assert found == {**dict.fromkeys(DEVICES, [True] * 3), **phones}


ROWS = """() => {
  const root = document.querySelector('preference-widget')?.shadowRoot ?? document;
  const buttons = [...root.querySelectorAll('.actions button, .pause > summary')]
    .filter((each) => each.checkVisibility() && !each.closest('li'));
  return new Set(buttons.map((each) => Math.round(each.getBoundingClientRect().top))).size;
}"""


@in_chromium
@pytest.mark.parametrize("door", ["page", "widget"])
def test_save_and_the_ways_out_stand_in_one_row(tab: Tab, world: World, door: str) -> None:
    found = in_every_window(tab, world, door, ROWS)
    assert found == {**dict.fromkeys(WINDOWS, 1), "small phone": 2}


SETTLES = """() => {
  const forms = [...document.querySelectorAll('main form')];
  for (const form of forms) { // anew: on a slow machine it may be over
    form.style.animation = 'none';
    form.getBoundingClientRect();
    form.style.animation = '';
  }
  const waiting = document.getAnimations();
  return [...document.querySelectorAll('main form button')].map((button) => {
    const seen = [0, 10_000].map((time) => {
      for (const each of waiting) { each.pause(); each.currentTime = time; }
      return getComputedStyle(button).pointerEvents;
    });
    return [button.value, ...seen];
  });
}"""


def test_a_double_tap_on_unsubscribe_does_not_take_it_back(tab: Tab, world: World) -> None:
    """Whatever the next page has under the same finger takes no press for a moment."""
    person = world.person({**SUBSCRIBED, "language": "en"})
    tab.open(world.link("unsubscribe", person))
    tab.click("button", UNSUBSCRIBE)
    tab.see("heading", UNSUBSCRIBED)
    buttons = tab.run(SETTLES)
    assert next(value for value, *_ in buttons) == "undo"
    assert {(first, last) for _, first, last in buttons} == {("none", "auto")}
    assert world.state(person)["overall"]["reach"] == "off"


GROUND = "() => getComputedStyle(document.querySelector('.topic')).backgroundColor"


@pytest.mark.parametrize("reach", ["off", "paused", "less"])
def test_a_chosen_topic_has_a_ground_only_where_it_comes(
    tab: Tab, world: World, reach: str
) -> None:
    until = "2099-01-01" if reach == "paused" else None
    person = world.person({**SUBSCRIBED, "overall": {"reach": reach, "until": until}})
    tab.open(world.link("preferences", person))
    tab.see("checkbox", "Offers")
    has_ground = tab.run(GROUND) != "rgba(0, 0, 0, 0)"
    assert has_ground is (reach == "less")
    tab.click("radio", AS_OFTEN_AS_CHOSEN if has_ground else START_AGAIN)
    assert tab.run(GROUND) != "rgba(0, 0, 0, 0)"


LAST_TILE = """(tiles) => {
  const list = document.querySelector(tiles);
  const shown = [...list.querySelectorAll('button, summary')]
    .filter((each) => each.checkVisibility() && !each.closest('li'));
  const width = (element) => element.getBoundingClientRect().width;
  return [shown.length, Math.round(width(list)) === Math.round(width(shown.at(-1)))];
}"""


def test_a_last_tile_alone_in_its_row_takes_all_of_it(tab: Tab, world: World) -> None:
    tab.resize(*DEVICES["tablet"])
    tab.open(world.link("unsubscribe", world.person(SUBSCRIBED), topic="offers"))
    assert tab.run(LAST_TILE, ".leave .two") == [4, False]
    tab.open(world.link("unsubscribe", world.person(SUBSCRIBED)))
    assert tab.run(LAST_TILE, ".leave .two") == [3, True]
    tab.resize(*DEVICES["large phone"])
    tab.click("button", UNSUBSCRIBE)
    tab.see("heading", UNSUBSCRIBED)
    assert tab.run(LAST_TILE, ".reason .many") == [5, True]
