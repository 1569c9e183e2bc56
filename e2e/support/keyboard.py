"""Going through a page with the Tab key, as people do who use no mouse."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from e2e.support.tab import Tab, measure

Stop = dict[str, Any]
"""What has the focus: `name`, `id`, `type`, whether it has a `ring`, how much is `covered`."""

FARTHEST = 80
"""Stops on the longest page and then some."""

OF_ALL_POINTS = 5
"""How many are looked at to see what covers a control (measures.js)."""
LETTERS = 30
"""How many are given of what a control says (measures.js)."""
SCROLLED = 3
"""Seconds after which a page that has not scrolled to what has the focus never will."""


def stop_of(tab: Tab) -> Stop | None:
    """What has the focus now. WebKit brings a text field into the window only a moment later."""
    until = time.monotonic() + SCROLLED
    stop: Stop | None = measure(tab, "focus")
    while stop and stop["covered"] == OF_ALL_POINTS and time.monotonic() < until:
        stop = measure(tab, "focus")
    return stop


def walk(tab: Tab, arrived: Callable[[Stop], bool]) -> list[Stop]:
    """Every stop on the way, the one that was looked for last."""
    stops: list[Stop] = []
    while len(stops) < FARTHEST:
        tab.press("Tab")
        if stop := stop_of(tab):
            stops.append(stop)
            if arrived(stop):
                return stops
    raise AssertionError(f"not among {[stop['name'] for stop in stops]}")


def walk_to(tab: Tab, control: str) -> list[Stop]:
    """To the control with this id."""
    return walk(tab, lambda stop: stop["id"] == control)


def walk_to_button(tab: Tab, text: str) -> list[Stop]:
    """To the button that says this."""
    says = f"> {text[:LETTERS]}"
    return walk(tab, lambda stop: stop["type"] == "submit" and stop["name"].endswith(says))
