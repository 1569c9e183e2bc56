"""Fixtures for the element alone, against a stub of the backend."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from e2e.support.engines import Engines
from e2e.support.tab import PATIENCE
from e2e.widget.stub import Stub, running

expect.set_options(timeout=PATIENCE * 1000)


@pytest.fixture(scope="session", params=["chromium", "firefox"])
def lasting_page(request: pytest.FixtureRequest, engines: Engines) -> Iterator[Page]:
    with engines.tab(request.param) as tab:
        yield tab.page  # type: ignore[attr-defined]


@pytest.fixture
def page(lasting_page: Page) -> Iterator[Page]:
    """One for all tests, which is faster: each has origins of its own, so nothing is shared."""
    lasting_page.bring_to_front()
    yield lasting_page
    lasting_page.goto("about:blank")
    lasting_page.context.clear_cookies()  # these know no ports


@pytest.fixture
def stub() -> Iterator[Stub]:
    with running() as stub:
        yield stub
