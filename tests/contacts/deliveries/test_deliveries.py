"""What was sent is kept once, with its last outcome; rows that cannot be used are rejected."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from peewee import Database

from tests.support.contacts import ARTA, Run, arta, table_of
from tests.support.deliveries import HEADER, SENT, Report, kept, row
from tests.support.steady import Steady
from widget_backend.contacts.csv_reader import CsvRow
from widget_backend.contacts.deliveries import DeliveryRun, keep_reports
from widget_backend.contacts.delivery_file import Report as OneReport
from widget_backend.rules.deliveries import OUTCOMES
from widget_backend.site.model import Site
from widget_backend.store.erasure import forget
from widget_backend.store.models import Delivery


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
