"""From the outbox to a mail server: each message once, and again while it cannot be taken."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from peewee import Database

from tests.support.inboxes import Inbox, listening
from widget_backend.errors import SettingInvalid
from widget_backend.jobs.work import email
from widget_backend.mail.delivery import RETRY_DELAYS, ask_capabilities, deliver
from widget_backend.mail.transports import (
    FileTransport,
    SmtpTransport,
    smtp_transport,
)
from widget_backend.store.database import write_transaction
from widget_backend.store.models import Job
from widget_backend.store.outbox import (
    LEASE,
    OutgoingMessage,
    claim_due,
    enqueue,
    pretend_to_enqueue,
)

AT = 1_800_000_000
ARTA, BLERIM = "arta@example.com", "blerim@example.com"
SOURCE = (
    "Subject: Kodi\r\nFrom: a@shop.example\r\nTo: {}\r\nMIME-Version: 1.0\r\n"
    "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n"
    "\r\nP=C3=ABrsh=C3=ABndetje\r\n"
)


def message(recipient: str) -> OutgoingMessage:
    return OutgoingMessage("shop", "code", recipient, SOURCE.format(recipient), about="a" * 32)


@pytest.fixture
def put(database: Database) -> Callable[..., None]:
    def put(*recipients: str, at: int = AT) -> None:
        for recipient in recipients:
            enqueue(database, message(recipient), at)

    return put


def rows(database: Database) -> list[tuple[object, ...]]:
    """Payload, attempts and time of what is or was in the outbox."""
    query = Job.select(Job.payload, Job.attempts, Job.due_at).order_by(Job.id)
    return list(query.tuples().execute(database))


def test_what_waits_arrives_once_and_is_not_kept(
    database: Database, inbox: Inbox, put: Callable[..., None]
) -> None:
    put(ARTA, BLERIM)
    assert deliver(database, inbox.transport, AT) == 2
    assert inbox.recipients == [ARTA, BLERIM]
    assert inbox.messages[0].get_content() == "Përshëndetje\r\n"
    assert rows(database) == [(None, 0, None)] * 2
    assert deliver(database, inbox.transport, AT + 10**6) == 0


def test_what_was_pretended_is_as_long_goes_nowhere_and_is_not_kept(
    database: Database, inbox: Inbox, put: Callable[..., None]
) -> None:
    put(BLERIM)
    enqueue(database, message(ARTA), AT + 10**6)
    pretend_to_enqueue(database, message(ARTA), AT)
    _, (real, _, _), (pretended, _, due_at) = rows(database)
    assert due_at == AT
    assert len(str(pretended)) == len(str(real))
    assert ARTA not in str(pretended)
    assert deliver(database, inbox.transport, AT) == 1
    assert inbox.recipients == [BLERIM]
    assert [payload is None for payload, *_ in rows(database)] == [True, False, True]


def test_what_was_rolled_back_is_not_sent(database: Database, inbox: Inbox) -> None:
    with write_transaction(database) as _, database.atomic() as transaction:
        enqueue(database, message(ARTA), AT)
        transaction.rollback()
    assert deliver(database, inbox.transport, AT) == 0


def test_what_one_takes_nobody_else_does_until_the_taker_must_be_dead(
    database: Database, put: Callable[..., None]
) -> None:
    put(ARTA)
    assert [each.recipient for each in claim_due(database, AT)] == [ARTA]
    assert claim_due(database, AT + LEASE - 1) == []
    assert [each.recipient for each in claim_due(database, AT + LEASE)] == [ARTA]


def test_a_server_that_is_away_is_tried_again_for_two_days_and_then_no_more(
    database: Database, put: Callable[..., None]
) -> None:
    put(ARTA)
    nobody = SmtpTransport("127.0.0.1", 1, "none")
    now = AT
    for pause in RETRY_DELAYS:
        assert deliver(database, nobody, now) == 0
        assert deliver(database, nobody, now + pause - 1) == 0
        now += pause
    assert rows(database)[0][1:] == (len(RETRY_DELAYS), now)
    deliver(database, nobody, now)
    assert rows(database) == [(None, len(RETRY_DELAYS), None)]
    assert 2 * 86_400 > now - AT > 86_400


ANSWERS = {
    "451 later": ("put off", 1),
    "452 full": ("put off", 1),
    "550 never": ("given up", 0),
    "554 spam": ("given up", 0),
}


@pytest.mark.parametrize("answer", ANSWERS)
@pytest.mark.parametrize("place", ["recipient", "data"])
def test_one_message_that_is_refused_stops_no_other(
    database: Database, inbox: Inbox, put: Callable[..., None], answer: str, place: str
) -> None:
    put(ARTA, BLERIM)
    if place == "recipient":
        inbox.refused[ARTA] = answer
    else:
        inbox.answers.append(answer)
    assert deliver(database, inbox.transport, AT) == 1
    assert inbox.recipients == [BLERIM]
    what, attempts = ANSWERS[answer]
    payload, tried, due_at = rows(database)[0]
    assert (payload is not None, tried) == (what == "put off", attempts)
    assert due_at == (AT + RETRY_DELAYS[0] if what == "put off" else None)


def test_a_message_at_which_the_server_hangs_up_takes_no_other_with_it(
    database: Database, inbox: Inbox, put: Callable[..., None]
) -> None:
    put(ARTA, BLERIM, "c@example.com")
    inbox.refused[BLERIM] = "421 good night"
    assert deliver(database, inbox.transport, AT) == 2
    assert [payload is None for payload, *_ in rows(database)] == [True, False, True]
    inbox.refused.clear()
    assert deliver(database, inbox.transport, AT + RETRY_DELAYS[0]) == 1
    assert inbox.recipients == [ARTA, "c@example.com", BLERIM]


def test_who_must_stop_does_so_between_two_messages_and_the_rest_waits_on(
    database: Database, inbox: Inbox, put: Callable[..., None]
) -> None:
    put(ARTA, BLERIM, "c@example.com")
    assert deliver(database, inbox.transport, AT, lambda: len(inbox.messages) == 1) == 1
    assert inbox.recipients == [ARTA]
    assert deliver(database, inbox.transport, AT) == 2
    assert inbox.recipients == [ARTA, BLERIM, "c@example.com"]


def test_who_must_log_in_logs_in(database: Database, put: Callable[..., None]) -> None:
    inbox = Inbox()
    options = {"auth_require_tls": False, "authenticator": inbox.authenticate}
    with listening(inbox, **options):
        put(ARTA)
        server = smtp_transport(f"smtp://somebody:hunter%402@127.0.0.1:{inbox.port}")
        assert deliver(database, server, AT) == 1
    assert inbox.users == [("somebody", "hunter@2")]


def test_a_server_without_tls_gets_nothing_that_was_to_be_secret(
    database: Database, inbox: Inbox, put: Callable[..., None]
) -> None:
    put(ARTA)
    server = smtp_transport(f"smtp+starttls://a:b@127.0.0.1:{inbox.port}")
    assert deliver(database, server, AT) == 0
    assert (inbox.messages, inbox.users) == ([], [])


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("smtp://localhost", SmtpTransport("localhost", 25, "none")),
        ("smtps://u:p@mail.example", SmtpTransport("mail.example", 465, "tls", "u", "p")),
        ("smtp+starttls://mail.example:26", SmtpTransport("mail.example", 26, "starttls")),
    ],
)
def test_a_mail_server_is_named_by_a_url(url: str, server: SmtpTransport) -> None:
    assert smtp_transport(url) == server


@pytest.mark.parametrize(
    "url", ["", "mail.example", "imap://h", "smtp://", "smtp://h:x", "smtp://h/x"]
)
def test_what_names_no_mail_server_is_refused(url: str) -> None:
    with pytest.raises(SettingInvalid):
        smtp_transport(url)


def test_a_demo_keeps_messages_in_a_folder(
    database: Database, put: Callable[..., None], tmp_path: Path
) -> None:
    put(ARTA, BLERIM)
    deliver(database, FileTransport(tmp_path / "mail"), AT)
    first, second = sorted((tmp_path / "mail").iterdir())
    assert f"To: {ARTA}" in first.read_text()
    assert f"To: {BLERIM}" in second.read_text()


def test_no_address_and_no_text_of_a_message_is_logged(
    database: Database, inbox: Inbox, put: Callable[..., None], caplog: pytest.LogCaptureFixture
) -> None:
    put(ARTA, BLERIM)
    inbox.refused.update({ARTA: f"550 {ARTA} never", BLERIM: f"451 {BLERIM} later"})
    deliver(database, inbox.transport, AT)
    deliver(database, SmtpTransport("127.0.0.1", 1, "none"), AT + 10**6)
    assert caplog.messages
    assert not any("example.com" in each for each in caplog.messages)


def test_a_mail_server_that_is_away_is_told_with_how_many_wait_and_until_when(
    database: Database, put: Callable[..., None], caplog: pytest.LogCaptureFixture
) -> None:
    put(ARTA, BLERIM)
    deliver(database, SmtpTransport("127.0.0.1", 1, "none"), AT)
    waiting = "2 letters wait, the first for 60 seconds"
    reason = "the mail server cannot be reached (ConnectionRefusedError)"
    assert caplog.messages == [f"{reason}: {waiting}"]


@pytest.mark.parametrize("smtputf8", [True, False])
def test_what_the_mail_server_can_is_known_before_the_first_message(smtputf8: bool) -> None:
    with listening(Inbox(), enable_SMTPUTF8=smtputf8) as inbox:
        server = inbox.transport
        assert server.capabilities.accepts("dhënës@example.com"), "while nobody knows"
        ask_capabilities(server)
        assert server.capabilities.accepts("dhënës@example.com") == smtputf8
        assert server.capabilities.accepts("ela@müller.example")


def test_what_the_mail_server_can_is_heard_again_at_each_conversation(
    database: Database, inbox: Inbox, put: Callable[..., None]
) -> None:
    server = inbox.transport
    server.capabilities.smtputf8 = True
    put(ARTA)
    assert deliver(database, server, AT) == 1
    assert server.capabilities.smtputf8 is False


def test_a_server_that_cannot_be_asked_stops_nobody(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    server = SmtpTransport("127.0.0.1", 1, "none")
    ask_capabilities(server)
    assert server.capabilities.accepts("dhënës@example.com")
    assert caplog.messages == ["the mail server could not be asked: ConnectionRefusedError"]


def test_the_worker_asks_the_mail_server_before_it_delivers(inbox: Inbox) -> None:
    transport = inbox.transport
    email(transport).prepare()
    assert transport.capabilities.smtputf8 is False
