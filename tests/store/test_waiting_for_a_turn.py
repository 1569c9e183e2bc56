"""Waiting for a turn to write: who gives up, who is interrupted, and who has begun already."""

from __future__ import annotations

from concurrent.futures import Future

import pytest
from peewee import Database

from tests.support.houses import on_sqlite
from tests.support.rows import add, names
from tests.support.threads import Threads
from widget_backend.errors import DatabaseUnavailable
from widget_backend.store import timeouts, write_queue
from widget_backend.store.writing import write


@on_sqlite
def test_who_waited_too_long_for_others_is_told_and_their_action_never_runs(
    threads: Threads, database: Database
) -> None:
    def impatient() -> None:
        with database.connection_context(), timeouts.at_most(0.01):
            write(database, lambda: add(database, "late"))

    with database.writing.alone(), pytest.raises(DatabaseUnavailable) as caught:  # type: ignore[attr-defined]
        threads.pool.submit(impatient).result()
    assert caught.value.kind == "held"
    with timeouts.at_most(10):
        assert write(database, lambda: add(database, "a")) == "a"
    assert names(database) == ["a"]


@on_sqlite
def test_each_thread_that_waits_for_another_is_counted(
    threads: Threads, database: Database
) -> None:
    write(database, lambda: add(database, "a"))
    assert threads.database.writing.waits == 0
    with threads.waiting(lambda: add(database, "b"), lambda: add(database, "c")) as started:
        pass
    assert [each.result() for each in started] == ["b", "c"]
    assert threads.database.writing.waits == 2


@on_sqlite
def test_who_wants_the_file_for_themselves_gets_it_behind_somebody_who_gave_up(
    threads: Threads, database: Database
) -> None:
    def alone() -> str:
        with threads.database.writing.alone():
            return "alone"

    def lead() -> Future[str]:
        with pytest.raises(DatabaseUnavailable):
            threads.write_within(0, lambda: add(database, "late"))
        started = threads.pool.submit(alone)
        threads.until_waiting(2)
        return started

    assert threads.start(lead).result().result() == "alone"
    assert names(database) == []


@on_sqlite
def test_what_has_begun_is_waited_for_however_long_it_takes(
    threads: Threads, database: Database
) -> None:
    def outlive() -> str:
        while timeouts.left():
            pass
        return add(database, "begun")

    def lead() -> Future[str]:
        started = threads.pool.submit(threads.write_within, 0.5, outlive)
        threads.until_waiting(1)
        return started

    assert threads.start(lead).result().result() == "begun"
    assert names(database) == ["begun"]


@on_sqlite
@pytest.mark.parametrize("is_their_turn", [False, True])
def test_who_is_interrupted_while_they_wait_keeps_nobody_from_writing(
    threads: Threads,
    database: Database,
    monkeypatch: pytest.MonkeyPatch,
    is_their_turn: bool,
) -> None:
    wait = write_queue.Turn.wait

    def interrupted(turn: write_queue.Turn, seconds: float) -> None:
        if is_their_turn:
            wait(turn, seconds)
        raise KeyboardInterrupt

    with threads.waiting():
        monkeypatch.setattr(write_queue.Turn, "wait", interrupted)
        started = threads.start(lambda: add(database, "never"))
        if is_their_turn:
            threads.until_waiting(1)
        else:
            assert isinstance(started.exception(), KeyboardInterrupt)
    assert isinstance(started.exception(), KeyboardInterrupt)
    monkeypatch.undo()
    assert threads.start(lambda: add(database, "next")).result() == "next"
