"""How much of an import stands in one transaction, by a stopwatch that the test holds."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from peewee import Database

from tests.support.contacts import HASHES
from tests.support.houses import on_sqlite
from widget_backend.contacts.entry import Entry
from widget_backend.contacts.imports import ImportRun, import_entries
from widget_backend.contacts.pace import FEWEST, FIRST, MOST, Pace, pace_for
from widget_backend.site.model import Site
from widget_backend.store import sqlite
from widget_backend.store.database import open_database
from widget_backend.store.writing import write


class Stopwatch:
    """Seconds as `time.monotonic` counts them: those that the test spends, and no others."""

    def __init__(self) -> None:
        self.now = 0.0
        self.waits: list[float] = []
        self.waits_for_others = 0

    def __call__(self) -> float:
        return self.now

    def spend(self, seconds: float) -> None:
        self.now += seconds

    def wait(self, seconds: float) -> None:
        self.waits.append(seconds)


@pytest.fixture
def stopwatch() -> Stopwatch:
    return Stopwatch()


@pytest.fixture
def pace(stopwatch: Stopwatch) -> Pace:
    return Pace(
        0.015,
        0.006,
        pause=0.004,
        waits_for_others=lambda: stopwatch.waits_for_others,
        clock=stopwatch,
        wait=stopwatch.wait,
    )


def sizes(pace: Pace, stopwatch: Stopwatch, an_entry: float, times: int) -> list[int]:
    """The sizes of transactions in which each entry takes so long."""
    done = []
    for _ in range(times):
        done.append(pace.size)
        with pace.turn(), pace.work():
            stopwatch.spend(pace.size * an_entry)
    return done


@pytest.mark.parametrize("an_entry", [0.0001, 0.0003, 0.001])
def test_transactions_come_to_take_as_long_as_they_may(
    pace: Pace, stopwatch: Stopwatch, an_entry: float
) -> None:
    assert sizes(pace, stopwatch, an_entry, 12)[-1] == round(0.015 / an_entry)


def test_they_begin_small_grow_by_degrees_and_have_limits(pace: Pace, stopwatch: Stopwatch) -> None:
    assert sizes(pace, stopwatch, 0.0, 7) == [FIRST, 40, 80, 160, 320, MOST, MOST]
    assert sizes(pace, stopwatch, 1.0, 3) == [MOST, FEWEST, FEWEST]


def test_making_them_durable_makes_none_smaller(pace: Pace, stopwatch: Stopwatch) -> None:
    with pace.turn():
        with pace.work():
            stopwatch.spend(0.0075)
        stopwatch.spend(5)
    assert pace.size == 2 * FIRST


@pytest.mark.parametrize(("times", "size", "room"), [(0, 30, 0.004), (1, 12, 0.02)])
def test_where_others_write_it_takes_less_time_and_leaves_twice_as_much_for_them(
    pace: Pace, stopwatch: Stopwatch, times: int, size: int, room: float
) -> None:
    with pace.turn():
        stopwatch.waits_for_others += times
        with pace.work():
            stopwatch.spend(0.01)
    assert pace.size == size
    assert stopwatch.waits == [pytest.approx(room)]


def test_a_slow_machine_is_not_taken_for_others_who_write(pace: Pace, stopwatch: Stopwatch) -> None:
    with pace.turn():
        stopwatch.spend(5)
        with pace.work():
            stopwatch.spend(0.01)
    assert stopwatch.waits == [0.004]


def test_others_find_room_after_each_transaction(
    database: Database, site: Site, pace: Pace, stopwatch: Stopwatch
) -> None:
    def entries() -> Iterator[Entry]:
        for number in range(3 * FIRST):
            yield Entry(number + 2, f"a{number}@example.com", "subscribed", (), {})

    run = ImportRun(site, datetime(2026, 11, 22, tzinfo=UTC), HASHES)
    assert import_entries(database, run, entries(), pace=pace).outcomes == {"new": 3 * FIRST}
    assert stopwatch.waits == [0.004, 0.004]


@on_sqlite
def test_others_write_if_they_have_the_file_when_a_transaction_is_to_begin(
    database: Database, database_url: str, monkeypatch: pytest.MonkeyPatch, stopwatch: Stopwatch
) -> None:
    theirs = open_database(database_url)
    monkeypatch.setattr(sqlite, "sleep", lambda _: theirs.execute_sql("COMMIT"))
    pace = pace_for(database)
    monkeypatch.setattr(pace, "_wait", stopwatch.wait)
    monkeypatch.setattr(pace, "_clock", stopwatch)

    def work() -> None:
        with pace.work():
            stopwatch.spend(0.01)

    with theirs.connection_context():
        theirs.execute_sql("BEGIN IMMEDIATE")
        with pace.turn():
            write(database, work)
    assert stopwatch.waits == [pytest.approx(0.02)]
