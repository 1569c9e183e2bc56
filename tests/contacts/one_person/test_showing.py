"""`contact`: one person, as the staff see them, and who of the staff looked."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from peewee import Database, PeeweeException

from tests.support.contacts import (
    ARTA,
    BEN,
    LESS,
    NEWS,
    OFF,
    OFFERS,
    PAUSED,
    Bring,
    Run,
    arta,
    found,
    say,
)
from tests.support.one_person import HEADER, PHONE, Contact, Uses, shown_of
from tests.support.requests import NOW
from tests.support.words import said
from tests.support.words.account import STAFF_LOOKED
from tests.support.words.decisions import NO, NUMBER_NOT_CONFIRMED
from tests.support.words.labels import ALL_LESS, GETS_TOPIC, SET_TO
from tests.support.worlds import no
from widget_backend.cli import main
from widget_backend.rules.state import Change
from widget_backend.store import staff_uses
from widget_backend.store.database import write_transaction
from widget_backend.store.deliverability import mark_undeliverable
from widget_backend.store.ledger import ConsentContext, Wording, records
from widget_backend.store.models_of_requests import StaffUse
from widget_backend.store.outbox import OutgoingMessage, enqueue
from widget_backend.store.profiles import new_key
from widget_backend.store.sign_ups import sign_up

AT = int(NOW.timestamp())


def test_choices_come_with_channel_frequency_and_since_when(
    contact: Contact, database: Database
) -> None:
    say(database, {"topic:news": {**NEWS, "on": False}, "overall": LESS}, AT - 86_400)
    parts = shown_of(contact)
    offers, news = parts["topics"]
    assert offers.startswith("N (offers): email, weekly, since 2024-01-01 ")
    assert news == "N (news): off, since 2026-11-30 13:00"
    assert parts["overall"] == [ALL_LESS]


def test_a_day_that_was_stated_without_a_time_has_none(contact: Contact, bring: Bring) -> None:
    day = "2025-08-08"
    bring(f"{HEADER}\nnora@example.com,,,{day},\n", name="days.csv")
    (offers,) = shown_of(contact, who="nora@example.com")["topics"]
    assert offers.startswith(f"N (offers): email, weekly, since {day}. ")


def test_why_no_message_of_a_topic_may_go_stands_below_it(
    contact: Contact, run: Run, site_file: Path, database: Database
) -> None:
    say(database, {"topic:offers": {**OFFERS, "channel": "sms"}})  # type: ignore[arg-type]
    campaign = '[[campaigns]]\nid = "spring"\ntopic = "offers"\nchannel = "sms"\nsentence = "S"\n'
    site_file.write_text(f"{site_file.read_text('utf-8')}\n{campaign}", encoding="utf-8")
    _, why = shown_of(contact)["topics"]
    assert why == f"no message may go: {said('en', NUMBER_NOT_CONFIRMED)}"
    answer = run("decide", site_file, ARTA, "--campaign", "spring").stdout.splitlines()[0]
    assert answer == said("en", NO, why=said("en", NUMBER_NOT_CONFIRMED))


NUMBER_IS_OPEN = {**OFFERS, "channel": "sms"}
BOX_WAS_TICKED = {**OFFERS, "basis": "pre_ticked", "basis_at": None}


@pytest.mark.parametrize(
    ("choice", "channel"), [(NUMBER_IS_OPEN, "SMS"), (BOX_WAS_TICKED, "email"), (OFFERS, "email")]
)
def test_the_history_promises_no_more_than_the_person_reads(
    contact: Contact, database: Database, choice: dict[str, Any], channel: str
) -> None:
    say(database, {"topic:offers": no(OFFERS)}, AT - 60)
    say(database, {"topic:offers": choice}, AT)  # type: ignore[dict-item]
    if choice == OFFERS:
        contact("undeliverable", ARTA)
    history = "\n".join(shown_of(contact)["history"])
    chosen = {"topic": "N", "channel": channel, "frequency": "weekly"}
    assert said("en", SET_TO, **chosen) in history
    assert said("en", GETS_TOPIC, **chosen) not in history


@pytest.mark.parametrize("overall", [OFF, PAUSED])
def test_what_holds_back_everything_is_not_told_again_of_each_topic(
    contact: Contact, database: Database, overall: dict[str, Any]
) -> None:
    say(database, {"overall": overall})
    parts = shown_of(contact)
    assert (len(parts["overall"]), len(parts["topics"])) == (1, 1)


@pytest.mark.parametrize("name", [ARTA, " Arta@Example.COM ", PHONE, "069 123 4567", "C-17"])
def test_any_name_of_theirs_leads_to_them(contact: Contact, database: Database, name: str) -> None:
    assert shown_of(contact, who=name)["person"] == [arta(database).profile.ledger_key]


def test_so_does_their_key(contact: Contact, database: Database) -> None:
    key = arta(database).profile.ledger_key
    assert shown_of(contact, who=key)["person"] == [key]


def test_addresses_and_numbers_are_masked_unless_they_are_asked_for(contact: Contact) -> None:
    output = contact(ARTA).output
    for value in (ARTA, PHONE, "C-17"):
        assert value not in output
    parts = shown_of(contact, "--addresses")
    assert parts["email"] == [ARTA]
    assert parts["phone"] == [f"{PHONE}, not confirmed"]
    assert parts["customer"] == ["C-17"]


def test_mail_that_came_back_and_mail_that_waits_are_told(
    contact: Contact, database: Database
) -> None:
    person = arta(database).profile
    message = OutgoingMessage("shop", "link", ARTA, "Dear Arta", person.handle)
    with write_transaction(database):
        mark_undeliverable(database, person.id, AT - 86_400, AT)
        enqueue(database, message, AT)
    parts = shown_of(contact)
    assert parts["email"][1] == "email to it came back on 2026-11-30"
    assert parts["waiting"] == ["email “link” since 2026-12-01 13:00"]
    assert parts["links"] == ["first made on 2026-12-01"]


def test_nobody_knows_of_links_that_were_never_made(contact: Contact) -> None:
    assert shown_of(contact)["links"] == ["none that we know of"]


def test_who_looked_is_kept_and_stands_in_the_history(contact: Contact, uses: Uses) -> None:
    contact(ARTA)
    newest, second = shown_of(contact)["history"][1:3]
    assert newest == second
    assert newest.split(maxsplit=2)[:2] == ["2026-12-01", "13:00"]
    assert newest.endswith(f" {STAFF_LOOKED} (Mira)")
    assert uses() == [("looked", "Mira")] * 2


def test_it_is_kept_of_the_login_name_if_no_other_is_given(
    run: Run, contact: Contact, site_file: Path, database: Database, uses: Uses
) -> None:
    assert run("contact", site_file, ARTA, LOGNAME="nora").exit_code == 0
    assert uses() == [("looked", "nora")]


def test_nothing_is_shown_if_it_cannot_be_kept(
    contact: Contact, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(**_: object) -> None:
        raise PeeweeException

    monkeypatch.setattr(staff_uses.StaffUse, "insert", fail)
    result = contact(ARTA)
    assert result.exit_code == 1
    assert result.stdout == ""


UNKNOWN = ["nobody@example.com", "no address@", "+355690000000", "C-18", "k", "069"]


@pytest.mark.parametrize("name", UNKNOWN)
def test_who_is_unknown_is_one_line_with_its_cure(contact: Contact, uses: Uses, name: str) -> None:
    result = contact(name)
    assert (result.exit_code, result.output.count("\n")) == (1, 1)
    assert "nobody has this email address, phone number, customer number or key" in result.output
    assert uses() == []


def test_of_people_who_share_a_number_nobody_is_guessed(
    contact: Contact, bring: Bring, database: Database, uses: Uses, tmp_path: Path
) -> None:
    rows = f"{HEADER}\n{BEN},{PHONE},,2024-01-01 09:00:00,\n"
    bring(rows, "--map", str(tmp_path / "numbers.toml"), name="more.csv")
    result = contact(PHONE)
    assert (result.exit_code, result.output.count("\n")) == (1, 1)
    assert "2 people have this number" in result.output
    for each in found(database, ARTA, BEN).values():
        assert each.profile.ledger_key in result.output
    assert uses() == []


def test_who_has_not_confirmed_the_sign_up_is_told_apart_from_nobody(
    contact: Contact, database: Database
) -> None:
    how = ConsentContext(AT, "sign-up", Wording.of("shop", "en", {}))
    wanted = [Change("topic:news", None, NEWS)]
    sign_up(database, "shop", new_key(), "nora@example.com", wanted, how, also=lambda: None)
    result = contact("nora@example.com")
    assert result.exit_code == 1
    assert "signed up with it on 2026-12-01 and has not confirmed it yet" in result.output
    assert "nobody has this" in contact("olga@example.com").output


def test_people_of_another_site_are_nobody(
    run: Run, contact: Contact, site_file: Path, tmp_path: Path
) -> None:
    text = site_file.read_text(encoding="utf-8").replace('id = "shop"', 'id = "other"')
    other = tmp_path / "OTHER.toml"
    other.write_text(text, encoding="utf-8")
    result = run("contact", other, ARTA, "--by", "Mira")
    assert (result.exit_code, "nobody has this" in result.output) == (1, True)
    assert shown_of(contact)["person"]


def test_the_name_can_come_by_the_standard_input(
    contact: Contact, database_url: str, site_file: Path, uses: Uses
) -> None:
    settings = {"WIDGET_DATABASE_URL": database_url}
    arguments = ["contact", str(site_file), "-", "--by", "Mira"]
    result = CliRunner().invoke(main, arguments, input=f"{ARTA}\n", env=settings)
    assert (result.exit_code, uses()) == (0, [("looked", "Mira")])


def test_what_they_said_can_come_by_it_too(
    contact: Contact, database: Database, database_url: str, site_file: Path
) -> None:
    contact("wish", ARTA, "--off", "offers")
    settings = {"WIDGET_DATABASE_URL": database_url}
    arguments = ["contact", "wish", str(site_file), "-", "--on", "offers", "--words", "-"]
    typed = f"{ARTA}\nYes, send me\nthat again\n"
    result = CliRunner().invoke(main, [*arguments, "--by", "Mira"], input=typed, env=settings)
    assert result.exit_code == 0, result.output
    last = records(database, arta(database).profile.ledger_key)[-1]
    assert last.evidence["words"] == "Yes, send me that again"


def test_the_history_is_cut_unless_all_of_it_is_wanted(
    contact: Contact, database: Database
) -> None:
    for place in range(25):
        say(database, {"topic:offers": {**OFFERS, "on": bool(place % 2)}}, AT + place)
    assert shown_of(contact)["history"][-1] == "7 older: see them with --all"
    assert len(shown_of(contact, "--all")["history"]) > 25


def test_what_stays_of_who_is_deleted_leads_to_nobody(
    contact: Contact, run: Run, site_file: Path, database: Database
) -> None:
    contact(ARTA)
    what = ("--what", "erase", "--by-phone", "--received", "2026-11-30", "--by", "Mira")
    assert run("due", "add", site_file, ARTA, *what).exit_code == 0
    assert run("due", "done", site_file, "1", "--erase", "--by", "Mira").exit_code == 0
    (use,) = StaffUse.select(StaffUse.what, StaffUse.profile).tuples().execute(database)
    assert use == ("looked", None)
