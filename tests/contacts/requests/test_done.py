"""`due done`: what was asked for is done, and with deletion the person is gone."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from peewee import Database

from tests.support.contacts import ARTA, BEN, Run, found
from tests.support.requests import BY_MIRA, NOW, Clock, Due, ask, listed, states
from widget_backend.store.models import Profile, Suppression
from widget_backend.store.models_of_requests import Request
from widget_backend.store.suppression_file import SuppressionFile


def test_done_is_no_longer_due_but_kept(due: Due, clock: Clock) -> None:
    ask(due, "data", received="2026-11-20")
    ask(due, "correct", received="2026-11-20")
    result = due("done", "1", "--by", "Ben")
    assert result.output == "request 1: done, in time.\n"
    assert [each["request"] for each in listed(due)] == [2]
    clock.now = NOW + timedelta(30)
    assert due("done", "2", "--by", "Ben").output == "request 2: done, late.\n"
    assert due().stderr == "Nothing is due.\n"
    assert states(due, "--all") == [
        "done on 2026-12-01 by Ben",
        "done on 2026-12-31 by Ben, late",
    ]
    assert due("--all", "--overdue").exit_code == 1


REFUSED = {
    "an unknown number": (("9",), "request 9: there is none. see their numbers with “due”.\n"),
    "done already": (("1",), "request 1: it was done on 2026-12-01. nothing is left to do.\n"),
    "deletion that was not asked for": (
        ("2", "--erase"),
        "request 2: it does not ask for deletion. leave out --erase and --keep.\n",
    ),
    "data that is still here": (
        ("3",),
        "request 3: the data of the person is still here. delete it with --erase, or say --keep.\n",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_done_is_one_line_and_changes_nothing(
    due: Due, database: Database, case: str
) -> None:
    for what in ("data", "correct", "erase"):
        ask(due, what)
    due("done", "1", *BY_MIRA)
    before = list(Request.select().tuples().execute(database))
    words, says = REFUSED[case]
    result = due("done", *words, *BY_MIRA)
    assert (result.exit_code, result.stderr) == (1, says)
    assert list(Request.select().tuples().execute(database)) == before
    assert Profile.select().count(database) == 2


def test_a_request_of_another_site_is_none(due: Due, database: Database) -> None:
    ask(due, "data")
    Request.update(site="inn").execute(database)
    assert "there is none" in due("done", "1", *BY_MIRA).stderr
    assert due().stderr == "Nothing is due.\n"


# ── deletion ──────────────────────────────────────────────────────────────────────────────────────


def test_erasing_deletes_the_person_and_keeps_that_it_was_done_in_time(
    due: Due, database: Database
) -> None:
    ask(due, "erase")
    result = due("done", "1", "--erase", *BY_MIRA)
    assert result.output == "request 1: done, in time. The data of the person is deleted.\n"
    assert not found(database, ARTA)
    assert Suppression.select().count(database) == 1, "no import brings them back"
    (kept,) = listed(due, "--all")
    assert (kept["email"], kept["done"], kept["done_by"]) == (None, "2026-12-01", "Mira")
    (row,) = Request.select().tuples().execute(database)
    assert ARTA not in repr(row)
    assert "(deleted)" in due("--all").stdout


def test_erasing_adds_the_person_to_the_file_of_suppressions(
    due: Due, database: Database, tmp_path: Path
) -> None:
    ask(due, "erase")
    file = tmp_path / "suppressions"
    due("done", "1", "--erase", *BY_MIRA, WIDGET_SUPPRESSIONS=str(file))
    (line,) = SuppressionFile(file).read()
    assert (len(line.people), len(line.hashes)) == (1, 1)


def test_erasing_needs_the_keys_and_changes_nothing_without_them(
    due: Due, database: Database
) -> None:
    ask(due, "erase")
    result = due("done", "1", "--erase", *BY_MIRA, WIDGET_SIGNING_KEYS="")
    assert result.exit_code == 1
    assert "WIDGET_SIGNING_KEYS" in result.stderr
    assert found(database, ARTA)
    assert len(listed(due)) == 1


def test_a_request_may_be_closed_without_deleting(due: Due, database: Database) -> None:
    ask(due, "erase")
    assert due("done", "1", "--keep", *BY_MIRA).output == "request 1: done, in time.\n"
    assert found(database, ARTA)


def test_with_the_data_goes_what_else_was_open_but_not_that_they_want_an_answer(
    due: Due,
) -> None:
    for what in ("stop", "correct", "data", "erase"):
        ask(due, what)
    due("done", "4", "--erase", *BY_MIRA)
    assert [(each["asks_for"], each["email"]) for each in listed(due)] == [("data", None)]
    assert due("done", "3", *BY_MIRA).exit_code == 0


def test_who_asked_for_something_is_not_deleted_when_their_import_is_undone(
    due: Due, run: Run, database: Database, site_file: Path
) -> None:
    ask(due, "data")
    assert run("import", site_file, "--undo", "1", *BY_MIRA).exit_code == 0
    assert [*found(database, ARTA, BEN)] == [ARTA]
    assert len(listed(due)) == 1
