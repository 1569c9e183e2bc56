"""`plan`, the command: its table, its files, and what it says when there is nothing to plan."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from tests.support.contacts import ARTA, BEN, OFF, Run
from tests.support.decisions import NOW, choice
from tests.support.exports import Add
from widget_backend.cli import plan as command
from widget_backend.contacts.audience import REASONS

WEEKLY = choice()
SENDING = """
[[campaigns]]
id = "spring"
topic = "offers"
sentence = "You asked for offers."
at = 2026-06-10T09:00:00
sender = "=1+1"
priority = -2
[[campaigns]]
id = "again"
topic = "offers"
sentence = "You asked for offers."
at = 2026-06-11T09:00:00
[[caps]]
most = 2
window = "7 days"
"""


@pytest.fixture
def plan(run: Run, site_file: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """The plan from a Tuesday in June on."""
    monkeypatch.setattr(command, "now", lambda: datetime.fromtimestamp(NOW, UTC))

    def make(*options: Any, sending: str = SENDING) -> Result:
        with site_file.open("a", encoding="utf-8") as text:
            text.write(sending)
        return run("plan", site_file, *options)

    return make


def test_a_plan_is_told_in_80_columns(add: Add, plan: Callable[..., Result]) -> None:
    add(ARTA, offers=WEEKLY)
    add(BEN, offers=WEEKLY, overall=OFF)
    result = plan("--weeks", 2)
    assert result.exit_code == 0, result.output
    lines = result.stdout.splitlines()
    assert max(map(len, lines)) <= 80
    table = [line.split() for line in lines]
    assert ["06-10", "09:00", "1", "0", "0", "0", "1", "spring"] in table
    assert "    1: left everything" in lines
    assert ["06-11", "09:00", "0", "0", "0", "1", "1", "again"] in table
    assert ["2026-06-08", "1", "1", "1", "0", "offers"] in table
    assert ["2026-06-15", "0", "1", "1", "1", "offers"] in table
    assert lines[0] == "Week of 2026-06-08: 1 message, at most 1 to one person; 0 of 1 people hear"


def test_all_numbers_are_in_the_csv_file_and_texts_are_guarded(
    add: Add, plan: Callable[..., Result], tmp_path: Path
) -> None:
    add(ARTA, offers=WEEKLY)
    add(BEN, offers=WEEKLY, overall=OFF)
    file = tmp_path / "plan.csv"
    assert plan("-o", file).exit_code == 0
    rows = list(csv.DictReader(io.StringIO(file.read_text("utf-8"), newline="")))
    spring, again = (row for row in rows if row["row"] == "campaign")
    assert (spring["at"], spring["sender"], spring["priority"], spring["messages"]) == (
        "2026-06-10T09:00+00:00", "'=1+1", "-2", "1",
    )  # fmt: skip
    assert again[REASONS["frequency", None]] == spring[REASONS["unsubscribed", None]] == "1"
    topics = [row for row in rows if row["row"] == "topic"]
    assert [
        (row["week"], row["topic"], row["messages"], row["hear_nothing"]) for row in topics
    ] == [
        ("2026-06-08", "offers", "1", "0"),
        ("2026-06-15", "offers", "0", "1"),
        ("2026-06-22", "offers", "0", "1"),
        ("2026-06-29", "offers", "0", "1"),
    ]
    assert rows[-1]["row"] == "all weeks"
    assert (rows[-1]["messages"], rows[-1]["could_hear"], rows[-1]["hear_nothing"]) == (
        "1",
        "1",
        "0",
    )


def test_a_plan_without_campaigns_says_how_to_get_one(
    add: Add, plan: Callable[..., Result], tmp_path: Path
) -> None:
    add(ARTA, offers=WEEKLY)
    page = tmp_path / "plan.html"
    result = plan("--from", "2026-07-01", "--page", page)
    assert result.exit_code == 0
    assert "No campaign is planned from 2026-06-29 to 2026-07-26: give one a time" in result.stderr
    assert "campaigns add" in page.read_text("utf-8")


def test_a_plan_for_nobody_says_so(plan: Callable[..., Result]) -> None:
    result = plan()
    assert result.exit_code == 0
    assert result.stderr == "Nobody is here yet: bring people in with preference-widget import.\n"
    assert "nobody could hear anything" in result.stdout


MISTAKES = [
    (("--from", "2026-06-08"), "--from 2026-06-08: is past. name a later day, or none."),
    (("--from", "Tuesday"), "--from Tuesday: is no day. write it like 2026-12-01."),
    (("--from", "9999-12-31"), "is more than a year ahead. name an earlier day."),
    (("--weeks", "0"), "0 is not in the range 1<=x<=26"),
    (("--weeks", "500"), "500 is not in the range 1<=x<=26"),
    (("--lang", "fr"), "--lang fr: the site does not speak it. choose one of en."),
    (("-o", "nowhere/plan.csv"), "nowhere/plan.csv: "),
    (("--page", "."), ".: cannot be written: is a directory."),
]


@pytest.mark.parametrize(("options", "told"), MISTAKES, ids=[" ".join(row[0]) for row in MISTAKES])
def test_a_mistake_is_one_line(
    plan: Callable[..., Result], options: tuple[str, ...], told: str
) -> None:
    result = plan(*options)
    assert result.exit_code != 0
    assert told in result.output
    assert result.output.count("\n") == 1


def test_no_output_replaces_the_site_file_or_the_other_one(
    plan: Callable[..., Result], site_file: Path, tmp_path: Path
) -> None:
    for options in (("-o", site_file), ("--page", site_file)):
        assert "SITE.toml: " in plan(*options, sending="").output
    both = tmp_path / "both"
    assert plan("-o", both, "--page", both, sending="").exit_code == 1
    assert not both.exists()
