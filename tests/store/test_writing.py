"""One way to write: all or nothing, several actions to a commit, tried again within bounds."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import Any

import pytest
from peewee import Database, IntegrityError

from tests.support.houses import on_postgresql
from tests.support.rows import add, names
from widget_backend.errors import AddressTaken, DatabaseUnavailable, StaleRevision
from widget_backend.store.sqlite import SqliteFile
from widget_backend.store.writing import TRIES, violation_means, write


def test_what_an_action_returns_is_returned_and_durable(database: Database) -> None:
    assert write(database, lambda: add(database, "a")) == "a"
    assert not database.in_transaction()
    assert names(database) == ["a"]


def test_of_an_action_that_raises_nothing_is_written(database: Database) -> None:
    def fail() -> None:
        add(database, "a")
        raise AddressTaken

    with pytest.raises(AddressTaken):
        write(database, fail)
    assert names(database) == []
    assert write(database, lambda: add(database, "b")) == "b"


def test_an_action_within_an_action_belongs_to_it(database: Database) -> None:
    def outer() -> None:
        write(database, lambda: add(database, "a"))
        raise AddressTaken

    with pytest.raises(AddressTaken):
        write(database, outer)
    assert names(database) == []


def conflict(kind: str) -> Callable[[Database], None]:
    """Raises what a database raises when two wrote at the same time."""

    def repeat(database: Database) -> None:
        add(database, "first")
        add(database, "first")

    def sqlstate(code: str) -> Callable[[Database], None]:
        block = f"DO $$ BEGIN RAISE EXCEPTION 'x' USING ERRCODE = '{code}'; END $$"
        return lambda database: database.execute_sql(block)

    def stale(_: Database) -> None:
        raise StaleRevision(2)

    known = {"stale": stale, "repeated": repeat}
    return known[kind] if kind in known else sqlstate(kind)


RAISED = {"stale": StaleRevision, "repeated": IntegrityError}


def check_tries(database: Database, kind: str, failures: int) -> None:
    """An action that meets so many conflicts before it succeeds is tried so often, or gives up."""
    tries = []

    def act() -> str:
        tries.append(kind)
        if len(tries) <= failures:
            conflict(kind)(database)
        return add(database, "a")

    if failures < TRIES:
        assert write(database, act) == "a"
        assert names(database) == ["a"]
    else:
        with pytest.raises(RAISED.get(kind, DatabaseUnavailable)):
            write(database, act)
        assert names(database) == []
    assert len(tries) == min(failures + 1, TRIES)


numbers_of_failures = pytest.mark.parametrize("failures", [1, TRIES - 1, TRIES])


@pytest.mark.parametrize("kind", ["stale", "repeated"])
@numbers_of_failures
def test_a_conflict_is_tried_again_within_bounds(
    database: Database, kind: str, failures: int
) -> None:
    check_tries(database, kind, failures)


@on_postgresql
@pytest.mark.parametrize("kind", ["40001", "40P01"])
@numbers_of_failures
def test_a_serialization_failure_and_a_deadlock_are_tried_again_within_bounds(
    database: Database, kind: str, failures: int
) -> None:
    check_tries(database, kind, failures)


def answers(database: Database) -> dict[str, Callable[[], Any]]:
    def taken() -> None:
        add(database, "a")
        with violation_means(AddressTaken):
            add(database, "a")

    def wrong_sql() -> None:
        database.execute_sql("SELECT nothing FROM nowhere")

    return {
        "a fact of the store": taken,
        "a mistake in a program": wrong_sql,
        "a bug": lambda: 1 / 0,
    }


@pytest.mark.parametrize("name", answers(SqliteFile("unused")))
def test_what_is_no_conflict_is_not_tried_again(database: Database, name: str) -> None:
    tries = []

    def act() -> None:
        tries.append(name)
        answers(database)[name]()

    with pytest.raises(Exception):  # noqa: B017, PT011
        write(database, act)
    assert len(tries) == 1


@on_postgresql
def test_two_actions_of_postgresql_run_side_by_side_and_the_second_sees_the_firsts_row(
    database: Database,
) -> None:
    entered, may_go = Event(), Event()
    tries: list[list[str]] = []

    def first() -> str:
        add(database, "a")
        entered.set()
        may_go.wait()
        return "first"

    def second() -> str:
        tries.append(names(database))
        if "a" in tries[-1]:
            return "it is there"
        may_go.set()
        return add(database, "a")

    def in_thread(action: Callable[[], str]) -> str:
        with database.connection_context():
            return write(database, action)

    with ThreadPoolExecutor(2) as pool:
        one = pool.submit(in_thread, first)
        entered.wait()
        two = pool.submit(in_thread, second)
        assert (one.result(), two.result()) == ("first", "it is there")
    assert tries == [[], ["a"]]
