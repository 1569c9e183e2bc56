"""`contact wish`: what somebody says on the phone is their own word, of that moment."""

from __future__ import annotations

from pathlib import Path

import pytest
from peewee import Database

from tests.support.contacts import (
    ARTA,
    LESS,
    NEWS,
    OFF,
    OFFERS,
    PAUSED,
    Export,
    Run,
    arta,
    say,
    table_of,
)
from tests.support.one_person import Contact, Uses, shown_of
from tests.support.requests import BY_MIRA, NOW, Clock
from tests.support.words import said
from tests.support.words.account import SAID_NO_TO
from tests.support.words.labels import GETS_TOPIC, GETS_TOPIC_LATER, GETS_TOPIC_NO_LONGER, SET_TO
from tests.support.words.waiting import EMAIL_CAME_BACK
from widget_backend.rules.state import State
from widget_backend.store.ledger import Record, records

AT = int(NOW.timestamp())
EARLIER = AT - 86_400
WORDS = ("--words", "Yes, send me that again")
TEXTS = {**NEWS, "channel": "email"}


def state(database: Database) -> State:
    return arta(database).profile.state


def last(database: Database) -> Record:
    return records(database, arta(database).profile.ledger_key)[-1]


def no(preference: dict[str, object]) -> dict[str, object]:
    return {**preference, "on": False}


# ── less ────────────────────────────────────────────────────────────────────────────────────


def test_a_topic_is_turned_off_with_who_was_told(contact: Contact, database: Database) -> None:
    result = contact("wish", ARTA, "--off", "offers")
    assert (result.exit_code, result.stdout) == (
        0,
        f"{said('en', GETS_TOPIC_NO_LONGER, topic='N')}\n",
    )
    assert state(database)["topic:offers"] == no(OFFERS)
    record = last(database)
    assert (record.door, record.evidence) == ("phone", {"how": "by phone, to Mira"})
    assert arta(database).times.topic("offers") == AT


def test_a_topic_that_they_never_had_is_refused_for_later_files(
    contact: Contact, run: Run, site_file: Path, export_of: Export, database: Database
) -> None:
    result = contact("wish", ARTA, "--off", "news")
    sentence = said("en", SAID_NO_TO, topic="N")
    assert (result.exit_code, result.stdout) == (0, f"{sentence}\n")
    assert any(sentence in line for line in shown_of(contact)["history"])
    again = contact("wish", ARTA, "--off", "news")
    assert again.stdout == "That was so already. It is kept that they said it again.\n"
    run("import", site_file, export_of("subscribed", ARTA), "--topic", "news")
    assert state(database)["topic:news"]["on"] is False


def test_everything_is_left(contact: Contact, database: Database) -> None:
    assert contact("wish", ARTA, "--leave").exit_code == 0
    assert state(database)["overall"] == OFF
    assert arta(database).times.left == AT


@pytest.mark.parametrize(
    "overall",
    [LESS, OFF, PAUSED, {"reach": "as_chosen", "until": None}],
    ids=lambda each: each["reach"],
)
@pytest.mark.parametrize("at", [EARLIER, AT])
def test_it_is_left_whatever_held_before(
    contact: Contact, database: Database, overall: object, at: int
) -> None:
    say(database, {"overall": OFF}, EARLIER - 60)
    say(database, {"overall": overall, "topic:news": NEWS}, at)
    assert contact("wish", ARTA, "--leave").exit_code == 0
    assert state(database)["overall"] == OFF


def test_leaving_again_is_a_later_no_against_files(
    contact: Contact, run: Run, site_file: Path, export_of: Export, database: Database
) -> None:
    say(database, {"overall": OFF}, 1_750_000_000)
    assert "said it again" in contact("wish", ARTA, "--leave").stdout
    assert arta(database).times.overall == AT
    row = {"Email Address": ARTA, "CONFIRM_TIME": "2026-06-01 09:00:00"}
    run("import", site_file, export_of("subscribed", row), "--topic", "offers")
    assert state(database)["overall"] == OFF


def test_no_undo_of_an_import_overrules_what_they_said(
    contact: Contact,
    run: Run,
    site_file: Path,
    export_of: Export,
    database: Database,
    tmp_path: Path,
) -> None:
    run("import", site_file, export_of("unsubscribed", ARTA))
    contact("wish", ARTA, "--leave")
    options = (*BY_MIRA, "-o", tmp_path / "left.csv")
    assert run("import", site_file, "--undo", "2", *options).exit_code == 0
    assert state(database)["overall"] == OFF


