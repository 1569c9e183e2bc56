"""In the dark, in the reader's own few colours, without movement, on paper, and under a thumb."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO

import pytest
from pypdf import PdfReader

from e2e.support.axe import axe
from e2e.support.browsers import ENGINES
from e2e.support.engines import Engines
from e2e.support.hosted import SUBSCRIBED, Screen
from e2e.support.screens import SCREENS
from e2e.support.showing import Shown, cases
from e2e.support.tab import PlaywrightTab, Tab, judge, measure
from e2e.support.world import World, skipped
from tests.support.words import beginning, said
from tests.support.words.account import SCRAMBLED_ADDRESS_KEPT, SHOW_OLDER, SKIPPED_QUESTION
from tests.support.words.preferences import LANGUAGE_OF_MESSAGES, PHONE_NUMBER, SAVE, SAVED
from widget_backend.pages.account.history import OPEN

DARK = (
    "preferences saved",
    "preferences with errors",
    "pictures and colours",
    "expired link",
    "shop: preferences with errors",
)


IN_THE_DARK = [
    (engine, screen)
    for engine in ENGINES
    for screen in SCREENS
    if screen.name in DARK and (engine == "chromium" or screen.in_widget)
]


@pytest.fixture
def dark_tab(request: pytest.FixtureRequest, engines: Engines) -> Iterator[Tab]:
    with engines.shared_tab(request.param, "light") as tab:
        yield tab


@pytest.mark.parametrize(("dark_tab", "screen"), IN_THE_DARK, ids=str, indirect=["dark_tab"])
def test_in_the_dark_everything_can_still_be_read(
    screen: Screen, dark_tab: Tab, world: World
) -> None:
    screen.open(dark_tab, world, "en")
    assert dark_tab.run("() => matchMedia('(prefers-color-scheme: dark)').matches")
    assert axe(dark_tab) == []
    assert judge(dark_tab, "faintTexts") == []
    assert judge(dark_tab, "faintEdges") == []


FORCED = ("preferences with errors", "pictures and colours", "shop: preferences with errors")


@pytest.mark.parametrize("engine", ["chromium", "firefox"])
def test_in_colours_that_the_reader_forces_on_pages_everything_still_shows(
    engine: str, engines: Engines, world: World
) -> None:
    with engines.tab(engine, "colours") as tab:
        for screen in (each for each in SCREENS if each.name in FORCED):
            screen.open(tab, world, "en")
            assert tab.run("() => matchMedia('(forced-colors: active)').matches")
            assert judge(tab, "faintTexts") == [], screen
            assert judge(tab, "faintEdges") == [], screen
            assert judge(tab, "hiddenRings") == [], screen


@pytest.mark.parametrize(
    "case", cases("preferences saved", "shop: questions", tags=["en"]), ids=str, indirect=True
)
def test_nothing_moves_by_itself(shown: Shown) -> None:
    """So whoever asks for less movement has it, in every engine."""
    assert judge(shown.tab, "movement") == []


A4 = (794, 1123)


def test_on_paper_there_is_what_one_reads_and_nothing_to_press(
    engines: Engines, world: World
) -> None:
    """In Chromium only: the others print, but show the printed page to nobody (README)."""
    with engines.tab("chromium", "light") as tab:
        assert isinstance(tab, PlaywrightTab)
        tab.resize(*A4)
        tab.open(world.link("preferences", world.person(SUBSCRIBED)))
        assert tab.count("button") > 0
        tab.page.emulate_media(media="print")
        assert tab.count("button") == tab.count("navigation") == 0
        assert tab.count("checkbox", "Offers") == 1
        assert measure(tab, "overflow") == []
        assert judge(tab, "stuck") == 0
        assert judge(tab, "faintTexts") == []


PRINTED = ("preferences with errors", "shop: preferences with errors")


@pytest.mark.parametrize("screen", [each for each in SCREENS if each.name in PRINTED], ids=str)
@pytest.mark.parametrize("engine", ["chromium", "firefox"])
def test_printed_pages_hold_the_whole_form(
    engine: str, screen: Screen, engines: Engines, world: World
) -> None:
    """WebKit's driver prints nothing (README)."""
    with engines.tab(engine) as tab:  # one of its own: of what printing leaves nobody knows
        assert isinstance(tab, PlaywrightTab)
        screen.open(tab, world, "en")
        pages = PdfReader(BytesIO(tab.page.pdf())).pages
    printed = " ".join(" ".join(page.extract_text() for page in pages).split())
    for words in ("New arrivals", "For professionals", PHONE_NUMBER, LANGUAGE_OF_MESSAGES):
        assert words in printed


@pytest.mark.parametrize("engine", ["chromium", "firefox"])
def test_printed_data_hold_the_whole_history(engine: str, engines: Engines, world: World) -> None:
    """WebKit's driver prints nothing (README)."""
    person = world.person(skipped("moved"))
    for number in range(OPEN):
        world.say(person, {"contact:post": f"Rruga {number}"})
    with engines.tab(engine) as tab:
        assert isinstance(tab, PlaywrightTab)
        tab.open(world.link("data", person))
        pages = PdfReader(BytesIO(tab.page.pdf())).pages
    printed = " ".join(" ".join(page.extract_text() for page in pages).split())
    assert beginning("en", SKIPPED_QUESTION) in printed, "the oldest entry"
    assert said("en", SHOW_OLDER, 1) not in printed
    assert SCRAMBLED_ADDRESS_KEPT not in printed, "what is to be pressed stays folded"


def test_a_thumb_completes_a_save(engines: Engines, world: World) -> None:
    """In Chromium only: to the others no thumb can be lent (README)."""
    person = world.person(SUBSCRIBED)
    with engines.tab("chromium", "mouse") as tab:
        assert isinstance(tab, PlaywrightTab)
        tab.open(world.link("preferences", person))
        tab.page.get_by_role("checkbox", name="Decorating tips").tap()
        tab.page.get_by_role("button", name=SAVE).tap()
        tab.see("heading", SAVED)
        assert measure(tab, "overflow") == []
        assert tab.run("() => visualViewport.scale") == 1
    assert world.state(person)["topic:tips"]["on"]
