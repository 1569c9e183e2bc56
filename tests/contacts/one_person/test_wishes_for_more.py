"""`contact wish` for more: a yes on the phone needs their words, and brings nothing unnamed."""

from __future__ import annotations

from pathlib import Path

import pytest
from peewee import Database

from tests.support.contacts import ARTA, LESS, NEWS, OFF, OFFERS, Export, Run, arta, say
from tests.support.one_person import (
    AT,
    EARLIER,
    WORDS,
    Contact,
    Uses,
    last_record,
    shown_of,
    state_of,
)
from tests.support.requests import Clock
from tests.support.words import said
from tests.support.words.decisions import EMAIL_COMES_BACK
from tests.support.words.labels import ALL_AS_CHOSEN, GETS_TOPIC, GETS_TOPIC_LATER, SET_TO
from tests.support.worlds import no


def test_a_topic_is_turned_on_with_the_words_as_evidence(
    contact: Contact, database: Database
) -> None:
    how = ("--channel", "email", "--frequency", "monthly")
    result = contact("wish", ARTA, "--on", "news", *how, *WORDS)
    sentence = said("en", GETS_TOPIC, topic="N", channel="email", frequency="monthly")
    assert (result.exit_code, result.stdout) == (0, f"{sentence}\n")
    assert state_of(database)["topic:news"] == NEWS
    assert last_record(database).evidence == {"how": "by phone, to Mira", "words": WORDS[1]}
    assert arta(database).times.topic("news") == AT


def test_of_what_cannot_come_nobody_is_told_that_it_does(
    contact: Contact, database: Database
) -> None:
    contact("undeliverable", ARTA)
    result = contact("wish", ARTA, "--on", "news", "--channel", "email", *WORDS)
    chosen = said("en", SET_TO, topic="N", channel="email", frequency="monthly")
    assert result.stdout == f"{chosen}\n  no message may go: {said('en', EMAIL_COMES_BACK)}\n"
    assert state_of(database)["topic:news"]["on"] is True


def test_of_what_they_have_already_the_reason_why_it_cannot_come_is_told(
    contact: Contact, database: Database
) -> None:
    contact("undeliverable", ARTA)
    result = contact("wish", ARTA, "--on", "offers", *WORDS)
    chosen = said("en", SET_TO, topic="N", channel="email", frequency="weekly")
    told_last = result.stdout.splitlines()[-2:]
    assert told_last == [chosen, f"  no message may go: {said('en', EMAIL_COMES_BACK)}"]
    assert state_of(database)["topic:offers"] == OFFERS


def test_of_what_the_law_does_not_take_the_reason_is_the_one_of_contact(
    contact: Contact, database: Database
) -> None:
    ticked = {**OFFERS, "basis": "pre_ticked", "basis_at": None}
    say(database, {"topic:offers": ticked, "overall": LESS}, EARLIER)  # type: ignore[dict-item]
    result = contact("wish", ARTA, "--come-back", *WORDS)
    told_last = result.stdout.splitlines()[-1].strip()
    assert told_last.startswith("no message may go: By law (")
    assert told_last == shown_of(contact)["topics"][-1]


def test_what_they_chose_before_comes_again_as_it_was(contact: Contact, database: Database) -> None:
    monthly = {**OFFERS, "frequency": "monthly"}
    say(database, {"topic:offers": no(monthly)}, EARLIER)
    contact("wish", ARTA, "--on", "offers", *WORDS)
    assert state_of(database)["topic:offers"] == monthly


def test_who_left_everything_gets_only_what_they_name(contact: Contact, database: Database) -> None:
    say(database, {"topic:news": NEWS, "overall": OFF}, EARLIER)
    result = contact("wish", ARTA, "--on", "news", "--come-back", *WORDS)
    assert result.exit_code == 0, result.output
    assert state_of(database)["overall"]["reach"] == "as_chosen"
    assert state_of(database)["topic:news"] == NEWS
    assert state_of(database)["topic:offers"] == no(OFFERS)
    assert arta(database).times.topic("offers") == EARLIER
    again = said("en", GETS_TOPIC, topic="N", channel="email", frequency="monthly")
    assert again in result.stdout.splitlines()


@pytest.mark.parametrize("overall", [LESS, {"reach": "paused", "until": "2027-01-31"}])
def test_a_pause_or_getting_less_is_over(
    contact: Contact, database: Database, overall: object
) -> None:
    say(database, {"overall": overall}, EARLIER)
    result = contact("wish", ARTA, "--come-back", *WORDS)
    again = said("en", GETS_TOPIC, topic="N", channel="email", frequency="weekly")
    assert result.stdout.splitlines() == [said("en", ALL_AS_CHOSEN), again]
    assert state_of(database)["overall"]["reach"] == "as_chosen"
    assert state_of(database)["topic:offers"] == OFFERS


