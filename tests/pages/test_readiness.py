"""Whether the server is alive and can work, as programs ask it."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from peewee import Database

from tests.support.everything import CANARIES, somebody
from tests.support.steps import send_sign_up
from tests.support.worlds import World, make_world
from widget_backend.errors import DatabaseUnavailable
from widget_backend.store import readiness
from widget_backend.store.models import Job
from widget_backend.store.outbox import PRETENDED
from widget_backend.store.readiness import LATEST, LEAST_FREE
from widget_backend.store.timeouts import left

ALL_IS_WELL = dict.fromkeys(("database", "migrations", "disk", "letters"), "ok")


class Disk(NamedTuple):
    free: int


def ask(world: World, query: str = "") -> tuple[int, dict[str, str]]:
    """The status, and what is said of each check."""
    answer = world.client().get(f"/readyz{query}")
    assert answer.json
    assert answer.json["ready"] is (answer.status_code == 200)
    checks: dict[str, str] = answer.json["checks"]
    return answer.status_code, checks


def sends_no_mail(world: World) -> None:
    app = world.app
    known = app.extensions["preference-widget"]
    app.extensions["preference-widget"] = replace(known, sends_mail=False)


def test_alive_is_who_answers_even_without_a_database(world: World) -> None:
    world.database.close()
    Path(world.database.database).unlink()
    answer = world.hurried_client().get("/healthz")
    assert (answer.status_code, answer.get_data(as_text=True)) == (200, "ok\n")


def test_ready_is_who_can_work(each_world: World) -> None:
    assert ask(each_world) == (200, ALL_IS_WELL)


def test_tables_of_another_version_are_told(each_world: World) -> None:
    world, table = each_world, '"schema_migration"'
    world.database.execute_sql(f"UPDATE {table} SET name = '9999_later' WHERE id = 1")
    newer = {**ALL_IS_WELL, "migrations": "a newer version has changed the tables"}
    assert ask(world) == (503, newer)
    world.database.execute_sql(f"DELETE FROM {table} WHERE name = '9999_later'")
    older = {**ALL_IS_WELL, "migrations": "the tables are older than this version"}
    assert ask(world) == (503, older)
    world.database.execute_sql(f"UPDATE {table} SET name = 'theirs_' || id")
    others = {**ALL_IS_WELL, "migrations": "the tables are of another program"}
    assert ask(world) == (503, others)


@pytest.mark.parametrize(("free", "status"), [(LEAST_FREE, 200), (LEAST_FREE - 1, 503)])
def test_too_little_room_on_the_disk_is_told(
    world: World, monkeypatch: pytest.MonkeyPatch, free: int, status: int
) -> None:
    asked: list[Path] = []

    def disk_usage(folder: Path) -> Disk:
        asked.append(folder)
        return Disk(free * 1_000_000)

    monkeypatch.setattr(shutil, "disk_usage", disk_usage)
    assert ask(world)[0] == status
    assert asked == [Path(world.database.database).parent]


@pytest.mark.parametrize(
    ("seconds", "attempts", "said"),
    [
        pytest.param(LATEST, 0, "ok", id="a slow mail server"),
        pytest.param(LATEST + 1, 0, f"nobody has sent one for {LATEST + 1} seconds", id="nobody"),
        pytest.param(LATEST + 1, 1, "ok", id="put off by the mail server"),
    ],
)
def test_a_letter_that_nobody_sends_is_told(
    each_world: World, seconds: int, attempts: int, said: str
) -> None:
    send_sign_up(each_world, "somebody@example.com", 1)
    each_world.clock.pass_by(seconds=seconds)
    later = int(each_world.clock().timestamp()) + 60
    if attempts:
        Job.update(attempts=attempts, due_at=later).execute(each_world.database)
    assert ask(each_world)[1]["letters"] == said


def test_what_only_seems_to_be_a_letter_is_none(world: World) -> None:
    send_sign_up(world, "somebody@example.com", 1)
    Job.update(kind=PRETENDED).execute(world.database)
    world.clock.pass_by(days=1)
    assert ask(world) == (200, ALL_IS_WELL)


def test_letters_that_wait_on_purpose_are_no_reason_to_worry(world: World) -> None:
    send_sign_up(world, "somebody@example.com", 1)
    world.clock.pass_by(days=1)
    assert ask(world)[0] == 503
    assert ask(world, "?exclude=letters&exclude=nothing") == (
        200,
        {name: said for name, said in ALL_IS_WELL.items() if name != "letters"},
    )
    sends_no_mail(world)
    assert ask(world) == (200, ALL_IS_WELL)


def test_a_database_that_is_gone_is_told_without_its_place(sqlite: Database) -> None:
    world = make_world(sqlite, is_quick=True)
    file = Path(world.database.database)
    with world.database.connection_context():
        file.rename(file.with_suffix(".moved"))
        status, checks = ask(world)
    assert status == 503
    assert checks["database"] == "not known: the database is moved"
    assert str(file.parent) not in str(checks)


def test_a_database_that_is_damaged_is_told_though_it_answers(sqlite: Database) -> None:
    world = make_world(sqlite, is_quick=True)
    world.database.execute_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    world.database.close()
    file = Path(world.database.database)
    whole = file.read_bytes()
    file.write_bytes(whole[:4096] + b"\xff" * (len(whole) - 4096))
    assert ask(world)[1]["database"] == "not known: the database is damaged"


def test_a_database_that_is_silent_is_waited_for_briefly(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    waited_for: list[float] = []

    def silent(database: Database, *_: Any) -> None:
        waited_for.append(left())
        raise DatabaseUnavailable("silent", "secret.example does not answer")

    monkeypatch.setattr(type(world.database), "execute_sql", silent)
    status, checks = ask(world)
    assert status == 503
    assert "secret" not in str(checks)
    assert 0 < max(waited_for) <= readiness.PATIENCE


def test_nothing_is_told_of_people(each_world: World) -> None:
    person = somebody(each_world)
    each_world.clock.pass_by(days=300)
    status, checks = ask(each_world)
    assert status == 503
    assert not [each for each in (*CANARIES, person.handle) if each in str(checks)]
