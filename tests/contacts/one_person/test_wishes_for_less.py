"""`contact wish` for less: a no on the phone counts at once, and against whatever came before."""

from __future__ import annotations

from pathlib import Path

import pytest
from peewee import Database

from tests.support.contacts import ARTA, LESS, NEWS, OFF, OFFERS, PAUSED, Export, Run, arta, say
from tests.support.one_person import AT, EARLIER, Contact, last_record, shown_of, state_of
from tests.support.requests import BY_MIRA
from tests.support.words import said
from tests.support.words.account import SAID_NO_TO
from tests.support.words.labels import GETS_TOPIC_NO_LONGER
from tests.support.worlds import no

NO_PAUSE = "No pause is kept: they have left everything, which is more."


def test_a_topic_is_turned_off_with_who_was_told(contact: Contact, database: Database) -> None:
    result = contact("wish", ARTA, "--off", "offers")
    assert (result.exit_code, result.stdout) == (
        0,
        f"{said('en', GETS_TOPIC_NO_LONGER, topic='N')}\n",
    )
    assert state_of(database)["topic:offers"] == no(OFFERS)
    record = last_record(database)
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
    assert state_of(database)["topic:news"]["on"] is False


def test_everything_is_left(contact: Contact, database: Database) -> None:
    assert contact("wish", ARTA, "--leave").exit_code == 0
    assert state_of(database)["overall"] == OFF
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
    assert state_of(database)["overall"] == OFF


def test_leaving_again_is_a_later_no_against_files(
    contact: Contact, run: Run, site_file: Path, export_of: Export, database: Database
) -> None:
    say(database, {"overall": OFF}, 1_750_000_000)
    assert "said it again" in contact("wish", ARTA, "--leave").stdout
    assert arta(database).times.overall == AT
    row = {"Email Address": ARTA, "CONFIRM_TIME": "2026-06-01 09:00:00"}
    run("import", site_file, export_of("subscribed", row), "--topic", "offers")
    assert state_of(database)["overall"] == OFF


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
    assert state_of(database)["overall"] == OFF


def test_it_is_paused(contact: Contact, database: Database) -> None:
    assert contact("wish", ARTA, "--pause-until", "2027-01-31").exit_code == 0
    assert state_of(database)["overall"] == {"reach": "paused", "until": "2027-01-31"}


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
    assert state_of(database).get("overall") == overall


@pytest.mark.parametrize(
    "wish", [(), ("--leave",), ("--off", "offers", "--do-not-track"), ("--on", "offers")]
)
def test_no_pause_is_said_to_be_kept_of_who_has_left_everything(
    contact: Contact, database: Database, wish: tuple[str, ...]
) -> None:
    say(database, {"overall": OFF}, EARLIER)
    result = contact("wish", ARTA, "--pause-until", "2027-01-31", *wish)
    assert NO_PAUSE in result.stdout.splitlines()
    assert state_of(database)["overall"] == OFF


def test_a_pause_that_is_not_kept_is_not_called_so_already(
    contact: Contact, database: Database
) -> None:
    say(database, {"overall": OFF}, EARLIER)
    result = contact("wish", ARTA, "--pause-until", "2027-01-31")
    assert (result.exit_code, result.output) == (0, f"{NO_PAUSE}\n")
    again = contact("wish", ARTA, "--leave", "--pause-until", "2027-01-31").stdout.splitlines()
    assert again == ["That was so already. It is kept that they said it again.", NO_PAUSE]


def test_they_are_tracked_no_more(contact: Contact, database: Database) -> None:
    assert contact("wish", ARTA, "--do-not-track").exit_code == 0
    assert state_of(database).do_not_track == {"wanted": True, "at": AT}


def test_a_topic_that_is_offered_no_more_can_be_left(
    contact: Contact, database: Database, site_file: Path
) -> None:
    text = site_file.read_text(encoding="utf-8")
    site_file.write_text(text.replace('id = "offers"', 'id = "bargains"'), encoding="utf-8")
    assert contact("wish", ARTA, "--off", "offers").exit_code == 0
    assert state_of(database)["topic:offers"]["on"] is False


def test_an_unknown_topic_that_is_turned_off_is_told_and_the_rest_is_kept(
    contact: Contact, database: Database
) -> None:
    result = contact("wish", ARTA, "--off", "gardens", "--off", "offers")
    assert result.exit_code == 1
    assert result.stderr.startswith("--off gardens: no topic is called “gardens”. choose one of ")
    assert state_of(database)["topic:offers"] == no(OFFERS)
