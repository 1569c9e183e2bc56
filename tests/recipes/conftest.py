"""The sender whose mail the recipes are for, and the platforms it might use."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.senders import LANGUAGES, Dimora, running
from tests.support.template_engines import ENGINES


@pytest.fixture(scope="session")
def dimora(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dimora]:
    with running(tmp_path_factory.mktemp("dimora")) as dimora:
        yield dimora


@pytest.fixture(params=LANGUAGES)
def tag(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(params=ENGINES)
def platform(request: pytest.FixtureRequest) -> str:
    return str(request.param)
