"""Fixtures: one world and the three engines for a whole run, a fresh tab for each test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Playwright, sync_playwright
from xdist.scheduler import LoadScopeScheduling

from e2e.support.browsers import ENGINES
from e2e.support.engines import Engines
from e2e.support.hosted import SUBSCRIBED
from e2e.support.showing import Case, Showing, Shown, cases
from e2e.support.tab import Tab
from e2e.support.world import EVERY_ROLE, World, running
from widget_backend.store.profiles import Profile

FOLDER = Path(__file__).parent.name


WAITING = ("test_doctor.py", "widget/")
"""Where Chromium waits more than it works: these tests go beside those that keep it busy."""


class ByEngine(LoadScopeScheduling):
    """Keeps each engine in one process, since engines are dear to start; shares out all else.

    A browser test that names none drives Chromium, which has two processes.
    """

    def _split_scope(self, nodeid: str) -> str:
        if not nodeid.startswith(f"{FOLDER}/"):
            return nodeid
        engine = next((each for each in ENGINES if each in nodeid), "chromium")
        waits = engine == "chromium" and any(f"{FOLDER}/{each}" in nodeid for each in WAITING)
        return f"{engine} that waits" if waits else engine


def pytest_addoption(parser: pytest.Parser) -> None:
    told = "write e2e/trees anew instead of comparing with them (make trees)"
    parser.addoption("--write-trees", action="store_true", dest="write_trees", help=told)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Brings all tests of a case together, whichever file they are in."""
    shows = {item: case for item in items if (case := _case_of(item))}
    rank = {case: place for place, case in enumerate(cases())}
    ordered = iter(sorted(shows, key=lambda item: rank[shows[item]]))
    items[:] = [next(ordered) if item in shows else item for item in items]


def _case_of(item: pytest.Item) -> Case | None:
    case = item.callspec.params.get("case") if hasattr(item, "callspec") else None
    return case if isinstance(case, Case) else None  # others have cases of their own


@pytest.hookimpl(optionalhook=True)  # unless there are several processes
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> ByEngine:
    config.option.loadscopereorder = False  # the engines come first
    return ByEngine(config, log)


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """One for every browser test: a process cannot hold two."""
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with running(tmp_path_factory.mktemp("world")) as world:
        yield world


@pytest.fixture(scope="session")
def engines(playwright: Playwright) -> Iterator[Engines]:
    """Each is started by the first test that asks for it; one that does not start fails it."""
    with Engines(playwright) as engines:
        yield engines


@pytest.fixture(params=ENGINES)
def tab(request: pytest.FixtureRequest, engines: Engines) -> Iterator[Tab]:
    with engines.shared_tab(request.param) as tab:
        yield tab


@pytest.fixture
def person(world: World) -> Profile:
    """Somebody who gets offers and news, and may choose every topic."""
    return world.person(SUBSCRIBED, EVERY_ROLE)


@pytest.fixture(autouse=True)
def shop_comes_back(world: World) -> Iterator[None]:
    """After each test, whichever page of its own that put in the shop's place."""
    shop_app = world.shop_app
    yield
    world.shop_app = shop_app


@pytest.fixture(scope="session")
def showing(engines: Engines, world: World) -> Iterator[Showing]:
    with Showing(engines, world) as showing:
        yield showing


@pytest.fixture(params=cases(), ids=str)
def case(request: pytest.FixtureRequest) -> Case:
    chosen: Case = request.param
    return chosen


@pytest.fixture
def shown(case: Case, showing: Showing) -> Shown:
    return showing.show(case)