def test_a_yes_said_again_is_a_later_one(
    contact: Contact, run: Run, site_file: Path, export_of: Export, database: Database
) -> None:
    contact("wish", ARTA, "--on", "offers", *WORDS)
    assert arta(database).times.topic("offers") == AT
    row = {"Email Address": ARTA, "UNSUB_TIME": "2026-11-01 09:00:00"}
    run("import", site_file, export_of("unsubscribed", row), "--topic", "offers")
    assert state_of(database)["topic:offers"] == OFFERS


def test_a_topic_that_is_turned_on_waits_for_the_end_of_a_pause(
    contact: Contact, database: Database
) -> None:
    paused = {"reach": "paused", "until": "2027-01-31"}
    say(database, {"topic:offers": no(OFFERS), "overall": paused}, EARLIER)
    result = contact("wish", ARTA, "--on", "offers", *WORDS)
    sentence = said("en", GETS_TOPIC_LATER, topic="N", channel="email", frequency="weekly")
    assert result.stdout == f"{sentence}\n"
    assert state_of(database)["overall"] == paused


def test_who_comes_back_for_a_topic_and_pauses_gets_it_after_the_pause(
    contact: Contact, database: Database
) -> None:
    say(database, {"overall": OFF}, EARLIER)
    wish = ("--on", "offers", "--pause-until", "2027-01-31")
    result = contact("wish", ARTA, *wish, *WORDS)
    sentence = said("en", GETS_TOPIC_LATER, topic="N", channel="email", frequency="weekly")
    assert sentence in result.stdout.splitlines()
    assert "No pause" not in result.stdout
    assert state_of(database)["overall"] == {"reach": "paused", "until": "2027-01-31"}
    assert state_of(database)["topic:offers"] == OFFERS


def test_a_later_no_on_their_page_wins_over_it(
    contact: Contact, database: Database, clock: Clock
) -> None:
    contact("wish", ARTA, "--on", "news", *WORDS)
    say(database, {"topic:news": no(NEWS)}, AT + 60)
    assert state_of(database)["topic:news"] == no(NEWS)


REFUSED = [
    (("--on", "news"), "--words: a yes needs evidence"),
    (("--on", "news", "--words", " "), "--words: a yes needs evidence"),
    (("--on", "news", "--words", "x" * 501), "--words: is longer than 500 characters"),
    (
        ("--on", "gardens", *WORDS),
        "--on gardens: no topic is called “gardens”. choose one of offers, news",
    ),
    (
        ("--on", "trade-lists", *WORDS),
        "--on trade-lists: “trade-lists” is only for the roles trade",
    ),
    (("--on", "news", "--channel", "sms", *WORDS), "--channel sms: “news” does not come by it"),
    (
        ("--on", "news", "--frequency", "weekly", *WORDS),
        "--frequency weekly: “news” does not come weekly",
    ),
    (("--on", "news", "--channel", "post", *WORDS), "for which they have no address or number"),
    (("--channel", "sms"), "--on: --channel and --frequency belong to it"),
    (("--on", "offers", *WORDS), "--on offers: it says yes and no to the same"),
]


@pytest.mark.parametrize(("wish", "reason"), REFUSED)
def test_whatever_is_wrong_with_a_yes_the_no_is_kept(
    contact: Contact, database: Database, wish: tuple[str, ...], reason: str
) -> None:
    result = contact("wish", ARTA, "--off", "offers", *wish)
    assert result.exit_code == 1
    assert reason in result.output
    assert state_of(database) == {"topic:offers": no(OFFERS)}


@pytest.mark.parametrize(
    "wish", [("--on", "news", *WORDS), ("--come-back", *WORDS), ("--on", "offers")]
)
def test_leaving_everything_is_kept_whatever_else_is_told(
    contact: Contact, database: Database, wish: tuple[str, ...]
) -> None:
    assert contact("wish", ARTA, "--leave", *wish).exit_code == 1
    assert state_of(database)["overall"] == OFF
    assert "topic:news" not in state_of(database)


@pytest.mark.parametrize(
    ("wish", "option"),
    [
        (("--leave", "--on", "offers"), "--on offers"),
        (("--leave", "--come-back"), "--come-back"),
        (("--pause-until", "2027-01-31", "--come-back", "--on", "news"), "--come-back"),
    ],
)
def test_a_yes_and_a_no_to_the_same_are_told_by_the_option_and_its_topic(
    contact: Contact, wish: tuple[str, ...], option: str
) -> None:
    result = contact("wish", ARTA, *wish, *WORDS)
    assert f"{option}: it says yes and no to the same. " in result.stderr


def test_coming_back_from_nothing_to_nothing_is_refused_which_is_a_look(
    contact: Contact, database: Database, uses: Uses
) -> None:
    say(database, {"overall": OFF}, EARLIER)
    before = last_record(database)
    result = contact("wish", ARTA, "--come-back", *WORDS)
    assert "name with --on each topic that they want again" in result.output
    assert state_of(database)["overall"] == OFF
    assert last_record(database) == before
    assert uses() == [("looked", "Mira")]
