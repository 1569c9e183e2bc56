"""The background worker: it does what waits, whatever goes wrong, until the server stops."""

from __future__ import annotations

from threading import Event

import pytest
from peewee import Database, OperationalError

from tests.support.worlds import MONDAY, Clock
from widget_backend.errors import DatabaseUnavailable
from widget_backend.jobs import worker
from widget_backend.jobs.schedule import Task
from widget_backend.jobs.work import MustStop, Work
from widget_backend.jobs.worker import background_worker

CLOCK = Clock()
SOON = 30
"""Seconds for which a test waits for the worker."""


def no_work(*_: object) -> int:
    return 0


def test_each_kind_of_work_is_prepared_before_any_is_done(closed_database: Database) -> None:
    events: list[str] = []
    finished = Event()

    def run(_: Database, now: int, must_stop: MustStop) -> int:
        assert (now, must_stop()) == (MONDAY.timestamp(), False)
        events.append("run")
        finished.set()
        return 0

    kinds = [
        Work("first", run, lambda: events.append("prepare first")),
        Work("second", no_work, lambda: events.append("prepare second")),
    ]
    with background_worker(closed_database, kinds, CLOCK, tasks=()):
        assert finished.wait(SOON)
    assert events[:3] == ["prepare first", "prepare second", "run"]


def test_the_tasks_of_the_schedule_are_done_too(closed_database: Database) -> None:
    taken = Event()

    def step(_: Database, now: int) -> bool:
        assert now == MONDAY.timestamp()
        taken.set()
        return False

    with background_worker(closed_database, [], CLOCK, [Task("counting", step, 3600)]):
        assert taken.wait(SOON)


def test_work_that_fails_is_tried_again_and_logs_no_value(
    closed_database: Database, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "POLL_INTERVAL", 0)
    attempts: list[int] = []
    finished = Event()

    def run(*_: object) -> int:
        attempts.append(1)
        if len(attempts) == 1:
            raise OperationalError("row of arta@example.com")
        finished.set()
        return 0

    with background_worker(closed_database, [Work("it cannot be done", run)], CLOCK, tasks=()):
        assert finished.wait(SOON)
    assert caplog.messages == ["it cannot be done: OperationalError"]


def test_a_database_that_stays_away_is_told_once_a_minute_with_what_to_do(
    closed_database: Database, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "POLL_INTERVAL", 0)
    clock, finished = Clock(), Event()
    passed = iter([0, 1, 58, 1, 0])

    def run(*_: object) -> int:
        seconds = next(passed, None)
        if seconds is None:
            finished.set()
            return 0
        clock.pass_by(seconds=seconds)
        raise DatabaseUnavailable("damaged", "the image is malformed")

    with background_worker(closed_database, [Work("it cannot be read", run)], clock, tasks=()):
        assert finished.wait(SOON)
    sentence = "preference-widget doctor --server says what to do"
    assert caplog.messages == [f"it cannot be read: the image is malformed. {sentence}"] * 2


def test_the_end_of_the_block_is_told_to_work_that_goes_on(closed_database: Database) -> None:
    begun, ended = Event(), Event()

    def run(_: Database, now: int, must_stop: MustStop) -> int:
        begun.set()
        while not must_stop():
            pass
        ended.set()
        return 1

    with background_worker(closed_database, [Work("", run)], CLOCK, tasks=()):
        assert begun.wait(SOON)
    assert ended.is_set()
