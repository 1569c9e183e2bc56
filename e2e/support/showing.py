"""Each screen is opened once in each engine and language, and looked at by every test that asks.

What opening and resizing cost is most of what the browser tests cost. So windows change their size
once for each device, and all that can be measured in one is measured there, in one call.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any, Self

from e2e.support.browsers import ENGINES
from e2e.support.devices import DEVICES
from e2e.support.engines import Engines
from e2e.support.hosted import Screen
from e2e.support.screens import SCREENS
from e2e.support.tab import Tab, measure
from e2e.support.world import World
from widget_backend.i18n.languages import Language, language

TAGS = ("en", "sq", "ar")
DIRECTIONS = {"en": ("ltr", "rtl"), "sq": (), "ar": ("rtl",)}
"""In which directions the layout of a screen is measured (test_mirroring.py)."""
PHONE, *_, DESKTOP = DEVICES
DOWNWARDS = (*reversed(DEVICES),)
IN_CHROMIUM = {"en": DOWNWARDS, "sq": (DESKTOP, PHONE), "ar": DOWNWARDS}
"""Albanian is laid out as English is; its longer words show where it is narrowest."""
ELSEWHERE = {"en": (DESKTOP,), "ar": (PHONE,)}
"""The pairs that differ: engines lay out alike what one of them laid out well in all windows."""

MARK = "() => (window.mark = String(Math.random()))"
MARKED = "() => window.mark ?? ''"

Layout = dict[str, Any]
"""The `width` of the page and its `boxes`, by their place in the tree (measures.js)."""
Look = dict[str, Any]
"""What measures.js finds in one window: `problems`, `enlarged` and `layouts` by direction."""


@dataclass(frozen=True)
class Case:
    """One screen in one engine and one language."""

    engine: str
    screen: Screen
    tag: str

    def __str__(self) -> str:
        return f"{self.engine}-{self.screen}-{self.tag}"

    @property
    def devices(self) -> tuple[str, ...]:
        """The windows in which it is looked at; it is opened in the last, and left there."""
        if self.engine == "chromium":
            return IN_CHROMIUM[self.tag]
        return (DESKTOP, PHONE) if self.screen.in_widget else ELSEWHERE[self.tag]


def cases(
    *screens: str, engines: Iterable[str] = ENGINES, tags: Iterable[str] = TAGS
) -> list[Case]:
    """Of these screens, or of all, in the order in which they cost least: languages in turn.

    In Firefox and WebKit there is English and Arabic only.
    """
    wanted = [each for each in SCREENS if not screens or each.name in screens]
    assert len(wanted) == len(screens or SCREENS), f"not all of {screens} are there"
    tags = list(tags)
    return [
        Case(engine, screen, tag)
        for engine in engines
        for screen in wanted
        for tag in tags
        if engine == "chromium" or tag in ELSEWHERE
    ]


def widget_cases() -> list[Case]:
    """The widget in Firefox and WebKit, where it is looked at as closely as in Chromium."""
    return [each for each in cases(engines=["firefox", "webkit"]) if each.screen.in_widget]


@dataclass(frozen=True, eq=False)
class Shown:
    """A screen as it stands in a tab, and how it looked on each device."""

    tab: Tab
    case: Case
    looks: dict[str, Look]
    mark: str
    """What its page carries, by which it is known to be the one that is still there."""

    @property
    def screen(self) -> Screen:
        return self.case.screen

    @property
    def language(self) -> Language:
        return language(self.case.tag)

    def found(self, what: str) -> dict[str, list[str]]:
        """What was found by device; nothing for one on which nothing was."""
        return {device: look[what] for device, look in self.looks.items() if look[what]}

    def layout(self, device: str, direction: str) -> Layout:
        measured = self.looks[device]["layouts"][direction]
        return {"width": measured["width"], "boxes": dict(measured["boxes"])}

    def is_there(self) -> bool:
        """Only WebKit has one window for all tests; any of them may have led it elsewhere."""
        return self.tab.engine != "webkit" or self.tab.run(MARKED) == self.mark


class Showing:
    """Shows what is asked for, one case at a time; in a tab for each engine, while tests run."""

    def __init__(self, engines: Engines, world: World) -> None:
        self._engines = engines
        self._world = world
        self._tabs: dict[str, Tab] = {}
        self._shown: dict[str, Shown] = {}
        self._english: dict[str, Shown] = {}
        self._open = ExitStack()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    def show(self, case: Case) -> Shown:
        """Opens it, unless it is what the tab shows: WebKit's only window may be elsewhere."""
        shown = self._shown.get(case.engine)
        if shown is None or shown.case != case or not shown.is_there():
            shown = self._shown[case.engine] = self._look(case)
        if case.tag == "en":
            self._english[case.engine] = shown
        return shown

    def english(self, case: Case) -> Shown:
        """How the same screen looked in English; its tab may show another language by now."""
        shown = self._english.get(case.engine)
        if shown is None or shown.screen != case.screen:
            shown = self.show(Case(case.engine, case.screen, "en"))
        return shown

    def _look(self, case: Case) -> Shown:
        tab = self._tab(case.engine)
        tab.come_forward()
        tab.resize(*DEVICES[case.devices[-1]])
        case.screen.open(tab, self._world, case.tag)
        looks = {}
        for device in case.devices:
            tab.resize(*DEVICES[device])
            looks[device] = measure(tab, "look", DIRECTIONS[case.tag])
        return Shown(tab, case, looks, tab.run(MARK))

    def _tab(self, engine: str) -> Tab:
        if engine not in self._tabs:
            self._tabs[engine] = self._open.enter_context(self._engines.tab(engine))
        return self._tabs[engine]
