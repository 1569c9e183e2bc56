"""A database that is ready, and that nobody has connected to: as the worker's thread finds it."""

from __future__ import annotations

import pytest
from peewee import Database


@pytest.fixture
def closed_database(empty_database: Database) -> Database:
    return empty_database
