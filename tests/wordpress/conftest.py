"""One WordPress for all its tests: it takes a while to install."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.wordpress import ADMIN, Visitor, WordPress, wordpress


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WordPress]:
    with wordpress(tmp_path_factory.mktemp("wordpress")) as site:
        yield site


@pytest.fixture
def site(running: WordPress) -> WordPress:
    """A WordPress that is set up."""
    running.set_up("https://prefs.example", "dimora")
    return running


@pytest.fixture(scope="session")
def admin(running: WordPress) -> Visitor:
    visitor = Visitor(running.home)
    visitor.sign_in(ADMIN)
    return visitor
