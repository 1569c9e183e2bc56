"""The two doors to a person's preferences, and what a hand does in the form behind either."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from e2e.support.hosted import CHOOSE
from e2e.support.hosts.visiting import preferences_of, visit
from e2e.support.tab import Tab
from e2e.support.world import World
from tests.support.words import said
from tests.support.words.preferences import SAVE
from widget_backend.store.profiles import Profile

ADDRESS = "Rruga e Dibrës 7, Tiranë"
FORM = "document.querySelector('preference-widget')?.shadowRoot ?? document"


@dataclass(frozen=True)
class Door:
    """How a person's preferences are opened: the hosted page, or the widget in a host page."""

    name: str
    open: Callable[[Tab, World, Profile, str], None]

    def __str__(self) -> str:
        return self.name


def on_page(tab: Tab, world: World, person: Profile, tag: str = "en") -> None:
    tab.open(world.link("preferences", person, tag))


def in_widget(tab: Tab, world: World, person: Profile, tag: str = "en") -> None:
    visit(tab, world, "plain", preferences_of(world, tag, person))
    tab.see("button", said(tag, SAVE))


DOORS = (Door("page", on_page), Door("widget", in_widget))
at_both_doors = pytest.mark.parametrize("door", DOORS, ids=str)


def ask_by_post(tab: Tab, address: str = ADDRESS) -> None:
    """Offers by post, and where that is."""
    choose(tab, "offers", "post")
    type_into(tab, "post", address)


def choose(tab: Tab, topic: str, channel: str) -> None:
    """Ticks a topic and chooses its channel, and lets the form hear of it as a person's choice."""
    tab.run(CHOOSE, f"channel-{topic}", channel)
    tab.run(CHANGED, f"channel-{topic}")


def type_into(tab: Tab, field: str, text: str) -> None:
    tab.run(EMPTY, field)
    tab.see_focus(f"#{field}")
    tab.type(text)


CHANGED = f"""(id) => {{
  ({FORM}).getElementById(id).dispatchEvent(new Event('change', {{ bubbles: true }}));
}}"""
EMPTY = f"""(id) => {{
  const field = ({FORM}).getElementById(id);
  field.focus();
  field.value = '';
}}"""
