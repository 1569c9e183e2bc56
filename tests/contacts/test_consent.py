"""Nobody is subscribed who did not agree: no time, no status, no word of anybody is no consent."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from peewee import Database

from tests.support.contacts import (
    ARTA,
    OFF,
    OFFERS,
    WHEN,
    Bring,
    arta,
    evidence_of,
    found,
    say,
    table_of,
)
from widget_backend.rules.state import AS_CHOSEN
from widget_backend.store.models import Profile

TIMES = "OPTIN_TIME,OPTIN_IP,CONFIRM_TIME,CONFIRM_IP"
SAID = "card at the till, Tirana"


# ── without a time ──────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "name", ["Copy of nonsubscribed_email_audience_export_1.csv", "subscribed.csv"]
)
def test_who_has_neither_time_is_not_subscribed_whatever_the_file_is_called(
    bring: Bring, database: Database, name: str, tmp_path: Path
) -> None:
    said = bring(f"Email Address,{TIMES},LAST_CHANGED\n{ARTA},,,,,{WHEN}\n", name=name)
    assert "0 new, 0 changed, 0 unchanged, 1 rejected" in said
    assert Profile.select().count(database) == 0
    (row,) = table_of((tmp_path / f"{name}.rejects.csv").read_text())
    assert row["reason"] == "has no opt-in or confirmation time"
    assert row["cure"] == "say where and when they agreed with --consent"


@pytest.mark.parametrize("times", [f"{WHEN},,,", f",,{WHEN},", f"soon,,{WHEN},"])
def test_one_time_is_enough(bring: Bring, database: Database, times: str) -> None:
    assert "1 new" in bring(f"Email Address,{TIMES}\n{ARTA},{times}\n")
    assert arta(database).profile.state == {"topic:offers": OFFERS}


UNREADABLE = [
    "1/3/2024 9:00",
    "x",
    "1970-01-01 00:00:00",
    "0000-00-00",
    "2024-02-30",
    "1 March 2024",
]


@pytest.mark.parametrize("cell", UNREADABLE)
def test_a_time_that_cannot_be_read_is_none(
    bring: Bring, database: Database, tmp_path: Path, cell: str
) -> None:
    said = bring(f"Email Address,{TIMES}\n{ARTA},{cell},,,\n")
    assert "0 new, 0 changed, 0 unchanged, 1 rejected" in said
    assert f"1 time could not be read, “{cell}” in line 2 (OPTIN_TIME). export it again" in said
    assert "if a spreadsheet rewrote the times, or write them as 2024-03-01 09:00:00." in said
    (row,) = table_of((tmp_path / "list.csv.rejects.csv").read_text())
    assert row["reason"] == "has no opt-in or confirmation time that can be read"
    assert row["cure"].startswith("write a day that exists as 2024-03-01, or a time as ")
    assert row["cure"].endswith("or say where and when they agreed with --consent")
    assert found(database, ARTA) == {}


def test_nobody_has_agreed_at_a_time_that_is_still_to_come(
    bring: Bring, database: Database, reason: Callable[[], str]
) -> None:
    text = f"Email Address,OPTIN_TIME,CONFIRM_TIME\n{ARTA},2999-01-01 09:00:00,\n"
    assert "0 new, 0 changed, 0 unchanged, 1 rejected" in bring(text)
    assert reason().startswith("has an opt-in or confirmation time that is still to come")
    assert "1 new" in bring(text, "--consent", SAID)
    assert evidence_of(database)["consent"] == SAID


def test_a_file_name_stops_nobody_who_agreed(bring: Bring, database: Database) -> None:
    text = f"Email Address,{TIMES}\n{ARTA},{WHEN},,,\n"
    assert "1 new" in bring(text, name="nonsubscribed_1.csv")


# ── on somebody's word ──────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("header", [f"Email Address,{TIMES}", "email,First Name"])
def test_somebodys_word_is_kept_as_evidence_with_the_day_if_there_is_one(
    bring: Bring, database: Database, header: str
) -> None:
    text = f"{header}\n{ARTA}\n"
    options = ("--consent", f" {SAID} ", "--consented-on", "2024-03-01")
    assert "1 new, 0 changed, 0 unchanged, 0 rejected" in bring(text, *options)
    assert arta(database).profile.state == {"topic:offers": OFFERS}
    assert evidence_of(database) == {
        "file": "list.csv",
        "kind": "subscribed",
        "consent": SAID,
        "consented_on": "2024-03-01",
    }


def test_without_a_day_none_is_kept(bring: Bring, database: Database) -> None:
    bring(f"email\n{ARTA}\n", "--consent", SAID)
    assert evidence_of(database) == {"file": "list.csv", "kind": "subscribed", "consent": SAID}


def test_who_has_a_time_needs_nobodys_word(bring: Bring, database: Database) -> None:
    bring(f"Email Address,{TIMES}\n{ARTA},{WHEN},,,\n", "--consent", SAID)
    assert evidence_of(database) == {"file": "list.csv", "kind": "subscribed", "OPTIN_TIME": WHEN}


def test_a_list_of_addresses_alone_says_nothing_of_consent(
    bring: Bring, database: Database
) -> None:
    said = bring(f"email\n{ARTA}\n")
    assert "nothing is known to say when people agreed. if a column says it, draft a map" in said
    assert "if not, say where and when they agreed with --consent" in said
    assert found(database, ARTA) == {}


def test_a_column_that_may_say_it_is_named(bring: Bring, database: Database) -> None:
    assert "if “Data e pëlqimit” says it" in bring(f"email,Data e pëlqimit\n{ARTA},2024-03-01\n")
    assert found(database, ARTA) == {}


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--consented-on", "2024-03-01"), "--consented-on needs --consent"),
        (("--consent", "  "), "--consent is empty"),
        (("--consent", SAID, "--consented-on", "1.3.2024"), "does not match the format"),
        (("--consent", SAID, "--consented-on", "2024-02-30"), "does not match the format"),
        (("--consent", SAID, "--consented-on", f"{datetime.now(UTC) + timedelta(2):%Y-%m-%d}"),
         "--consented-on is a day that is still to come"),
    ],
)  # fmt: skip
def test_what_is_no_word_or_no_day_is_refused(
    bring: Bring, database: Database, options: tuple[str, ...], said: str
) -> None:
    printed = bring(f"email\n{ARTA}\n", *options)
    assert said in printed
    assert printed.count("\n") == 1
    assert found(database, ARTA) == {}


def test_nobodys_word_counts_against_what_was_said_here(bring: Bring, database: Database) -> None:
    bring(f"Email Address,{TIMES}\n{ARTA},{WHEN},,,\n")
    say(database, {"overall": OFF})
    assert "1 held back" in bring(f"email\n{ARTA}\n", "--consent", SAID, "--topic", "news")
    assert arta(database).profile.state == {"topic:offers": OFFERS, "overall": OFF}


# ── the order of files ──────────────────────────────────────────────────────────────────────


@pytest.fixture
def of_list(tmp_path: Path) -> tuple[str, ...]:
    file = tmp_path / "map.toml"
    file.write_text('[lists]\n"Old" = "news"\n')
    return ("--map", str(file), "--list", "Old")


@pytest.mark.parametrize(
    ("agreed", "left", "stays"),
    [
        ("2019-01-01 00:00:00", "2020-01-01 00:00:00", False),
        ("2021-01-01 00:00:00", "2020-01-01 00:00:00", True),
        ("2020-01-01 00:00:00", "2020-01-01 00:00:00", False),
        ("2021-01-01 00:00:00", "1/1/2020 0:00", True),
        ("2019-01-01 00:00:00", "1/1/2020 0:00", False),
        ("2021-01-01 00:00:00", "", False),
        ("2999-01-01 00:00:00", "2020-01-01 00:00:00", False),
    ],
)
def test_of_two_files_the_later_event_counts_not_the_later_import(
    bring: Bring,
    database: Database,
    of_list: tuple[str, ...],
    agreed: str,
    left: str,
    stays: bool,
) -> None:
    bring(f"Email Address,OPTIN_TIME,CONFIRM_TIME\n{ARTA},{agreed},\n", *of_list)
    bring(f"Email Address,OPTIN_TIME,CONFIRM_TIME,UNSUB_TIME\n{ARTA},,,{left}\n", *of_list)
    assert arta(database).profile.state["topic:news"]["on"] == stays


@pytest.mark.parametrize("is_reversed", [False, True])
@pytest.mark.parametrize(
    ("changed", "stays"), [("2024-03-01", True), ("2024-06-01", False), ("", False)]
)
def test_of_two_rows_of_a_file_the_later_event_counts_too(
    bring: Bring,
    database: Database,
    of_list: tuple[str, ...],
    is_reversed: bool,
    changed: str,
    stays: bool,
) -> None:
    header = "Email Address,Status,OPTIN_TIME,CONFIRM_TIME,LAST_CHANGED\n"
    yes = f"{ARTA},subscribed,2024-06-01,2024-06-01,2024-06-01\n"
    no = f"{ARTA},unsubscribed,2023-01-01,2023-01-01,{changed}\n"
    for _ in range(2):
        bring(header + (no + yes if is_reversed else yes + no), *of_list)
        assert arta(database).profile.state["topic:news"]["on"] == stays


# ── who came back ───────────────────────────────────────────────────────────────────────────

LEFT = "Email Address,OPTIN_TIME,CONFIRM_TIME,UNSUB_TIME\n"


@pytest.mark.parametrize("came_back", [True, False])
def test_a_spreadsheet_that_rewrote_the_times_turns_nobody_off_who_came_back(
    bring: Bring, database: Database, came_back: bool
) -> None:
    exported = f"{LEFT}{ARTA},{WHEN},{WHEN},2024-03-02 10:15:00\n"
    rewritten = f"{LEFT}{ARTA},1/1/2024 9:00,1/1/2024 9:00,3/2/2024 10:15\n"
    if came_back:
        bring(exported)
        assert arta(database).profile.state == {"overall": OFF}
        say(database, {"overall": AS_CHOSEN, "topic:offers": OFFERS})
        assert "1 unchanged" in bring(exported)
    said = bring(rewritten)
    assert ("0 new, 0 changed, 1 unchanged" if came_back else "1 new") in said
    assert "3 times could not be read, the first “1/1/2024 9:00” in line 2 (OPTIN_TIME)." in said
    assert "a spreadsheet rewrote the times" in said
    overall = arta(database).profile.state["overall"]
    assert overall == (AS_CHOSEN if came_back else OFF)


def test_a_status_without_a_time_turns_nobody_off_who_came_back_after_the_row_last_changed(
    bring: Bring, database: Database
) -> None:
    row = f"Email Address,Status,LAST_CHANGED\n{ARTA},unsubscribed,"
    bring(f"{row}2024-03-01 09:00:00\n")
    say(database, {"overall": AS_CHOSEN})
    assert "1 unchanged" in bring(f"{row}2024-03-01 09:00:00\n")
    assert "1 changed" in bring(f"{row}2026-10-01 09:00:00\n")
    assert arta(database).profile.state["overall"] == OFF