def test_it_is_paused(contact: Contact, database: Database) -> None:
    assert contact("wish", ARTA, "--pause-until", "2027-01-31").exit_code == 0
    assert state(database)["overall"] == {"reach": "paused", "until": "2027-01-31"}


@pytest.mark.parametrize(
    ("overall", "day", "reason"),
    [
        (None, "2026-12-01", "cannot be paused until 2026-12-01"),
        (None, "2028-01-01", "2027-06-01 at the latest"),
        (LESS, "2027-01-31", "they get fewer messages"),
        ({"reach": "paused", "until": "2027-02-28"}, "2027-01-31", "which is longer"),
    ],
)
def test_a_pause_that_would_not_hold_is_refused_in_a_line(
    contact: Contact, database: Database, overall: object, day: str, reason: str
) -> None:
    if overall:
        say(database, {"overall": overall}, EARLIER)
    result = contact("wish", ARTA, "--pause-until", day)
    assert (result.exit_code, result.output.count("\n")) == (1, 1)
    assert reason in result.output
    assert state(database).get("overall") == overall


def test_they_are_tracked_no_more(contact: Contact, database: Database) -> None:
    assert contact("wish", ARTA, "--do-not-track").exit_code == 0
    assert state(database).do_not_track == {"wanted": True, "at": AT}


def test_several_things_are_one_record(contact: Contact, database: Database) -> None:
    say(database, {"topic:news": NEWS}, EARLIER)
    before = last(database).revision
    contact("wish", ARTA, "--off", "offers", "--off", "news", "--do-not-track")
    record = last(database)
    assert record.revision == before + 1
    subjects = {each.subject for each in record.changes}
    assert subjects == {"topic:offers", "topic:news", "do_not_track"}


def test_a_topic_that_is_offered_no_more_can_be_left(
    contact: Contact, database: Database, site_file: Path
) -> None:
    text = site_file.read_text(encoding="utf-8")
    site_file.write_text(text.replace('id = "offers"', 'id = "bargains"'), encoding="utf-8")
    assert contact("wish", ARTA, "--off", "offers").exit_code == 0
    assert state(database)["topic:offers"]["on"] is False


# ── more ────────────────────────────────────────────────────────────────────────────────────


def test_a_topic_is_turned_on_with_the_words_as_evidence(
    contact: Contact, database: Database
) -> None:
    how = ("--channel", "email", "--frequency", "monthly")
    result = contact("wish", ARTA, "--on", "news", *how, *WORDS)
    sentence = said("en", GETS_TOPIC, topic="N", channel="email", frequency="monthly")
    assert (result.exit_code, result.stdout) == (0, f"{sentence}\n")
    assert state(database)["topic:news"] == TEXTS
    assert last(database).evidence == {"how": "by phone, to Mira", "words": WORDS[1]}
    assert arta(database).times.topic("news") == AT


def test_of_what_cannot_come_nobody_is_told_that_it_does(
    contact: Contact, database: Database
) -> None:
    contact("undeliverable", ARTA)
    result = contact("wish", ARTA, "--on", "news", "--channel", "email", *WORDS)
    chosen = said("en", SET_TO, topic="N", channel="email", frequency="monthly")
    assert result.stdout == f"{chosen}\n{said('en', EMAIL_CAME_BACK)}\n"
    assert state(database)["topic:news"]["on"] is True


def test_what_they_chose_before_comes_again_as_it_was(contact: Contact, database: Database) -> None:
    monthly = {**OFFERS, "frequency": "monthly"}
    say(database, {"topic:offers": no(monthly)}, EARLIER)
    contact("wish", ARTA, "--on", "offers", *WORDS)
    assert state(database)["topic:offers"] == monthly


def test_who_left_everything_gets_only_what_they_name(contact: Contact, database: Database) -> None:
    say(database, {"topic:news": NEWS, "overall": OFF}, EARLIER)
    result = contact("wish", ARTA, "--on", "news", "--come-back", *WORDS)
    assert result.exit_code == 0, result.output
    assert state(database)["overall"]["reach"] == "as_chosen"
    assert state(database)["topic:news"] == NEWS
    assert state(database)["topic:offers"] == no(OFFERS)
    assert arta(database).times.topic("offers") == EARLIER


@pytest.mark.parametrize("overall", [LESS, {"reach": "paused", "until": "2027-01-31"}])
def test_a_pause_or_getting_less_is_over(
    contact: Contact, database: Database, overall: object
) -> None:
    say(database, {"overall": overall}, EARLIER)
    assert contact("wish", ARTA, "--come-back", *WORDS).exit_code == 0
    assert state(database)["overall"]["reach"] == "as_chosen"
    assert state(database)["topic:offers"] == OFFERS


