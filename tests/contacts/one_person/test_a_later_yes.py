"""A yes that is said again later is the one that a topic rests on, also if it changes nothing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from peewee import Database

from tests.support.contacts import ARTA, OFFERS, Export, Run, table_of
from tests.support.one_person import (
    WORDS,
    Contact,
    last_record,
    shown_of,
    state_of,
)
from tests.support.words import said
from tests.support.words.account import AGREED_ON
from widget_backend.rules.state import Change

OF_THE_LIST = said("en", AGREED_ON, date="1 January 2024", door="in our previous system")
LATER = said("en", AGREED_ON, date="1 October 2025", door="in our previous system")
LATEST = said("en", AGREED_ON, date="2 November 2025", door="in our previous system")
BY_PHONE = said("en", AGREED_ON, date="1 December 2026", door="by phone")
Agree = Callable[..., None]
Leave = Callable[[str], None]
AGAIN = Change("topic:offers", OFFERS, OFFERS)
DECLARED = """
[[campaigns]]
id = "spring"
topic = "offers"
sentence = "You asked for offers."
"""


@pytest.fixture
def agree(run: Run, site_file: Path, export_of: Export) -> Agree:
    """An import by which Arta agreed to the offers on a day, once more or twice."""

    def bring(*days: str) -> None:
        rows = [{"Email Address": ARTA, "CONFIRM_TIME": f"{day} 09:00:00"} for day in days]
        printed = run("import", site_file, export_of("subscribed", *rows), "--topic", "offers")
        assert printed.exit_code == 0, printed.output

    return bring


@pytest.fixture
def leave(run: Run, site_file: Path, export_of: Export) -> Leave:
    def bring(day: str) -> None:
        row = {"Email Address": ARTA, "UNSUB_TIME": f"{day} 09:00:00"}
        assert run("import", site_file, export_of("unsubscribed", row)).exit_code == 0

    return bring


def agreed(contact: Contact) -> str:
    """On what her offers rest, as the staff read it."""
    (offers, *_) = shown_of(contact)["topics"]
    return offers.partition(". ")[2]


def undo(run: Run, site_file: Path, number: int) -> None:
    assert run("import", site_file, "--undo", number, "--by", "Mira").exit_code == 0


def test_who_left_and_agreed_again_agreed_then(
    contact: Contact, run: Run, site_file: Path, agree: Agree, leave: Leave, database: Database
) -> None:
    leave("2025-08-01")
    agree("2025-10-01")
    assert state_of(database)["overall"]["reach"] == "as_chosen"
    assert agreed(contact) == LATER
    site_file.write_text(f"{site_file.read_text('utf-8')}{DECLARED}", encoding="utf-8")
    printed = run("decide", site_file, ARTA, "--campaign", "spring").stdout
    (consent,) = [each for each in printed.splitlines() if "  consent  " in each]
    assert "1 October 2025" in consent
    assert "record 3" in printed


def test_who_left_and_came_back_on_the_phone_agreed_there(
    contact: Contact, run: Run, site_file: Path
) -> None:
    contact("wish", ARTA, "--leave")
    contact("wish", ARTA, "--come-back", "--on", "offers", *WORDS)
    assert agreed(contact) == BY_PHONE
    printed = run("export", site_file, "--fields", "email,offers,offers:at,offers:source").stdout
    row = next(each for each in table_of(printed) if each["email"] == ARTA)
    assert (row["offers:at"][:10], row["offers:source"]) == ("2026-12-01", "phone")


def test_a_yes_that_changes_nothing_is_recorded_with_their_words(
    contact: Contact, database: Database
) -> None:
    contact("wish", ARTA, "--on", "offers", *WORDS)
    record = last_record(database)
    assert (record.changes, record.evidence["words"]) == ((AGAIN,), WORDS[1])
    assert agreed(contact) == BY_PHONE
    history = shown_of(contact)["history"]
    assert any("You get “N”: email, weekly." in each for each in history)


def test_of_a_person_who_is_in_a_file_twice_the_later_yes_counts(
    contact: Contact, agree: Agree
) -> None:
    agree("2025-10-01", "2025-11-02")
    assert agreed(contact) == LATEST


def test_an_earlier_yes_changes_nothing(contact: Contact, agree: Agree, database: Database) -> None:
    before = last_record(database)
    agree("2023-05-05")
    assert last_record(database) == before
    assert agreed(contact) == OF_THE_LIST


def test_undoing_the_imports_of_later_yeses_gives_each_earlier_one_back(
    contact: Contact, run: Run, site_file: Path, agree: Agree, database: Database
) -> None:
    agree("2025-10-01")
    agree("2025-11-02")
    assert agreed(contact) == LATEST
    undo(run, site_file, 3)
    assert agreed(contact) == LATER
    undo(run, site_file, 2)
    assert agreed(contact) == OF_THE_LIST
    assert state_of(database)["topic:offers"] == OFFERS
