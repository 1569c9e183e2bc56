"""The server signs a checkpoint of each site once a day, in steps between which mail is sent."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from peewee import Database

from tests.support.people import AT
from tests.support.sealing import INN, KEY, SHOP, lines_of, record_some, tamper
from tests.support.small_site import SITE
from widget_backend.actions.evidence import make_checkpoint
from widget_backend.jobs import schedule
from widget_backend.jobs.schedule import Schedule, Task, evidence_task
from widget_backend.site.load import load_site
from widget_backend.store import seals

DAY = 86_400


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "checkpoints"


@pytest.fixture
def task(tmp_path: Path, file: Path) -> Task:
    sites = []
    for name in (SHOP, INN):
        path = tmp_path / f"{name}.toml"
        path.write_text(SITE.replace('id = "shop"', f'id = "{name}"'), encoding="utf-8")
        sites.append(load_site(path).site)
    return evidence_task(lambda: sites, file, KEY)


def sizes(file: Path) -> list[tuple[str, int]]:
    return [(each["site"], each["size"]) for each in lines_of(file)]


def test_each_site_has_a_checkpoint_a_day(database: Database, task: Task, file: Path) -> None:
    record_some(database, 2)
    record_some(database, 3, INN)
    timetable = Schedule([task])
    for day in (0, 1):
        timetable.run_due(database, AT + day * DAY)
        timetable.run_due(database, AT + day * DAY + 1)
        record_some(database, 1)
    assert sizes(file) == [(SHOP, 2), (INN, 3), (SHOP, 3)]


def test_many_records_are_sealed_in_several_steps(
    database: Database, task: Task, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(seals, "BLOCK", 2)
    monkeypatch.setattr(schedule, "SEALED_AT_ONCE", 2)
    record_some(database, 9)
    steps = [task.step(database, AT) for _ in range(3)]
    assert steps == [True, True, False]
    assert sizes(file) == [(SHOP, 9)]


def test_a_file_of_another_database_is_left_as_it_is(
    database: Database, task: Task, file: Path, caplog: pytest.LogCaptureFixture
) -> None:
    record_some(database, 1)
    file.write_text("something else\n")
    Schedule([task]).run_due(database, AT)
    assert file.read_text() == "something else\n"
    (line,) = caplog.messages
    assert line.startswith(f"evidence of shop, inn failed, and is tried again in a day: {file}: ")


def test_a_site_whose_checkpoint_is_refused_stops_no_other(
    database: Database, task: Task, file: Path, caplog: pytest.LogCaptureFixture
) -> None:
    record_some(database, 3)
    record_some(database, 1, INN)
    timetable = Schedule([task])
    timetable.run_due(database, AT)
    # The records of the shop are those of a backup now.
    tamper(database, "DELETE FROM seal WHERE site = 'shop'")
    tamper(database, "DELETE FROM ledgervalue WHERE ledger_id = 3")
    tamper(database, "DELETE FROM ledger WHERE id = 3")
    for day in (1, 2):
        record_some(database, 1, INN)
        timetable.run_due(database, AT + day * DAY)
        (line,) = caplog.messages
        assert line.startswith("evidence of shop failed, and is tried again in a day: ")
        assert "there are only 2 sealed records here. name the database, or the file, " in line
        caplog.clear()
    assert sizes(file) == [(SHOP, 3), (INN, 1), (INN, 2), (INN, 3)]


def test_a_fault_of_ours_with_one_site_stops_no_other_and_is_told_by_its_kind(
    database: Database,
    task: Task,
    file: Path,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail_for_the_shop(database: Database, site: str, *rest: Any) -> Any:
        if site == SHOP:
            raise KeyError("somebody@example.com")
        return make_checkpoint(database, site, *rest)

    monkeypatch.setattr(schedule, "make_checkpoint", fail_for_the_shop)
    record_some(database, 1)
    record_some(database, 1, INN)
    Schedule([task]).run_due(database, AT)
    assert sizes(file) == [(INN, 1)]
    assert caplog.messages == ["evidence of shop failed, and is tried again in a day: KeyError"]
