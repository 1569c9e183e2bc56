"""A complaint turns off what came through its channel, unless people agreed after it."""

from __future__ import annotations

from pathlib import Path

import pytest
from peewee import Database

from tests.support.contacts import ARTA, OFFERS, Run, arta, say
from tests.support.deliveries import HEADER, SENT, Report, row
from widget_backend.store.ledger import records

SMS = {"on": True, "channel": "sms", "frequency": "weekly"}


def test_a_complaint_turns_off_what_comes_through_its_channel_with_evidence(
    report: Report, database: Database
) -> None:
    say(database, {"topic:news": SMS}, at=1_700_000_000)
    assert "1 left by a complaint" in report(row("complaint"))
    person = arta(database).profile
    assert not person.state.is_subscribed("offers")
    assert person.state["topic:news"] == SMS
    last = records(database, person.ledger_key)[-1]
    assert last.door == "delivery"
    assert last.evidence == {"outcome": "complaint", "campaign": "spring"}
    assert "0 left by a complaint" in report(row("complaint"))


@pytest.mark.parametrize(
    ("reported", "stays"), [("2026-03-05", True), ("2999-01-01", True), ("", False)]
)
def test_what_was_agreed_to_after_a_complaint_stays(
    report: Report, database: Database, reported: str, stays: bool
) -> None:
    """Without a time it may have been made at any time up to now."""
    say(database, {"topic:news": {**OFFERS, "frequency": "monthly"}}, at=1_788_000_000)
    report(f"{row('complaint')},{reported}", header=f"{HEADER},reported_at")
    assert arta(database).profile.state["topic:news"]["on"] == stays


def test_who_came_back_after_a_complaint_is_not_turned_off_by_the_same_file(
    report: Report, database: Database
) -> None:
    report(row("complaint"))
    say(database, {"topic:offers": OFFERS})
    report(row("complaint"))
    assert arta(database).profile.state["topic:offers"]["on"]


def left_everything(run: Run, site_file: Path, tmp_path: Path) -> None:
    file = tmp_path / "left.csv"
    file.write_text(f"Email Address,UNSUB_TIME\n{ARTA},2024-02-01\n", encoding="utf-8")
    run("import", site_file, file)


def agreed_to(run: Run, site_file: Path, tmp_path: Path, topic: str, when: str) -> None:
    file = tmp_path / "agreed.csv"
    file.write_text(f"Email Address,OPTIN_TIME,CONFIRM_TIME\n{ARTA},{when},\n", encoding="utf-8")
    run("import", site_file, file, "--topic", topic)


COMPLAINT = f"{row('complaint')},2026-03-05"


@pytest.mark.parametrize("when", ["2025-01-01", "2026-03-06"])
@pytest.mark.parametrize("topic", ["offers", "trade-lists"])
@pytest.mark.parametrize("has_left", [False, True])
def test_a_complaint_is_later_than_a_yes_from_before_it_in_a_file_that_comes_after_it(
    report: Report,
    run: Run,
    site_file: Path,
    database: Database,
    tmp_path: Path,
    has_left: bool,
    topic: str,
    when: str,
) -> None:
    """Also where nothing was on when it came: never chosen, or left earlier."""
    if has_left:
        left_everything(run, site_file, tmp_path)
    report(COMPLAINT, header=f"{HEADER},reported_at")
    agreed_to(run, site_file, tmp_path, topic, when)
    state = arta(database).profile.state
    gets_it = state.reach != "off" and state.is_subscribed(topic)
    assert gets_it == (when > "2026-03-05")


def test_no_undo_takes_back_a_complaint_that_came_when_everything_was_off(
    report: Report, run: Run, site_file: Path, database: Database, tmp_path: Path
) -> None:
    report(COMPLAINT.replace("2026-03-05", "2026-03-04"), header=f"{HEADER},reported_at")
    left_everything(run, site_file, tmp_path)
    again = COMPLAINT.replace(SENT, "2026-03-05 09:00:00")
    assert "1 new" in report(again, header=f"{HEADER},reported_at")
    options = ("--undo", "2", "--by", "Mira", "-o", tmp_path / "stay.csv")
    assert "1 left as they are" in run("import", site_file, *options).output
    agreed_to(run, site_file, tmp_path, "trade-lists", "2026-03-04T12:00:00")
    state = arta(database).profile.state
    assert state.reach == "off" or not state.is_subscribed("trade-lists")
