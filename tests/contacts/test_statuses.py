"""A status column is obeyed, row by row: the table of its words, and the no that counts."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from peewee import Database

from tests.support.contacts import (
    ARTA,
    OFF,
    OFFERS,
    WHEN,
    Bring,
    Run,
    arta,
    evidence_of,
    found,
    table_of,
)
from widget_backend.contacts.platforms.own_list import WORDS
from widget_backend.contacts.recognise import STATUSES
from widget_backend.contacts.statuses import STRICTEST
from widget_backend.store.ledger import records
from widget_backend.store.models import Profile

SAID = "card at the till, Tirana"

WITH_STATUS = "Email Address,{},OPTIN_TIME,CONFIRM_TIME\n"
COMES_IN = {
    "on": ("subscribed", "email weekly"),
    "off": ("unsubscribed", ""),
    "undeliverable": ("undeliverable", ""),
}
"""Status and topic in our export, by what a word means; with any other nobody comes in."""


@pytest.mark.parametrize("consent", [(), ("--consent", SAID)])
@pytest.mark.parametrize("name", STATUSES)
def test_each_word_of_a_status_column_means_what_the_table_says(
    site_file: Path, run: Run, bring: Bring, name: str, consent: tuple[str, ...]
) -> None:
    words = {word: each for word, each in STATUSES[name].items() if word}
    people = {f"a{at}@example.com": word for at, word in enumerate(words)}
    rows = "".join(f"{who},{word.title()},{WHEN},\n" for who, word in people.items())
    said = bring(f"{WITH_STATUS.format(name)}{rows}", *consent)
    meanings = {who: words[word] for who, word in people.items()}
    expected = {who: COMES_IN[each] for who, each in meanings.items() if each in COMES_IN}
    exported = table_of(run("export", site_file).stdout)
    assert {row["email"]: (row["status"], row["offers"]) for row in exported} == expected
    assert f"list.csv (by “{name}”): {len(expected)} new, 0 changed, 0 unchanged, " in said
    assert f"{len(people) - len(expected)} rejected" in said


def test_a_status_that_says_unsubscribed_is_a_no(bring: Bring, database: Database) -> None:
    text = f"{WITH_STATUS.format('Status')}{ARTA},unsubscribed,{WHEN},{WHEN}\n"
    bring(text)
    assert arta(database).profile.state == {"overall": OFF}
    assert evidence_of(database)["Status"] == "unsubscribed"


@pytest.mark.parametrize(
    ("status", "told"),
    [
        ("pending", "has not confirmed there, by its status"),
        ("unconfirmed", "has not confirmed there, by its status"),
        ("nonsubscribed", "never subscribed there, by its status"),
        ("non-subscribed", "never subscribed there, by its status"),
        ("never_subscribed", "never subscribed there, by its status"),
        ("transactional", "never subscribed there, by its status"),
        ("archived", "never subscribed there, by its status"),
        ("", "says nothing in “Status”"),
    ],
)
def test_who_is_not_subscribed_there_is_told_with_the_reason(
    bring: Bring, database: Database, reason: Callable[[], str], status: str, told: str
) -> None:
    text = f"{WITH_STATUS.format('Status')}{ARTA},{status},{WHEN},{WHEN}\n"
    assert "1 rejected" in bring(text, "--consent", SAID)
    assert reason() == told
    assert found(database, ARTA) == {}


def test_an_unknown_word_refuses_the_whole_file_before_anything_is_written(
    bring: Bring, database: Database, tmp_path: Path
) -> None:
    rows = "".join(f"a{each}@example.com,subscribed,{WHEN},\n" for each in range(600))
    said = bring(f"{WITH_STATUS.format('Status')}{rows}{ARTA},gekündigt,{WHEN},\n")
    assert said.startswith(f"{tmp_path}/list.csv: line 602: “gekündigt” in the column “Status” is ")
    assert said.count("\n") == 1
    assert Profile.select().count(database) == 0
    assert not (tmp_path / "list.csv.rejects.csv").exists()


def test_who_is_blacklisted_at_the_platform_stays_away_whoevers_word_there_is(
    bring: Bring, database: Database
) -> None:
    text = f"EMAIL,LASTNAME,FIRSTNAME,EMAIL_BLACKLISTED\n{ARTA},X,Arta,Yes\nb@example.com,,,No\n"
    assert "2 new" in bring(text, "--consent", SAID)
    assert arta(database).profile.state == {"overall": OFF}
    other = found(database, "b@example.com")["b@example.com"]
    assert other.profile.state == {"topic:offers": OFFERS}


@pytest.mark.parametrize(
    ("cells", "state"),
    [
        ("subscribed,unsubscribed,", {"overall": OFF}),
        ("unsubscribed,subscribed,", {"overall": OFF}),
        (f"subscribed,subscribed,{WHEN}", {"overall": OFF}),
        ("subscribed,subscribed,", {"topic:offers": OFFERS}),
    ],
)
def test_of_several_statuses_and_times_the_no_counts(
    bring: Bring, database: Database, cells: str, state: object
) -> None:
    header = "Email Address,OPTIN_TIME,Status,MEMBER_STATUS,UNSUB_TIME\n"
    bring(f"{header}{ARTA},{WHEN},{cells}\n")
    assert arta(database).profile.state == state


@pytest.mark.parametrize("words", [("subscribed", "unsubscribed"), ("unsubscribed", "subscribed")])
@pytest.mark.parametrize("between", [0, 700])
def test_of_two_rows_of_one_person_the_no_counts_in_whatever_order(
    bring: Bring, database: Database, words: tuple[str, str], between: int
) -> None:
    first, second = (f"{ARTA},{word},{WHEN},\n" for word in words)
    others = "".join(f"a{each}@example.com,subscribed,{WHEN},\n" for each in range(between))
    bring(f"{WITH_STATUS.format('Status')}{first}{others}{second}")
    person = arta(database).profile
    assert person.state["overall"] == OFF
    assert len(records(database, person.ledger_key)) == (2 if words[0] == "subscribed" else 1)


def test_a_row_that_was_rejected_takes_no_place_from_the_next(
    bring: Bring, database: Database
) -> None:
    text = f"Email Address,OPTIN_TIME,CONFIRM_TIME\n{ARTA},,\n{ARTA},{WHEN},\n"
    assert "1 new, 0 changed, 0 unchanged, 1 rejected" in bring(text)
    assert arta(database).profile.state == {"topic:offers": OFFERS}


def test_every_meaning_has_a_place_among_the_others() -> None:
    assert {meaning for words in STATUSES.values() for meaning in words.values()} == set(STRICTEST)
    assert all(word == word.casefold() for word in WORDS)


@pytest.mark.parametrize(
    "cell",
    ["canary@example.com", "+355 69 123 4567", "'+355691234567", "069.123.4567", "٠٦٩١٢٣٤٥٦٧"],
)
def test_no_value_of_a_person_is_printed_as_a_time_or_a_status(bring: Bring, cell: str) -> None:
    header = "Email Address,OPTIN_TIME,CONFIRM_TIME,UNSUB_TIME\n"
    said = bring(f"{header}a@example.com,{cell},,\n")
    said += bring(f"{WITH_STATUS.format('Status')}{ARTA},{cell},,\n")
    said += bring(f"Email Address,OPTIN_TIME,CONFIRM_TIME,Opted out\n{ARTA},{WHEN},,{cell}\n")
    assert "1 time could not be read, in line 2 (OPTIN_TIME)" in said
    assert "line 2: something in the column “Status” is no status known here" in said
    assert "line 2: something in the column “Opted out” may mean no" in said
    assert cell not in said
