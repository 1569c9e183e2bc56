"""The page of a contact plan, opened as the file that it is."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from e2e.support.axe import axe
from e2e.support.browsers import ENGINES
from e2e.support.engines import Engines
from e2e.support.tab import Tab, judge
from tests.support.plans import tally_of
from widget_backend.i18n.languages import language
from widget_backend.planning.page import plan_page

MANY = [(f"campaign-with-a-name-of-forty-letters-{n}", "offers", 9 + n % 20, 12) for n in range(12)]
LOADED = "() => performance.getEntriesByType('resource').map(({ name }) => name)"
WIDTH = "() => document.documentElement.scrollWidth"
SHOWN = """() => ['.calendar', '.agenda'].filter(
  (each) => document.querySelector(each).getClientRects().length)"""
OUTSIDE = """() => [...document.querySelectorAll('.chip, .week > text')].filter((chip) => {
  const side = chip.getBoundingClientRect();
  return [...chip.querySelectorAll('text')].some((text) => {
    const box = text.getBoundingClientRect();
    return box.left < side.left - 1 || box.right > side.right + 1 || box.bottom > side.bottom + 1;
  });
}).map((chip) => chip.textContent)"""


@pytest.fixture
def look(request: pytest.FixtureRequest, engines: Engines) -> Iterator[Tab]:
    """A tab of an engine, in the dark where that is asked for."""
    engine, *without = request.param.split()
    with engines.shared_tab(engine, *without) as tab:
        yield tab


@pytest.mark.parametrize("look", [*ENGINES, "chromium light"], indirect=True)
@pytest.mark.parametrize("tag", ["en", "sq", "ar"])
def test_a_plan_is_read_on_every_window_and_loads_nothing(
    look: Tab, tag: str, tmp_path: Path
) -> None:
    file = tmp_path / "plan.html"
    file.write_text(plan_page(tally_of(tag, MANY), language(tag)), encoding="utf-8")
    look.resize(1280, 800)
    look.open(file.as_uri())
    assert look.run(SHOWN) == [".calendar"]
    assert look.run(OUTSIDE) == [], "words end where their chip ends"
    assert axe(look) == []
    for width in (820, 360):
        look.resize(width, 780)
        assert look.run(WIDTH) <= width
        assert look.run(SHOWN) == [".agenda"]
    assert axe(look) == []
    assert judge(look, "faintTexts") == []
    assert look.run(LOADED) == []
    assert look.script_errors() == []
