"""The schedule: each task at its time, in small steps, and none stops the others."""

from __future__ import annotations

import pytest
from peewee import Database, OperationalError

from widget_backend.jobs.schedule import TASKS, Schedule, Task, tasks_of
from widget_backend.store.retention import tidy

AT = 1_800_000_000
HOUR = 3600
ARTA = "arta@example.com"


class Steps:
    """A task whose steps have more to do so many times; remembers when each was taken."""

    def __init__(self, more: int = 0) -> None:
        self.taken_at: list[int] = []
        self.more = more

    def __call__(self, database: Database, now: int) -> bool:
        assert not database.is_closed()
        self.taken_at.append(now)
        return len(self.taken_at) <= self.more


def run_at(database: Database, steps: Steps, *times: int) -> list[int]:
    schedule = Schedule([Task("counting", steps, HOUR)])
    for now in times:
        schedule.run_due(database, now)
    return steps.taken_at


def test_a_task_is_done_at_the_start_and_then_once_in_its_period(closed_database: Database) -> None:
    times = [AT, AT + 1, AT + HOUR - 1, AT + HOUR, AT + HOUR + 1]
    assert run_at(closed_database, Steps(), *times) == [AT, AT + HOUR]


def test_while_there_is_more_to_do_the_next_step_is_due_at_once(closed_database: Database) -> None:
    times = [AT, AT + 1, AT + 2, AT + 3]
    assert run_at(closed_database, Steps(more=2), *times) == [AT, AT + 1, AT + 2]


def test_a_clock_that_ran_ahead_delays_no_task(closed_database: Database) -> None:
    ahead = AT + 500 * 24 * HOUR
    assert run_at(closed_database, Steps(), ahead, AT, AT + 1) == [ahead, AT]


def test_a_task_that_fails_is_tried_again_after_its_period_and_stops_no_other(
    closed_database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    failed_at: list[int] = []

    def fail(_: Database, now: int) -> bool:
        failed_at.append(now)
        raise OperationalError(f"row of {ARTA}")

    steps = Steps()
    schedule = Schedule([Task("failing", fail, HOUR), Task("counting", steps, HOUR)])
    for now in (AT, AT + 1, AT + HOUR):
        schedule.run_due(closed_database, now)
    assert failed_at == steps.taken_at == [AT, AT + HOUR]
    assert (
        caplog.messages
        == ["failing failed, and is tried again in 60 minutes: OperationalError"] * 2
    )


def test_old_data_is_deleted_once_an_hour() -> None:
    assert [(task.step, task.period) for task in TASKS] == [(tidy, HOUR)]
    assert [(task.name, task.period) for task in tasks_of(list)] == [
        ("tidying", HOUR),
        ("tidying fields", HOUR),
    ]
