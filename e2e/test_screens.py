"""Every key screen: in Chromium on every device in every language, elsewhere where it may differ.

A screen is opened once and looked at by all the tests here, in windows of all sizes (showing.py).
"""

from __future__ import annotations

import pytest

from e2e.support.axe import axe
from e2e.support.showing import Shown, cases, widget_cases
from e2e.support.tab import measure, provoke
from e2e.support.world import World

JUDGED = cases(engines=["chromium"], tags=["en", "ar"]) + widget_cases()
"""What axe looks at: the same markup says the same in every engine, but for what we copy."""
SPEAKING = cases(engines=["chromium"]) + widget_cases()


@pytest.mark.parametrize("case", SPEAKING, ids=str, indirect=True)
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
