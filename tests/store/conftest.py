"""Fixtures of the store's tests."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from peewee import Database

from tests.support.threads import Threads
from widget_backend.store.sqlite import SqliteFile


@pytest.fixture
def threads(database: Database) -> Iterator[Threads]:
    assert isinstance(database, SqliteFile)
    with ThreadPoolExecutor(40) as pool:
        yield Threads(database, pool)
