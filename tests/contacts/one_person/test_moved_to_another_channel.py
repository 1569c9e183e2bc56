"""A topic that was moved to another channel rests on the word by which it was moved."""

from __future__ import annotations

from pathlib import Path

import pytest
from peewee import Database

from tests.support.contacts import ARTA, OFFERS, Bring, Run, say
from tests.support.one_person import AT, EARLIER, WORDS, Contact, shown_of, state_of
from tests.support.words import said
from tests.support.words.account import AGREED_ON
from tests.support.words.labels import ON_THIS_SITE

BY_SMS = {**OFFERS, "channel": "sms"}
BEFORE = said("en", AGREED_ON, date="1 January 2024", door="in our previous system")
"""What the list says of her yes by email."""
DECLARED = """
[[campaigns]]
id = "texts"
topic = "offers"
channel = "sms"
sentence = "You asked for offers."
"""


def agreed(contact: Contact) -> str:
    """On what her offers rest, as the staff read it."""
    (offers, *_) = shown_of(contact)["topics"]
    return offers.partition(". ")[2]


def test_until_then_it_rests_on_the_yes_to_the_first(contact: Contact) -> None:
    assert agreed(contact) == BEFORE


def test_moved_on_a_form_it_rests_on_the_form(contact: Contact, database: Database) -> None:
    say(database, {"topic:offers": BY_SMS}, EARLIER)  # type: ignore[arg-type]
    assert agreed(contact) == said("en", AGREED_ON, date="30 November 2026", door=ON_THIS_SITE)


def test_moved_on_the_phone_it_rests_on_what_they_said(
    contact: Contact, database: Database
) -> None:
    contact("wish", ARTA, "--on", "offers", "--channel", "sms", *WORDS)
    assert state_of(database)["topic:offers"] == BY_SMS
    assert agreed(contact) == said("en", AGREED_ON, date="1 December 2026", door="by phone")


def test_moved_by_an_export_of_another_server_it_rests_on_the_day_in_it_until_that_is_undone(
    contact: Contact, bring_alone: Bring, run: Run, site_file: Path, database: Database
) -> None:
    rows = f"email,language,status,paused_until,offers,offers:at\n{ARTA},en,subscribed,,"
    assert "1 changed" in bring_alone(f"{rows}sms weekly,2025-08-08T10:00:00Z\n", name="ours.csv")
    assert state_of(database)["topic:offers"] == BY_SMS
    moved = said("en", AGREED_ON, date="8 August 2025", door="in our previous system")
    assert agreed(contact) == moved
    assert run("import", site_file, "--undo", 2, "--by", "Mira").exit_code == 0
    assert state_of(database)["topic:offers"] == OFFERS
    assert agreed(contact) == BEFORE


def test_moved_back_by_their_own_word_it_rests_on_that(
    contact: Contact, database: Database
) -> None:
    say(database, {"topic:offers": BY_SMS}, EARLIER - 86_400)  # type: ignore[arg-type]
    say(database, {"topic:offers": OFFERS}, EARLIER)  # type: ignore[arg-type]
    assert agreed(contact) == said("en", AGREED_ON, date="30 November 2026", door=ON_THIS_SITE)


def test_another_frequency_is_no_other_consent(contact: Contact, database: Database) -> None:
    say(database, {"topic:offers": {**OFFERS, "frequency": "monthly"}}, EARLIER)  # type: ignore[arg-type]
    assert agreed(contact) == BEFORE


@pytest.mark.parametrize("door", ["form", "phone"])
def test_decide_says_the_same_day(
    contact: Contact, run: Run, site_file: Path, database: Database, door: str
) -> None:
    if door == "form":
        say(database, {"topic:offers": BY_SMS}, AT)  # type: ignore[arg-type]
    else:
        contact("wish", ARTA, "--on", "offers", "--channel", "sms", *WORDS)
    site_file.write_text(f"{site_file.read_text('utf-8')}{DECLARED}", encoding="utf-8")
    printed = run("decide", site_file, ARTA, "--campaign", "texts").stdout
    (line,) = [each for each in printed.splitlines() if "  consent  " in each]
    assert "on 1 December 2026" in line
    assert "on 1 December 2026" in agreed(contact)
