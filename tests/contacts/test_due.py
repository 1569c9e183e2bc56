"""`due`: what people ask for by phone or letter, until when it is due, and that it was done."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from peewee import Database

from tests.support.contacts import (
    ARTA,
    BEN,
    NEWS,
    OFF,
    OFFERS,
    Export,
    Run,
    arta,
    found,
    say,
    table_of,
)
from tests.support.fields import declare_fields
from widget_backend.cli import due as command
from widget_backend.rules.law import NO_ADVICE, UNSEEN
from widget_backend.store.ledger import records
from widget_backend.store.models import Profile, Suppression
from widget_backend.store.models_of_requests import Request

NOW = datetime(2026, 12, 1, 12, tzinfo=UTC)
MAP = """
[topics]
"Offers" = "offers"
[fields]
"Country" = "country"
"""
HEADER = "Email Address,Status,OPTIN_TIME,TAGS,Country"
BY_MIRA = ("--by", "Mira")


class Clock:
    now = NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(command, "now", clock)
    return clock


@pytest.fixture
def due(run: Run, site_file: Path, tmp_path: Path, clock: Clock) -> Callable[..., Result]:
    """Runs `due` for a shop in Tirana that knows Arta, in Italy, and Ben, who is somewhere."""
    text = site_file.read_text(encoding="utf-8")
    places = 'time_zone = "Europe/Tirane"\ncountries = ["AL", "IT", "US"]\n'
    site_file.write_text(places + text, encoding="utf-8")
    declare_fields(site_file)
    file, tags = tmp_path / "list.csv", tmp_path / "tags.toml"
    agreed = "subscribed,2024-01-01 09:00:00,Offers"
    file.write_text(f"{HEADER}\n{ARTA},{agreed},IT\n{BEN},{agreed},\n", encoding="utf-8")
    tags.write_text(MAP, encoding="utf-8")
    assert run("import", site_file, file, "--map", tags).exit_code == 0

    def invoke(*words: Any, **environment: str) -> Result:
        first, *rest = words or ("list",)
        is_named = first in {"add", "done", "list"}
        arguments = (first, site_file, *rest) if is_named else (site_file, *words)
        return run("due", *arguments, **environment)

    return invoke


Due = Callable[..., Result]


def add(due: Due, what: str, *options: str, received: str = "2026-11-30", who: str = ARTA) -> str:
    how = options or ("--by-phone",)
    result = due("add", who, "--what", what, *how, "--received", received, *BY_MIRA)
    assert result.exit_code == 0, result.output
    return result.stdout


def listed(due: Due, *options: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in due(*options, "--json").stdout.splitlines()]


def states(due: Due, *options: str) -> list[str]:
    """The last column of the table."""
    header, *rows = due(*options).stdout.splitlines()[:-1]
    at = header.index("state")
    return [row[at:] for row in rows if not row.startswith("*")]


# ── recording ───────────────────────────────────────────────────────────────────────────────


def test_a_request_is_due_by_the_law_of_the_persons_place(due: Due) -> None:
    first, law, *_, last = add(due, "data", "--by-letter", received="2026-11-20").splitlines()
    assert first == ("request 1: a copy of their data, due by 2026-12-20, for somebody in Italy.")
    assert law == "By Regulation (EU) 2016/679 (GDPR), Article 12(3) (1 month)."
    assert last == NO_ADVICE


def test_of_somebody_somewhere_it_is_due_by_the_strictest_of_the_sites_countries(due: Due) -> None:
    first, law, *_ = add(due, "correct", received="2026-12-01", who=BEN).splitlines()
    assert (
        first == "request 1: a correction, due by 2026-12-31, for somebody in an unknown country."
    )
    assert "Law 124/2024" in law
    assert UNSEEN in law


def test_the_table_has_the_most_urgent_first(due: Due) -> None:
    add(due, "data", "--by-letter", received="2026-11-20")
    add(due, "stop", received="2026-12-01", who=BEN)
    header, *rows, last = due().stdout.splitlines()
    assert header.split() == [
        "request",
        "asks",
        "for",
        "who",
        "received",
        "by",
        "due",
        "law",
        "state",
    ]
    assert [" ".join(row.split()) for row in rows] == [
        f"2 no more messages {BEN} 2026-12-01 phone 2026-12-01 eea due today",
        f"1 a copy of their data {ARTA} 2026-11-20 letter 2026-12-20 eea 19 days left",
    ]
    assert last == NO_ADVICE


def test_a_rule_that_nobody_has_read_at_its_source_has_a_star(due: Due) -> None:
    add(due, "correct", received="2026-12-01", who=BEN)
    *_, row, star, last = due().stdout.splitlines()
    assert " al* " in row
    assert (star, last) == (f"* {UNSEEN}", NO_ADVICE)
    assert [each["law_seen"] for each in listed(due)] == [False]


def test_json_has_an_object_a_line(due: Due) -> None:
    add(due, "data", "--by-letter", received="2026-11-20")
    assert listed(due) == [
        {
            "request": 1,
            "asks_for": "data",
            "email": ARTA,
            "received": "2026-11-20",
            "by": "letter",
            "due": "2026-12-20",
            "law": "eea",
            "law_seen": True,
            "late": False,
            "recorded_by": "Mira",
            "done": None,
            "done_by": None,
        }
    ]


def test_recorded_twice_it_is_one(due: Due) -> None:
    assert add(due, "erase").startswith("request 1: ")
    assert add(due, "erase").startswith("request 1: ")
    assert add(due, "erase", received="2026-12-01").startswith("request 2: ")
    assert add(due, "data").startswith("request 3: ")


def test_nothing_is_one_line(due: Due) -> None:
    result = due()
    assert (result.exit_code, result.stdout, result.stderr) == (0, "", "Nothing is due.\n")


MISTAKES = {
    "no way": (("data", "--received", "2026-12-01"), "say how it came: --by-phone or --by-letter"),
    "two ways": (
        ("data", "--by-phone", "--by-letter", "--received", "2026-12-01"),
        "say how it came: --by-phone or --by-letter",
    ),
    "a day that is to come": (
        ("data", "--by-phone", "--received", "2026-12-02"),
        "--received 2026-12-02 is to come, or is ten years ago: see the year",
    ),
    "a slip of the pen": (
        ("data", "--by-phone", "--received", "0206-12-01"),
        "--received 0206-12-01 is to come, or is ten years ago: see the year",
    ),
    "an unknown wish": (
        ("pause", "--by-phone", "--received", "2026-12-01"),
        "'pause' is not one of",
    ),
    "no day": (("data", "--by-phone"), "missing option '--received'"),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_bad_input_is_one_line_and_keeps_nothing(
    due: Due, database: Database, mistake: str
) -> None:
    words, says = MISTAKES[mistake]
    result = due("add", ARTA, "--what", *words, *BY_MIRA)
    assert result.exit_code == 2
    assert says in result.stderr
    assert result.stderr.count("\n") == 1
    assert not Request.select().count(database)


def test_somebody_nobody_knows_is_one_line(due: Due, database: Database) -> None:
    result = due("add", "x@example.com", "--what", "stop", "--by-phone", "--received", "2026-12-01")
    assert result.exit_code == 1
    assert "ADDRESS: nobody has it. see how it is written.\n" in result.stderr
    assert not Request.select().count(database)


# ── no more messages ────────────────────────────────────────────────────────────────────────


def test_no_more_messages_takes_effect_at_once_with_its_evidence(
    due: Due, database: Database
) -> None:
    output = add(due, "stop", "--by-letter")
    assert "Everything is turned off here.\n" in output
    person = arta(database)
    assert person.profile.state["overall"] == OFF
    last = records(database, person.profile.ledger_key)[-1]
    assert (last.door, last.evidence) == ("letter", {"received": "2026-11-30", "by": "Mira"})
    assert found(database, BEN)[BEN].profile.state.reach == "as_chosen"


def test_it_was_said_at_the_end_of_its_day_by_the_sites_clocks(
    due: Due, database: Database
) -> None:
    add(due, "stop", received="2026-11-30")
    end = datetime(2026, 11, 30, 23, tzinfo=UTC)
    assert arta(database).times.overall == int(end.timestamp()) - 1


def test_what_they_agreed_to_since_stays_on_and_the_staff_are_told(
    due: Due, database: Database
) -> None:
    later = int(datetime(2026, 12, 1, 9, tzinfo=UTC).timestamp())
    say(database, {"topic:news": NEWS}, later)
    output = add(due, "stop", received="2026-11-30")
    assert "They have agreed again since 2026-11-30: that stays on.\n" in output
    state = arta(database).profile.state
    assert state["topic:offers"] == {**OFFERS, "on": False}
    assert state["topic:news"] == NEWS


def test_an_older_yes_does_not_bring_them_back(
    due: Due, run: Run, database: Database, site_file: Path, export_of: Export
) -> None:
    add(due, "stop", received="2026-11-30")
    run("import", site_file, export_of("subscribed", ARTA), "--topic", "offers")
    assert arta(database).profile.state["overall"] == OFF


def test_who_is_off_by_an_import_stays_off_when_that_is_undone(
    due: Due, run: Run, database: Database, site_file: Path, export_of: Export
) -> None:
    run("import", site_file, export_of("unsubscribed", ARTA))
    add(due, "stop", received="2026-11-30")
    assert run("import", site_file, "--undo", "2", *BY_MIRA).exit_code == 0
    assert arta(database).profile.state["overall"] == OFF


def test_it_is_among_the_changes_that_other_systems_are_told(
    due: Due, run: Run, site_file: Path
) -> None:
    before = run("export", site_file, "--cursor", "start").stderr.split()[-1]
    add(due, "stop")
    (row,) = table_of(run("export", site_file, "--cursor", before).stdout)
    assert (row["email"], row["status"]) == (ARTA, "unsubscribed")


def test_a_repeated_stop_changes_nothing_more(due: Due, database: Database) -> None:
    add(due, "stop")
    revision = arta(database).profile.revision
    add(due, "stop")
    assert arta(database).profile.revision == revision


# ── late ────────────────────────────────────────────────────────────────────────────────────

LATE = [
    ("on its last day, by the site's clocks", datetime(2026, 12, 20, 22, 59, tzinfo=UTC), 0),
    ("at the midnight after it", datetime(2026, 12, 20, 23, tzinfo=UTC), 1),
    ("days later", datetime(2026, 12, 25, tzinfo=UTC), 1),
]


@pytest.mark.parametrize(("moment", "code"), [c[1:] for c in LATE], ids=[c[0] for c in LATE])
def test_overdue_is_an_exit_code_for_cron(
    due: Due, clock: Clock, moment: datetime, code: int
) -> None:
    add(due, "data", received="2026-11-20")
    clock.now = moment
    for option in ((), ("--json",)):
        result = due("--overdue", *option)
        assert result.exit_code == code
        assert bool(result.stdout) == bool(code)
    assert due().exit_code == 0


def test_the_table_says_how_late_it_is(due: Due, clock: Clock) -> None:
    add(due, "data", received="2026-11-20")
    told = []
    for day in (18, 19, 20, 21, 22):
        clock.now = datetime(2026, 12, day, 12, tzinfo=UTC)
        told += states(due)
    assert told == [
        "2 days left",
        "1 day left",
        "due today",
        "overdue by 1 day",
        "overdue by 2 days",
    ]


# ── done ────────────────────────────────────────────────────────────────────────────────────


def test_done_is_no_longer_due_but_kept(due: Due, clock: Clock) -> None:
    add(due, "data", received="2026-11-20")
    add(due, "correct", received="2026-11-20")
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
        add(due, what)
    due("done", "1", *BY_MIRA)
    before = list(Request.select().tuples().execute(database))
    words, says = REFUSED[case]
    result = due("done", *words, *BY_MIRA)
    assert (result.exit_code, result.stderr) == (1, says)
    assert list(Request.select().tuples().execute(database)) == before
    assert Profile.select().count(database) == 2


def test_a_request_of_another_site_is_none(due: Due, database: Database) -> None:
    add(due, "data")
    Request.update(site="inn").execute(database)
    assert "there is none" in due("done", "1", *BY_MIRA).stderr
    assert due().stderr == "Nothing is due.\n"


# ── deletion ────────────────────────────────────────────────────────────────────────────────


def test_erasing_deletes_the_person_and_keeps_that_it_was_done_in_time(
    due: Due, database: Database
) -> None:
    add(due, "erase")
    result = due("done", "1", "--erase", *BY_MIRA)
    assert result.output == "request 1: done, in time. The data of the person is deleted.\n"
    assert not found(database, ARTA)
    assert Suppression.select().count(database) == 1, "no import brings them back"
    (kept,) = listed(due, "--all")
    assert (kept["email"], kept["done"], kept["done_by"]) == (None, "2026-12-01", "Mira")
    (row,) = Request.select().tuples().execute(database)
    assert ARTA not in repr(row)
    assert "(deleted)" in due("--all").stdout


def test_erasing_needs_the_keys_and_changes_nothing_without_them(
    due: Due, database: Database
) -> None:
    add(due, "erase")
    result = due("done", "1", "--erase", *BY_MIRA, WIDGET_SIGNING_KEYS="")
    assert result.exit_code == 1
    assert "WIDGET_SIGNING_KEYS" in result.stderr
    assert found(database, ARTA)
    assert len(listed(due)) == 1


def test_a_request_may_be_closed_without_deleting(due: Due, database: Database) -> None:
    add(due, "erase")
    assert due("done", "1", "--keep", *BY_MIRA).output == "request 1: done, in time.\n"
    assert found(database, ARTA)


def test_with_the_data_goes_what_else_was_open_but_not_that_they_want_an_answer(
    due: Due,
) -> None:
    for what in ("stop", "correct", "data", "erase"):
        add(due, what)
    due("done", "4", "--erase", *BY_MIRA)
    assert [(each["asks_for"], each["email"]) for each in listed(due)] == [("data", None)]
    assert due("done", "3", *BY_MIRA).exit_code == 0


def test_who_asked_for_something_is_not_deleted_when_their_import_is_undone(
    due: Due, run: Run, database: Database, site_file: Path
) -> None:
    add(due, "data")
    assert run("import", site_file, "--undo", "1", *BY_MIRA).exit_code == 0
    assert [*found(database, ARTA, BEN)] == [ARTA]
    assert len(listed(due)) == 1
