"""A month of campaigns: nothing is sent against a wish, a cap, a pause, quiet hours or a law, and
nothing is held back without a true reason."""

from __future__ import annotations

import pytest
from peewee import Database, SqliteDatabase

from tests.support.month import Month
from tests.support.month_checker import ALL, checked


def check(database: Database, people: int, seed: int) -> None:
    result = checked(Month(database, people, seed))
    assert not result.wrong, result.wrong[0]
    assert {*result.seen} == {*ALL, "sent"}, "every reason was met"


def test_a_month_of_campaigns_keeps_every_wish(database: Database) -> None:
    is_sqlite = isinstance(database, SqliteDatabase)
    check(database, people=2_000 if is_sqlite else 300, seed=1)


@pytest.mark.long
@pytest.mark.parametrize("seed", range(3))
def test_a_month_of_campaigns_to_many_keeps_every_wish(database: Database, seed: int) -> None:
    check(database, people=5_000, seed=seed)
