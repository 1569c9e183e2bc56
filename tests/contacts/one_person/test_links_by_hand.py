"""Links that the staff make, mail or end for one person, and addresses that they mark."""

from __future__ import annotations

import re
from datetime import datetime
from email import message_from_string
from email.policy import SMTPUTF8

import pytest
from peewee import Database

from tests.support.contacts import ARTA, BEN, KEY, Run, arta, found
from tests.support.one_person import Contact, Uses, shown_of
from tests.support.requests import NOW
from tests.support.words.account import STAFF_CANCELLED_LINKS
from widget_backend.links import Link
from widget_backend.signing import Signer
from widget_backend.store.models import Identity, Job


def read(url: str) -> Link:
    assert url.startswith("https://prefs.shop.example/p/")
    return Signer([KEY]).read("preferences", url.strip().rpartition("/")[2])


def test_a_link_is_printed_and_opens_their_choices(
    contact: Contact, database: Database, uses: Uses
) -> None:
    link = read(contact("link", ARTA).stdout)
    assert (link.site, link.handle) == ("shop", arta(database).profile.handle)
    assert isinstance(link.expires_at, datetime)
    assert (link.expires_at - NOW).days == 180
    assert link.by_hand, "it came by no mail"
    assert uses() == [("made link", "Mira")]
    assert shown_of(contact)["links"] == ["first made on 2026-12-01"]


def test_a_link_is_mailed_to_the_address_on_file_by_the_server(
    contact: Contact, database: Database, uses: Uses
) -> None:
    result = contact("link", "C-17", "--mail")
    assert (result.exit_code, "prefs.shop" in result.output) == (0, False)
    (job,) = Job.select().execute(database)
    assert (job.kind, job.payload["recipient"]) == ("link", ARTA)
    body = message_from_string(job.payload["message"], policy=SMTPUTF8).get_body(("plain",))
    assert body is not None
    address = re.search(r"https://prefs.shop.example/p/\S+", body.get_content())
    assert address
    assert not read(address[0]).by_hand
    assert uses() == [("mailed link", "Mira")]


def test_links_that_are_ended_open_no_more_and_the_next_one_does(
    contact: Contact, uses: Uses
) -> None:
    first = read(contact("link", ARTA).stdout)
    assert contact("revoke", ARTA).exit_code == 0
    second = read(contact("link", ARTA).stdout)
    assert (first.link_version, second.link_version) == (0, 1)
    assert uses()[1] == ("ended links", "Mira")
    parts = shown_of(contact)
    assert parts["links"][1] == "ended 1 time, the last time on 2026-12-01; newer ones open"
    assert any(f"{STAFF_CANCELLED_LINKS} (Mira)" in line for line in parts["history"])


def test_an_address_is_marked_once(contact: Contact, database: Database, uses: Uses) -> None:
    assert contact("undeliverable", ARTA).stdout == "It is noted.\n"
    assert contact("undeliverable", ARTA).stdout == "That was known already.\n"
    assert arta(database).undeliverable
    assert arta(database).undeliverable_at == int(NOW.timestamp())
    assert uses() == [("undeliverable", "Mira")] * 2


def test_so_is_a_phone_number(contact: Contact) -> None:
    assert contact("undeliverable", ARTA, "--what", "phone").exit_code == 0
    phone = shown_of(contact)["phone"]
    assert phone[1] == "messages to it came back on 2026-12-01"


@pytest.mark.parametrize("kind", ["phone", "post"])
def test_what_they_do_not_have_cannot_come_back_which_is_a_look(
    contact: Contact, uses: Uses, kind: str
) -> None:
    result = contact("undeliverable", BEN, "--what", kind)
    assert (result.exit_code, result.output.count("\n")) == (1, 1)
    assert "they have no" in result.output
    assert uses() == [("looked", "Mira")]


def test_who_has_no_email_is_mailed_nothing_which_is_a_look(
    contact: Contact, database: Database, uses: Uses
) -> None:
    Identity.delete().where(Identity.value == ARTA).execute(database)
    result = contact("link", "C-17", "--mail")
    assert (result.exit_code, result.output.count("\n")) == (1, 1)
    assert "they have no email address" in result.output
    assert uses() == [("looked", "Mira")]


@pytest.mark.parametrize("command", ["link", "revoke", "undeliverable"])
def test_nothing_happens_without_somebody_who_does_it(
    run: Run, contact: Contact, site_file: object, database: Database, command: str
) -> None:
    assert contact(ARTA).exit_code == 0
    before = found(database, ARTA)
    result = run("contact", command, site_file, ARTA, "--by", " ")
    assert (result.exit_code, "--by is empty" in result.output) == (2, True)
    assert found(database, ARTA) == before
