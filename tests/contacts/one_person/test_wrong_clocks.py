"""A no on the phone counts whatever the clocks say by which a yes was stored."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from peewee import Database

from tests.support.contacts import ARTA, NEWS, OFF, OFFERS, Run, arta, found, say
from tests.support.one_person import Contact
from tests.support.requests import NOW

AT = int(NOW.timestamp())
BACK = {"reach": "as_chosen", "until": None}
NORA = "nora@example.com"
BELONGS_TO_ARTA = ("key", "phone", "customer")


def overall_of(database: Database, email: str) -> Any:
    return found(database, email)[email].profile.state.overall


@pytest.mark.parametrize("ahead", [1, 3600])
def test_a_topic_goes_off_whose_yes_is_of_a_clock_that_runs_ahead(
    ahead: int, contact: Contact, database: Database
) -> None:
    say(database, {"topic:news": NEWS}, AT + ahead)
    assert contact("wish", ARTA, "--off", "news").exit_code == 0
    assert not arta(database).profile.state.is_subscribed("news")
    assert arta(database).times.topic("news") == AT + ahead, "so that no older yes counts later"


@pytest.mark.parametrize("ahead", [1, 3600])
def test_who_left_and_came_back_can_leave_again(
    ahead: int, contact: Contact, database: Database
) -> None:
    say(database, {"overall": OFF}, AT - 86_400)
    say(database, {"overall": BACK, "topic:offers": OFFERS, "topic:news": NEWS}, AT + ahead)
    assert contact("wish", ARTA, "--leave").exit_code == 0
    assert overall_of(database, ARTA) == OFF


def test_a_time_still_to_come_in_an_export_of_ours_keeps_nobody(
    contact: Contact, run: Run, site_file: Path, database: Database, tmp_path: Path
) -> None:
    head, *rows = run("export", site_file, "--fields", "all").stdout.splitlines()
    (row,) = (each for each in rows if ARTA in each)
    cells = dict(zip(head.split(","), row.split(","), strict=True))
    cells |= dict.fromkeys(BELONGS_TO_ARTA, "")
    cells |= {"email": NORA, "overall": "as_chosen", "left_at": "2020-01-01T00:00:00Z"}
    cells |= dict.fromkeys(("overall_at", "spoke_at"), "2099-11-30T10:00:00Z")
    file = tmp_path / "own.csv"
    file.write_text("\n".join((head, ",".join(cells.values()))) + "\n", encoding="utf-8")
    assert "1 new" in run("import", site_file, file).stdout
    times = found(database, NORA)[NORA].times
    assert max(times.overall or 0, times.spoke or 0) <= AT
    assert contact("wish", NORA, "--leave").exit_code == 0
    assert overall_of(database, NORA) == OFF
