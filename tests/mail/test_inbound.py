"""Unsubscribing by mail: whatever mail servers and programs do to the subject."""

from __future__ import annotations

import os
from base64 import b64encode

import pytest
from peewee import Database

from tests.support.replies import NOW, OFFERS, RETIRED, SIGNER, mail, piped, state, token
from widget_backend.errors import NoMessage
from widget_backend.links import Link
from widget_backend.mail.inbound import one_click_link
from widget_backend.signing import Signer
from widget_backend.store.ledger import records
from widget_backend.store.profiles import Profile

SUBJECTS = {
    "as the header has it": "{token}",
    "as people reply": "Re: {token}",
    "with the usual word": "unsubscribe {token}",
    "folded by a mail server": "{half}\r\n {rest}",
    "encoded": "=?utf-8?b?{encoded}?=",
    "as people reply, in raw Albanian": "Përgj: {token}",
    "as people reply, in raw Arabic": "رد: {token}",
    "a reply with the usual word": "Re: unsubscribe {token}",
    "politely": "please unsubscribe {token}",
    "with a word behind it": "{token} unsubscribe",
    "marked by a mail server": "Caution External Mail {token}",
    "marked without a space": "[EXTERNAL]{token}",
    "in angle brackets": "Re: <{token}>",
    "behind a word as long as a token's": "a-word-of-twenty-letters.and-another-of-twenty {token}",
    "marked and folded": "Caution External Mail {half}\r\n {rest} unsubscribe",
    "behind what nobody can decode": "=?no-such?q?x?= {token}",
}


@pytest.mark.parametrize("how", SUBJECTS)
def test_a_message_with_the_token_unsubscribes(
    send: object, database: Database, person: Profile, how: str
) -> None:
    said = token(person.handle)
    encoded = b64encode(said.encode()).decode()
    subject = SUBJECTS[how].format(token=said, half=said[:60], rest=said[60:], encoded=encoded)
    result = piped(send, mail(subject))
    assert (result.exit_code, result.output) == (0, "")
    assert state(database, person)["overall"] == {"reach": "off", "until": None}
    assert records(database, person.ledger_key)[-1].door == "mail"


def test_a_campaigns_token_leaves_its_topic_also_with_a_retired_key(
    send: object, database: Database, person: Profile
) -> None:
    said = token(person.handle, "offers", Signer([RETIRED]))
    assert piped(send, mail(said)).exit_code == 0
    assert state(database, person) == {"topic:offers": {**OFFERS, "on": False}}


def test_sent_twice_it_is_one_record(send: object, database: Database, person: Profile) -> None:
    for _ in range(2):
        assert piped(send, mail(token(person.handle))).exit_code == 0
    assert len(records(database, person.ledger_key)) == 2


@pytest.mark.parametrize(
    "subject", ["", "Hello", "a" * 3000, "=?no-such?q?x?=", "=?utf-8?b?a?=", "{forged}", "{other}"]
)
def test_a_message_without_a_link_changes_nothing_and_goes_back_to_nobody(
    send: object, database: Database, person: Profile, subject: str
) -> None:
    """A mail server would send it to whoever the spam claims to be from."""
    forged = token(person.handle)[:-4] + "AAAA"
    other = SIGNER.mint("preferences", Link("dimora", person.handle), NOW)
    result = piped(send, mail(subject.format(forged=forged, other=other)))
    assert result.exit_code == 0
    assert result.stderr == "Nothing was changed: the subject names no unsubscribe link.\n"
    assert state(database, person) == person.state


def test_for_somebody_who_is_gone_there_is_nothing_to_do(send: object, database: Database) -> None:
    assert piped(send, mail(token("0" * 32))).exit_code == 0


AWAY = {
    "the database": {"WIDGET_DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none"},
    "the keys": {"WIDGET_SIGNING_KEYS": ""},
    "a long enough key": {"WIDGET_SIGNING_KEYS": "short"},
    "a long enough retired key": {"WIDGET_RETIRED_KEYS": "short"},
    "the site files": {"WIDGET_SITES": ""},
    "the link's site": {"WIDGET_SITES": os.pathsep},
}


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize("what", AWAY)
def test_what_is_away_is_named_while_the_mail_server_keeps_the_message(
    send: object, what: str
) -> None:
    (setting,) = AWAY[what]
    result = piped(send, mail(token("0" * 32)), **AWAY[what])
    assert result.exit_code == 75
    assert result.stderr.startswith(f"{setting}: ")
    assert len(result.stderr.splitlines()) == 1


def test_a_fault_that_nobody_foresaw_keeps_the_message_too(
    send: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> Link:
        raise RuntimeError("canary@example.com\ntwo")

    monkeypatch.setattr("widget_backend.cli.inbound.one_click_link", fail)
    result = piped(send, mail(token("0" * 32)))
    assert result.exit_code == 75
    assert result.stderr.startswith("inbound: RuntimeError ")
    assert "test_inbound.py" in result.stderr, "where it happened"
    assert "canary" not in result.stderr
    assert len(result.stderr.splitlines()) == 1


def test_no_headers_at_all_are_no_link() -> None:
    with pytest.raises(NoMessage):
        one_click_link(b"", SIGNER)
