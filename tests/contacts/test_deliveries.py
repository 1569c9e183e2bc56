"""What was sent is kept once, and what people and mailboxes said to it counts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from peewee import Database

from tests.support.contacts import ARTA, OFFERS, Run, arta, say, table_of
from tests.support.steady import Steady
from widget_backend.contacts.csv_reader import CsvRow
from widget_backend.contacts.deliveries import DeliveryRun, keep_reports
from widget_backend.contacts.delivery_file import Report as OneReport
from widget_backend.rules.deliveries import OUTCOMES
from widget_backend.site.model import Site
from widget_backend.store.erasure import forget
from widget_backend.store.ledger import records
from widget_backend.store.models import Delivery

SENT = "2026-03-01 09:00:00"
HEADER = "email,campaign,channel,sent_at,outcome"
SMS = {"on": True, "channel": "sms", "frequency": "weekly"}

Report = Callable[..., str]


@pytest.fixture
def report(run: Run, site_file: Path, tmp_path: Path) -> Report:
    """Bring in deliveries of Arta's, one row each; returns what is printed."""
    file = tmp_path / "known.csv"
    file.write_text(
        f"Email Address,OPTIN_TIME,CONFIRM_TIME\n{ARTA},2024-01-01,\n", encoding="utf-8"
    )
    run("import", site_file, file, "--topic", "offers")
    for name, topic in (("spring", "offers"), ("digest", "news")):
        run("campaigns", "add", site_file, name, "--topic", topic, "--sentence", "You asked.")

    def bring(*rows: str, header: str = HEADER, options: tuple[Any, ...] = ()) -> str:
        deliveries = tmp_path / "sent.csv"
        deliveries.write_text("\n".join((header, *rows, "")), encoding="utf-8")
        return run("deliveries", site_file, deliveries, *options).output

    return bring


def row(outcome: str = "sent", sent_at: str = SENT, campaign: str = "spring") -> str:
    return f"{ARTA},{campaign},email,{sent_at},{outcome}"


def kept(database: Database) -> list[tuple[str, str, str, str]]:
    columns = (Delivery.campaign, Delivery.topic, Delivery.channel, Delivery.outcome)
    return list(Delivery.select(*columns).order_by(Delivery.sent_at).tuples().execute(database))


def test_a_message_is_kept_once_with_the_topic_of_its_campaign(
    report: Report, database: Database
) -> None:
    rows = row(), row(campaign="digest", sent_at="2026-03-02T09:00:00+01:00")
    assert "2 new, 0 known already, 0 rejected" in report(*rows)
    assert "0 new, 2 known already, 0 rejected" in report(*rows)
    assert kept(database) == [
        ("spring", "offers", "email", "sent"),
        ("digest", "news", "email", "sent"),
    ]


def test_a_message_that_stands_twice_in_a_file_is_one(report: Report, database: Database) -> None:
    assert "1 new, 1 known already, 0 rejected" in report(row(), row())
    assert len(kept(database)) == 1


def test_no_more_are_kept_at_once_than_saves_can_wait_for(
    report: Report, database: Database, site: Site
) -> None:
    report()
    rows = (CsvRow(line, ()) for line in range(2, 9))
    reports = [
        OneReport(each, None, ARTA, "spring", "email", each.line, "sent", None) for each in rows
    ]
    batches: list[int] = []
    run = DeliveryRun(site, datetime(2026, 11, 22, tzinfo=UTC), {"spring": "offers"})
    keep_reports(
        database,
        run,
        reports,
        reject=lambda *_: None,
        after_each=lambda: batches.append(Delivery.select().count(database)),
        pace=Steady(3),
    )
    assert batches == [3, 6, 7]


