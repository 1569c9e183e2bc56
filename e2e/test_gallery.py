"""The gallery holds what was asked for, and its page lets one choose with the keyboard alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from e2e.gallery.__main__ import named
from e2e.gallery.index import write_index
from e2e.gallery.pictures import Choice, of_all_runs, take
from e2e.support.engines import Engines
from e2e.support.keyboard import walk
from e2e.support.world import World

CHOICE = Choice("chromium", named("why"), ("en", "ar"), ("small phone",), ("light", "dark"))
SHOWN = (
    "() => [...document.images].filter((image) => image.checkVisibility()).map(({ alt }) => alt)"
)


@pytest.fixture
def gallery(engines: Engines, world: World, tmp_path: Path) -> str:
    """The address of a gallery of one screen."""
    taken = list(take(CHOICE, engines, world, tmp_path))
    assert len(taken) == len(CHOICE) == 4
    write_index(of_all_runs(tmp_path, ("chromium",)), tmp_path)
    return (tmp_path / "index.html").as_uri()


def test_the_gallery_shows_what_was_asked_for_and_lets_one_choose(
    gallery: str, engines: Engines
) -> None:
    with engines.tab("chromium") as tab:
        tab.open(gallery)
        assert tab.count("img") == 4
        assert tab.run("() => [...document.images].every(({ src }) => src.startsWith('file:'))")
        walk(tab, lambda stop: stop["type"] == "checkbox")
        tab.press("Space")
        assert tab.run(SHOWN) == [
            f"why, ar, small phone, {each}, chromium" for each in CHOICE.themes
        ]
        row = "() => document.querySelector('[data-language=ar]').dir"
        assert tab.run(row) == "rtl"
