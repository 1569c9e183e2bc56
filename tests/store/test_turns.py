"""Whose turn it is to write to an SQLite file: asked for often, for seconds at most."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from peewee import Database

from widget_backend.errors import DatabaseUnavailable
from widget_backend.store import sqlite, timeouts
from widget_backend.store.database import migrate, open_database, write_transaction
from widget_backend.store.sqlite import POLL, WAIT


@pytest.fixture
def mine(tmp_path: Path) -> Iterator[Database]:
    database = open_database(f"sqlite:///{tmp_path}/widget.db")
    migrate(database)
    with database.connection_context():
        yield database


@pytest.fixture
def theirs(mine: Database, tmp_path: Path) -> Iterator[Database]:
    """What another process has open, and holds for writing."""
    database = open_database(f"sqlite:///{tmp_path}/widget.db")
    with database.connection_context():
        database.execute_sql("BEGIN IMMEDIATE")
        yield database


def test_who_wants_to_write_asks_again_each_millisecond_until_it_is_their_turn(
    mine: Database, theirs: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    slept: list[float] = []

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        if len(slept) == 3:
            theirs.execute_sql("COMMIT")

    monkeypatch.setattr(sqlite, "sleep", sleep)
    with write_transaction(mine):
        assert slept == [POLL] * 3
    assert mine.writing.waits == 3  # type: ignore[attr-defined]
    with write_transaction(mine):
        assert mine.writing.waits == 3, "nobody else had it"  # type: ignore[attr-defined]


def test_who_is_never_let_in_is_told_after_seconds(
    mine: Database, theirs: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [0.0]
    for module in (sqlite, timeouts):
        monkeypatch.setattr(module, "monotonic", lambda: now[0])
    monkeypatch.setattr(sqlite, "sleep", lambda _: now.__setitem__(0, now[0] + 1))
    with pytest.raises(DatabaseUnavailable), write_transaction(mine):
        pytest.fail("it was open")
    assert now == [WAIT]
    theirs.execute_sql("COMMIT")
    now[0] += timeouts.BETWEEN_TRIES
    with write_transaction(mine):
        pass