def test_a_yes_said_again_is_a_later_one(
    contact: Contact, run: Run, site_file: Path, export_of: Export, database: Database
) -> None:
    contact("wish", ARTA, "--on", "offers", *WORDS)
    assert arta(database).times.topic("offers") == AT
    row = {"Email Address": ARTA, "UNSUB_TIME": "2026-11-01 09:00:00"}
    run("import", site_file, export_of("unsubscribed", row), "--topic", "offers")
    assert state(database)["topic:offers"] == OFFERS


def test_a_topic_that_is_turned_on_waits_for_the_end_of_a_pause(
    contact: Contact, database: Database
) -> None:
    paused = {"reach": "paused", "until": "2027-01-31"}
    say(database, {"topic:offers": no(OFFERS), "overall": paused}, EARLIER)
    result = contact("wish", ARTA, "--on", "offers", *WORDS)
    sentence = said("en", GETS_TOPIC_LATER, topic="N", channel="email", frequency="weekly")
    assert result.stdout == f"{sentence}\n"
    assert state(database)["overall"] == paused


def test_a_later_no_on_their_page_wins_over_it(
    contact: Contact, database: Database, clock: Clock
) -> None:
    contact("wish", ARTA, "--on", "news", *WORDS)
    say(database, {"topic:news": no(NEWS)}, AT + 60)
    assert state(database)["topic:news"] == no(NEWS)


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
    (("--on", "offers", *WORDS), "--on: it says yes and no to the same"),
]


@pytest.mark.parametrize(("wish", "reason"), REFUSED)
def test_whatever_is_wrong_with_a_yes_the_no_is_kept(
    contact: Contact, database: Database, wish: tuple[str, ...], reason: str
) -> None:
    result = contact("wish", ARTA, "--off", "offers", *wish)
    assert result.exit_code == 1
    assert reason in result.output
    assert state(database) == {"topic:offers": no(OFFERS)}


@pytest.mark.parametrize(
    "wish", [("--on", "news", *WORDS), ("--come-back", *WORDS), ("--on", "offers")]
)
def test_leaving_everything_is_kept_whatever_else_is_told(
    contact: Contact, database: Database, wish: tuple[str, ...]
) -> None:
    assert contact("wish", ARTA, "--leave", *wish).exit_code == 1
    assert state(database)["overall"] == OFF
    assert "topic:news" not in state(database)


def test_coming_back_from_nothing_to_nothing_is_refused_which_is_a_look(
    contact: Contact, database: Database, uses: Uses
) -> None:
    say(database, {"overall": OFF}, EARLIER)
    before = last(database)
    result = contact("wish", ARTA, "--come-back", *WORDS)
    assert "name with --on each topic that they want again" in result.output
    assert state(database)["overall"] == OFF
    assert last(database) == before
    assert uses() == [("looked", "Mira")]


def test_an_unknown_topic_that_is_turned_off_is_told_and_the_rest_is_kept(
    contact: Contact, database: Database
) -> None:
    result = contact("wish", ARTA, "--off", "gardens", "--off", "offers")
    assert result.exit_code == 1
    assert result.stderr.startswith("--off gardens: no topic is called “gardens”. choose one of ")
    assert state(database)["topic:offers"] == no(OFFERS)


@pytest.mark.parametrize("wish", [(), ("--words", "hello"), ("--off", "news", "--words", "a\x07b")])
def test_a_wish_that_says_nothing_changes_nothing(
    contact: Contact, database: Database, wish: tuple[str, ...]
) -> None:
    before = last(database)
    result = contact("wish", ARTA, *wish)
    assert (result.exit_code, result.output.count("\n")) == (2, 1)
    assert last(database) == before


# ── who sees it ─────────────────────────────────────────────────────────────────────────────


def test_it_stands_in_the_history_with_who_was_told(contact: Contact, uses: Uses) -> None:
    words = f"{WORDS[1]}, to arta@example.com"
    contact("wish", ARTA, "--on", "offers", "--words", words)
    assert uses() == []
    history = shown_of(contact)["history"]
    assert any("how: by phone, to Mira" in line for line in history)
    assert any("words: Yes, send me that again, to •••@•••" in line for line in history)


def test_it_is_among_the_changes_that_other_systems_are_told(
    contact: Contact, run: Run, site_file: Path
) -> None:
    before = run("export", site_file, "--cursor", "start").stderr.split()[-1]
    contact("wish", ARTA, "--leave")
    (row,) = table_of(run("export", site_file, "--cursor", before).stdout)
    assert row["email"] == ARTA
