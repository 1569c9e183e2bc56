"""Every key screen, in every engine, on every device, in every language.

A screen is opened once and looked at by all the tests here, in windows of all sizes.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

import pytest

from e2e.axe import axe
from e2e.browsers import ENGINES
from e2e.devices import DEVICES
from e2e.engines import Engines
from e2e.screens import SCREENS, Screen
from e2e.tab import Tab, measure, provoke
from e2e.world import World
from widget_backend.locales import Language, language


@dataclass(frozen=True)
class Shown:
    """A screen as it stands in a tab."""

    tab: Tab
    screen: Screen
    language: Language

    def on_each_device(
        self, *measures: str, devices: Collection[str] = tuple(DEVICES)
    ) -> dict[str, list[str]]:
        """What the measures find, by device; nothing for one on which they find nothing."""
        found: dict[str, list[str]] = {}
        for device in devices:
            self.tab.resize(*DEVICES[device])
            found[device] = [each for name in measures for each in measure(self.tab, name)]
        return {device: problems for device, problems in found.items() if problems}


@pytest.fixture(scope="module", params=ENGINES)
def lasting_tab(request: pytest.FixtureRequest, engines: Engines) -> Iterator[Tab]:
    with engines.tab(request.param) as tab:
        yield tab


@pytest.fixture(scope="module", params=["en", "sq", "ar"])
def tag(request: pytest.FixtureRequest) -> str:
    chosen: str = request.param
    return chosen


@pytest.fixture(scope="module", params=SCREENS, ids=str)
def shown(request: pytest.FixtureRequest, lasting_tab: Tab, tag: str, world: World) -> Shown:
    lasting_tab.resize(*DEVICES["small phone"])
    request.param.open(lasting_tab, world, tag)
    return Shown(lasting_tab, request.param, language(tag))


def test_a_screen_speaks_its_language(shown: Shown, world: World) -> None:
    said = measure(shown.tab, "tongue", shown.screen.in_widget)
    heading = shown.screen.heading(world, shown.language)
    assert (said["lang"], said["dir"]) == (shown.language.tag, shown.language.direction)
    assert said["headings"] == [heading]
    assert shown.screen.in_widget or heading in said["title"]


def test_a_screen_fits_every_device(shown: Shown) -> None:
    assert shown.on_each_device("overflow", "brokenWords", "smallTargets") == {}


def test_a_screen_with_letters_twice_as_large_still_fits(shown: Shown) -> None:
    shown.tab.run("() => { document.documentElement.style.fontSize = '200%'; }")
    found = shown.on_each_device("overflow", devices=("small phone", "tablet"))
    shown.tab.run("() => { document.documentElement.style.fontSize = ''; }")
    assert found == {}


def test_axe_finds_nothing(shown: Shown) -> None:
    shown.tab.resize(*DEVICES["small phone"])
    assert axe(shown.tab) == []


def test_a_screen_breaks_no_policy_and_no_script_fails(shown: Shown, world: World) -> None:
    assert shown.tab.script_errors() == []
    assert world.watch.reports_until(provoke(shown.tab)) == []
    assert world.watch.missing == []