@pytest.mark.parametrize("is_reversed", [False, True])
@pytest.mark.parametrize("in_one_file", [False, True])
def test_the_last_outcome_counts_in_whatever_order_it_is_reported(
    report: Report, database: Database, is_reversed: bool, in_one_file: bool
) -> None:
    rows = [row(outcome) for outcome in ("sent", "delivered", "soft_bounce")]
    rows = rows[::-1] if is_reversed else rows
    for file in [rows] if in_one_file else [[each] for each in rows]:
        report(*file)
    assert [outcome for *_, outcome in kept(database)] == ["soft_bounce"]


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_only_a_complaint_turns_off_and_only_a_hard_bounce_makes_undeliverable(
    report: Report, database: Database, run: Run, site_file: Path, outcome: str
) -> None:
    report(row(outcome))
    assert arta(database).profile.state["topic:offers"]["on"] == (outcome != "complaint")
    (exported,) = table_of(run("export", site_file).stdout)
    assert (exported["status"] == "undeliverable") == (outcome == "hard_bounce")


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


@pytest.mark.parametrize(
    ("bad", "reason", "cure"),
    [
        (
            f"b@example.com,spring,email,{SENT},sent",
            "is about nobody who is known here",
            "import this person, then this row",
        ),
        (
            f",spring,email,{SENT},sent",
            "names nobody: no person, and no email address",
            "write who it is about",
        ),
        (
            f"{ARTA},autumn,email,{SENT},sent",
            "is of a campaign that is not known here",
            "register it with “campaigns add”",
        ),
        (
            f"{ARTA},spring,fax,{SENT},sent",
            "has no channel known here: email, sms, phone, post",
            "write one of these, or name the channel with by_channel",
        ),
        (
            f"{ARTA},spring,email,{SENT},opened",
            "has no outcome known here: sent, delivered",
            "write one of these, or say what the word means",
        ),
        (
            f"{ARTA},spring,email,3/1/2026,sent",
            "has no time in ISO 8601 at which it was sent",
            "write the time as 2026-03-01 09:00:00",
        ),
        (
            f"{ARTA},spring,email,2999-01-01,sent",
            "at a time that is still to come",
            "put the time right",
        ),
    ],
)
def test_a_row_that_cannot_be_used_is_rejected_with_the_reason_and_the_cure(
    report: Report, database: Database, tmp_path: Path, bad: str, reason: str, cure: str
) -> None:
    assert "1 new, 0 known already, 1 rejected" in report(bad, row())
    (rejected,) = table_of((tmp_path / "sent.csv.rejects.csv").read_text(encoding="utf-8"))
    assert reason in rejected["reason"]
    assert rejected["cure"].startswith(cure)
    assert rejected["line"] == "2"
    assert len(kept(database)) == 1


def test_a_person_can_be_named_as_an_export_names_them(report: Report, database: Database) -> None:
    person = arta(database).profile.ledger_key
    header = HEADER.replace("email", "person", 1)
    assert "1 new" in report(row().replace(ARTA, person), header=header)
    assert "1 known already" in report(row())


MAP = """
separator = ";"
email = "Recipient"
of_campaign = "spring"
by_channel = "email"
sent_at = "Sent"
outcome = "Result"
[outcomes]
sent = ["OK"]
hard_bounce = ["No mailbox"]
"""


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("", "", "1 new, 0 known already, 0 rejected"),
        ('"Recipient"', '"Reciever"', "line 1: no column is called “person” or “Reciever”"),
        ('sent_at = "Sent"', "", "line 1: no column is called “sent_at”"),
        ('of_campaign = "spring"', "", "line 1: no column is called “campaign”"),
        ('"email"', '"e-mail"', "by_channel: “e-mail” is not a channel"),
        ("sent =", "gone =", "outcomes.gone: is not a known key"),
    ],
)
def test_a_map_names_the_columns_and_the_words_of_another_report(
    report: Report, tmp_path: Path, before: str, after: str, told: str
) -> None:
    column_map = tmp_path / "columns.toml"
    column_map.write_text(MAP.replace(before, after, 1) if before else MAP, encoding="utf-8")
    row = f"{ARTA};{SENT};No mailbox"
    assert told in report(row, header="Recipient;Sent;Result", options=("--columns", column_map))


def test_deliveries_go_with_the_person(report: Report, database: Database) -> None:
    report(row())
    person = arta(database).profile
    forget(database, {person.id: person.ledger_key})
    assert kept(database) == []
