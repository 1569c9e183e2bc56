"""What the gallery shows: the key screens, and states that tests reach in other ways."""

from __future__ import annotations

from functools import partial

from e2e.support.hosted import Screen
from e2e.support.screens import SCREENS
from e2e.support.tab import Tab
from e2e.support.world import World
from tests.support.words import said
from tests.support.words.account import CODE_FROM_EMAIL, DO_NOT_TRACK, SEND_CODE

OPEN = """(selector) => {
  const root = document.querySelector('preference-widget')?.shadowRoot ?? document;
  for (const each of root.querySelectorAll(selector)) each.open = true;
}"""
KEY = {screen.name: screen for screen in SCREENS}


def _opened(name: str, selector: str, tab: Tab, world: World, tag: str) -> None:
    KEY[name].open(tab, world, tag)
    tab.run(OPEN, selector)


def _a_code_to_enter(tab: Tab, world: World, tag: str) -> None:
    KEY["a code for one's data"].open(tab, world, tag)
    tab.click("button", said(tag, SEND_CODE))
    tab.see("textbox", said(tag, CODE_FROM_EMAIL))


def _not_to_be_tracked(tab: Tab, world: World, tag: str) -> None:
    KEY["one's data"].open(tab, world, tag)
    tab.click("button", said(tag, DO_NOT_TRACK))
    tab.see("status")


def _unfolded(name: str, key: str, selector: str) -> Screen:
    screen = KEY[key]
    opens = partial(_opened, key, selector)
    return Screen(name, opens, screen.heading, screen.in_widget)


STATES = (
    *SCREENS,
    _unfolded("preferences unfolded", "preferences", ".how"),
    _unfolded("preferences with a pause to choose", "preferences", ".pause"),
    _unfolded("one's data about to be deleted", "one's data", ".pause"),
    _unfolded("shop: preferences unfolded", "shop: preferences", "details"),
    Screen("one's data, not to be tracked", _not_to_be_tracked, KEY["one's data"].heading),
    Screen("a code to enter", _a_code_to_enter, KEY["a code for one's data"].heading),
)
