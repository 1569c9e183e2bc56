"""Every key screen, in every engine, on every device, in every language.

A screen is opened once and looked at by all the tests here, in windows of all sizes (showing.py).
"""

from __future__ import annotations

import pytest

from e2e.support.axe import axe
from e2e.support.showing import Shown, cases
from e2e.support.tab import measure, provoke
from e2e.support.world import World

JUDGED = [
    case
    for engine, tag in (("chromium", "en"), ("firefox", "ar"), ("webkit", "sq"))
    for case in cases(engines=[engine], tags=[tag])
]
"""What axe looks at: every screen in every engine and every language, though not in every pair."""


def test_a_screen_speaks_its_language(shown: Shown, world: World) -> None:
    said = measure(shown.tab, "tongue", shown.screen.in_widget)
    heading = shown.screen.heading(world, shown.language)
    assert (said["lang"], said["dir"]) == (shown.language.tag, shown.language.direction)
    assert said["headings"] == [heading]
    assert shown.screen.in_widget or heading in said["title"]


def test_a_screen_fits_every_device(shown: Shown) -> None:
    assert shown.found("problems") == {}


def test_a_screen_with_letters_twice_as_large_still_fits(shown: Shown) -> None:
    assert shown.found("enlarged") == {}


@pytest.mark.parametrize("case", JUDGED, ids=str, indirect=True)
def test_axe_finds_nothing(shown: Shown) -> None:
    assert axe(shown.tab) == []


def test_a_screen_breaks_no_policy_and_no_script_fails(shown: Shown, world: World) -> None:
    assert shown.tab.script_errors() == []
    assert world.watch.reports_until(provoke(shown.tab)) == []
    assert world.watch.missing == []
