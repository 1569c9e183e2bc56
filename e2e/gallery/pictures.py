"""Taking the pictures: a screen is opened once in a theme and a language, and resized."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from e2e.gallery.states import STATES
from e2e.support.devices import DEVICES
from e2e.support.engines import Engines
from e2e.support.hosted import Screen
from e2e.support.tab import Tab
from e2e.support.world import World

THEMES: dict[str, tuple[str, ...]] = {"light": (), "dark": ("light",), "forced": ("colours",)}
"""What a browser does without in each theme (engines.py)."""
TO_THE_END = "() => scrollTo(0, document.documentElement.scrollHeight)"
"""So that the bar that stays in sight stands at its own place in a picture of the whole page."""
LANGUAGES = ("en", "sq", "ar")


@dataclass(frozen=True)
class Choice:
    """What is to be photographed, each in the order in which it is shown."""

    engine: str
    screens: tuple[Screen, ...]
    languages: tuple[str, ...] = LANGUAGES
    devices: tuple[str, ...] = tuple(DEVICES)
    themes: tuple[str, ...] = tuple(THEMES)

    def __len__(self) -> int:
        return len(self.screens) * len(self.languages) * len(self.devices) * len(self.themes)


@dataclass(frozen=True)
class Picture:
    """One picture, and where it lies in the gallery's folder."""

    screen: str
    language: str
    device: str
    theme: str
    engine: str

    @property
    def file(self) -> str:
        # WebDriver writes PNG only; the others are quicker and smaller as JPEG.
        kind = "png" if self.engine == "webkit" else "jpg"
        words = (self.screen, self.language, self.device, self.theme, self.engine)
        return (
            f"pictures/{'.'.join('-'.join(re.findall(r'[a-z]+', each)) for each in words)}.{kind}"
        )


def take(choice: Choice, engines: Engines, world: World, folder: Path) -> Iterator[Picture]:
    """Each as soon as it is taken. WebKit shows no more than fits its window."""
    (folder / "pictures").mkdir(parents=True, exist_ok=True)
    for theme in choice.themes:
        with engines.tab(choice.engine, *THEMES[theme]) as tab:
            for screen in choice.screens:
                for language in choice.languages:
                    tab.resize(*DEVICES[choice.devices[0]])
                    screen.open(tab, world, language)
                    yield from _on_each_device(tab, choice, screen, language, theme, folder)


def _on_each_device(
    tab: Tab, choice: Choice, screen: Screen, language: str, theme: str, folder: Path
) -> Iterator[Picture]:
    for device in choice.devices:
        tab.resize(*DEVICES[device])
        tab.run(TO_THE_END)
        picture = Picture(screen.name, language, device, theme, choice.engine)
        tab.picture(folder / picture.file)
        yield picture


def of_all_runs(folder: Path, engines: tuple[str, ...]) -> list[Picture]:
    """Every picture that is there, from this run and from earlier ones."""
    possible = (
        Picture(state.name, language, device, theme, engine)
        for state in STATES
        for language in LANGUAGES
        for theme in THEMES
        for device in DEVICES
        for engine in engines
    )
    return [each for each in possible if (folder / each.file).exists()]
