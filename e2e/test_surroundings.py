"""In the dark, and under a thumb."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from e2e.axe import axe
from e2e.browsers import ENGINES
from e2e.engines import Engines
from e2e.screens import SCREENS, SUBSCRIBED, Screen
from e2e.tab import PlaywrightTab, Tab, measure
from e2e.world import World

DARK = ("preferences saved", "preferences with errors", "pictures and colours", "expired link")


@pytest.fixture(params=ENGINES)
def dark_tab(request: pytest.FixtureRequest, engines: Engines) -> Iterator[Tab]:
    with engines.tab(request.param, "light") as tab:
        yield tab


@pytest.mark.parametrize("screen", [each for each in SCREENS if each.name in DARK], ids=str)
def test_in_the_dark_everything_can_still_be_read(
    screen: Screen, dark_tab: Tab, world: World
) -> None:
    screen.open(dark_tab, world, "en")
    assert dark_tab.run("() => matchMedia('(prefers-color-scheme: dark)').matches")
    assert axe(dark_tab) == []


def test_a_thumb_completes_a_save(engines: Engines, world: World) -> None:
    """In Chromium only: to the others no thumb can be lent (README)."""
    person = world.person(SUBSCRIBED)
    with engines.tab("chromium", "mouse") as tab:
        assert isinstance(tab, PlaywrightTab)
        tab.open(world.link("preferences", person))
        tab.page.get_by_role("checkbox", name="Decorating tips").tap()
        tab.page.get_by_role("button", name="Save").tap()
        tab.see("heading", "Saved")
        assert measure(tab, "overflow") == []
        assert tab.run("() => visualViewport.scale") == 1
    assert world.state(person)["topic:tips"]["on"]
