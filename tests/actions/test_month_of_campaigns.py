"""A month of campaigns: nothing is sent against a wish, a cap, a pause, quiet hours or a law, and
nothing is held back without a true reason."""

from __future__ import annotations

from collections import Counter

import pytest
from peewee import Database, SqliteDatabase

from tests.support.month import Month, reasons_against

ALL = {
    "does not want it",
    "left",
    "against the law",
    "paused",
    "night",
    "too soon",
    "three in a week",
    "one email a day",
    "two offers in two weeks",
}


def check(database: Database, people: int, seed: int) -> None:
    seen: Counter[str] = Counter()
    month = Month(database, people, seed)
    for send, human, is_sent in month.replay():
        reasons = reasons_against(human, send)
        assert is_sent == (not reasons), (send, human, reasons)
        seen.update(reasons)
        if is_sent:
            seen["sent"] += 1
            human.received.append((send.at, send.topic, send.channel))
    assert {*seen} == {*ALL, "sent"}, "every reason was met"


def test_a_month_of_campaigns_keeps_every_wish(database: Database) -> None:
    is_sqlite = isinstance(database, SqliteDatabase)
    check(database, people=2_000 if is_sqlite else 300, seed=1)


@pytest.mark.long
@pytest.mark.parametrize("seed", range(3))
def test_a_month_of_campaigns_to_many_keeps_every_wish(database: Database, seed: int) -> None:
    check(database, people=5_000, seed=seed)


@pytest.mark.long
def test_a_month_of_campaigns_to_200_000_keeps_every_wish(sqlite: Database) -> None:
    check(sqlite, people=200_000, seed=1)
