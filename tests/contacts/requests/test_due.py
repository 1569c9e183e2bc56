"""`due`: what people asked for by phone or letter, and until when it is due."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from peewee import Database

from tests.support.contacts import ARTA, BEN
from tests.support.requests import BY_MIRA, Clock, Due, ask, listed, states
from widget_backend.rules.law import NO_ADVICE, UNSEEN
from widget_backend.store.models_of_requests import Request


def test_a_request_is_due_by_the_law_of_the_persons_place(due: Due) -> None:
    first, law, *_, last = ask(due, "data", "--by-letter", received="2026-11-20").splitlines()
    assert first == ("request 1: a copy of their data, due by 2026-12-20, for somebody in Italy.")
    assert law == "By Regulation (EU) 2016/679 (GDPR), Article 12(3) (1 month)."
    assert last == NO_ADVICE


def test_of_somebody_somewhere_it_is_due_by_the_strictest_of_the_sites_countries(due: Due) -> None:
    first, law, *_ = ask(due, "correct", received="2026-12-01", who=BEN).splitlines()
    assert (
        first == "request 1: a correction, due by 2026-12-31, for somebody in an unknown country."
    )
    assert "Law 124/2024" in law
    assert UNSEEN in law


def test_the_table_has_the_most_urgent_first(due: Due) -> None:
    ask(due, "data", "--by-letter", received="2026-11-20")
    ask(due, "stop", received="2026-12-01", who=BEN)
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
    ask(due, "correct", received="2026-12-01", who=BEN)
    *_, row, star, last = due().stdout.splitlines()
    assert " al* " in row
    assert (star, last) == (f"* {UNSEEN}", NO_ADVICE)
    assert [each["law_seen"] for each in listed(due)] == [False]


def test_json_has_an_object_a_line(due: Due) -> None:
    ask(due, "data", "--by-letter", received="2026-11-20")
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
    assert ask(due, "erase").startswith("request 1: ")
    assert ask(due, "erase").startswith("request 1: ")
    assert ask(due, "erase", received="2026-12-01").startswith("request 2: ")
    assert ask(due, "data").startswith("request 3: ")


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


# ── late ──────────────────────────────────────────────────────────────────────────────────────────

LATE = [
    ("on its last day, by the site's clocks", datetime(2026, 12, 20, 22, 59, tzinfo=UTC), 0),
    ("at the midnight after it", datetime(2026, 12, 20, 23, tzinfo=UTC), 1),
    ("days later", datetime(2026, 12, 25, tzinfo=UTC), 1),
]


@pytest.mark.parametrize(("moment", "code"), [c[1:] for c in LATE], ids=[c[0] for c in LATE])
def test_overdue_is_an_exit_code_for_cron(
    due: Due, clock: Clock, moment: datetime, code: int
) -> None:
    ask(due, "data", received="2026-11-20")
    clock.now = moment
    for option in ((), ("--json",)):
        result = due("--overdue", *option)
        assert result.exit_code == code
        assert bool(result.stdout) == bool(code)
    assert due().exit_code == 0


def test_the_table_says_how_late_it_is(due: Due, clock: Clock) -> None:
    ask(due, "data", received="2026-11-20")
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
