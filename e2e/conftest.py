"""Fixtures: one world and the three engines for a whole run, a fresh tab for each test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Playwright, sync_playwright

from e2e.browsers import ENGINES
from e2e.engines import Engines
from e2e.hosted import SUBSCRIBED
from e2e.showing import Case, Showing, Shown, cases
from e2e.tab import Tab
from e2e.world import EVERY_ROLE, World, running


def pytest_addoption(parser: pytest.Parser) -> None:
    told = "write e2e/trees anew instead of comparing with them (make trees)"
    parser.addoption("--write-trees", action="store_true", dest="write_trees", help=told)


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
    with engines.tab(request.param) as tab:
        yield tab


@pytest.fixture
def person(world: World) -> str:
    """The handle of somebody who gets offers and news, and may choose every topic."""
    return world.person(SUBSCRIBED, EVERY_ROLE)


@pytest.fixture
def shop_comes_back(world: World) -> Iterator[None]:
    """For tests that put pages of their own in the shop's place."""
    shop_app = world.shop_app
    yield
    world.shop_app = shop_app


@pytest.fixture(scope="session")
def showing(engines: Engines, world: World) -> Iterator[Showing]:
    with Showing(engines, world) as showing:
        yield showing


@pytest.fixture(scope="session", params=cases(), ids=str)
def case(request: pytest.FixtureRequest) -> Case:
    """For a whole run, so that all tests of a case come together, whichever file they are in."""
    chosen: Case = request.param
    return chosen


@pytest.fixture
def shown(case: Case, showing: Showing) -> Shown:
    return showing.show(case)
