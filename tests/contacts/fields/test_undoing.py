"""Undoing a run puts the values of fields back as they were before it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from peewee import Database

from tests.support.contacts import ARTA, BEN, Bring, Run
from tests.support.exports import Told, cursor_in
from tests.support.fields import stored, values


@pytest.fixture
def undo(run: Run, site_file: Path, tmp_path: Path) -> Callable[[int], dict[str, Any]]:
    def take_back(number: int) -> dict[str, Any]:
        left = tmp_path / "left.csv"
        options = ("--undo", number, "--by", "Mira", "--json", "-o", left)
        report: dict[str, Any] = json.loads(run("import", site_file, *options).output)
        return report

    return take_back


def test_undoing_a_run_puts_values_back_and_tells_the_next_export(
    bring: Bring,
    undo: Callable[[int], Any],
    fields_of: Callable[[], Any],
    run: Run,
    site_file: Path,
    told: Told,
) -> None:
    bring(f"{ARTA},Tirana,", f"{BEN},Vlorë,1")
    before = fields_of()
    bring(f"{ARTA},Durrës,5", f"{BEN},Vlorë,1")
    cursor = cursor_in(run("export", site_file, "--cursor", "start").stderr)
    assert undo(2)["restored"] == 2
    assert fields_of() == before
    assert [each["email"]["address"] for each in told(cursor, "--fields", "email")] == [ARTA]


def test_values_of_somebody_whom_the_run_made_go_with_them(
    bring: Bring, undo: Callable[[int], Any], database: Database
) -> None:
    bring(f"{ARTA},Tirana,1")
    assert undo(1)["deleted"] == 1
    assert stored(database) == []


def test_a_value_that_a_later_run_changed_stays(
    bring: Bring, undo: Callable[[int], Any], fields_of: Callable[[], Any]
) -> None:
    bring(f"{ARTA},Tirana,1")
    bring(f"{ARTA},Durrës,1")
    bring(f"{ARTA},Vlorë,1")
    assert undo(2)["left"] == 1
    assert values(fields_of()[ARTA])["city"] == "Vlorë"
    assert undo(3)["restored"] == 1
    assert values(fields_of()[ARTA])["city"] == "Durrës"


def test_somebody_who_is_in_the_file_twice_is_put_back_as_before_the_run(
    bring: Bring, undo: Callable[[int], Any], fields_of: Callable[[], Any]
) -> None:
    bring(f"{ARTA},Tirana,1")
    later = f"{ARTA},subscribed,2024-06-01 09:00:00,Vlorë,2,note"
    output = bring(f"{ARTA},Durrës,", f"{BEN},,\n{later}"[:-5])
    assert "1 new, 2 changed" in output
    assert values(fields_of()[ARTA]) == {"city": "Vlorë", "spent": 2}
    assert undo(2)["restored"] == 1
    assert values(fields_of()[ARTA]) == {"city": "Tirana", "spent": 1}
