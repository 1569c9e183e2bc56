"""The house of each test, in which nobody waits for long."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import pytest
from peewee import Database

from tests.support.houses import SIGNER, SITE, House
from tests.support.linting import LintingClient
from tests.support.postgres_databases import Databases
from tests.support.postgres_servers import postgres_server
from widget_backend.app import create_app
from widget_backend.store import sqlite, timeouts
from widget_backend.store.profiles import create_profile


@pytest.fixture(scope="session")
def postgres(name_of_run: str, worker_id: str) -> Iterator[str]:
    """A server of this process alone: to freeze the one that all share would stop them as well."""
    with postgres_server(f"{name_of_run}-{worker_id}") as uri:
        yield uri


@pytest.fixture(scope="session")
def databases(postgres: str) -> Iterator[Databases]:
    """Those of that server."""
    with closing(Databases(postgres)) as databases:
        yield databases


@pytest.fixture
def house(empty_database: Database) -> Iterator[House]:
    app = create_app([SITE], empty_database, SIGNER)
    app.test_client_class = type(
        "Client", (LintingClient,), {"inserted": [], "elsewhere": [SITE.site.privacy_policy]}
    )
    with empty_database.connection_context():
        person = create_profile(empty_database, "dimora", 1)
    yield House(app, empty_database, person)
    empty_database.close()


@pytest.fixture(autouse=True)
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits for a lock of SQLite, or before trying again."""
    monkeypatch.setattr(timeouts, "BETWEEN_TRIES", 0)
    monkeypatch.setattr(sqlite, "WAIT", 0)
