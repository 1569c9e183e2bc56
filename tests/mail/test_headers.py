"""Headers say what was meant, whatever an address or a name holds: a second parser reads them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from email import policy
from email.header import decode_header, make_header
from email.message import Message
from email.parser import BytesParser

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from peewee import Database

from tests.support.inboxes import Inbox, listening
from widget_backend.demo.run import DIMORA
from widget_backend.i18n.languages import language
from widget_backend.mail.delivery import deliver
from widget_backend.mail.headers import UNDISCLOSED
from widget_backend.mail.messages import compose
from widget_backend.rules.email_addresses import email_address, for_mail
from widget_backend.site.load import load_site
from widget_backend.site.model import Site
from widget_backend.store.models import Job
from widget_backend.store.outbox import OutgoingMessage, enqueue, pretend_to_enqueue

SITE = load_site(DIMORA / "SITE.toml").site
NOW = datetime(2027, 3, 1, 12, tzinfo=UTC)
AT = int(NOW.timestamp())
NAMES = [
    *("Subject", "From", "To", "Date", "Message-ID", "Auto-Submitted", "Content-Language"),
    *("MIME-Version", "Content-Type"),
]
ATTACK = "=?utf-8?q?a=0d=0ax-injected=3a_yes=0d=0a=0d=0abody?=@attacker.example"
IDN = "ela@müller.example"

ATOMS = st.text(st.characters(categories=["L", "M", "Nd"]) | st.sampled_from("!#$%&'*-/=?^_`{|}~"))
LOCAL_PARTS = st.lists(ATOMS, min_size=1, max_size=3).map(".".join)
LINE = st.text(st.characters(exclude_categories=["C", "Z"]) | st.just(" "), min_size=1)


def outgoing(recipient: str, site: Site = SITE) -> OutgoingMessage:
    values = {"code": "123 456", "minutes": 15}
    return compose("code", site, language("en"), recipient, NOW, about="a" * 32, **values)


def parsed(source: bytes) -> Message:
    """By the parser that decodes nothing by itself."""
    return BytesParser(policy=policy.compat32).parsebytes(source)


def raw(source: bytes, name: str) -> str:
    """What stands behind the one header of this name, read without any mail library."""
    head = source.partition(b"\r\n\r\n")[0].replace(b"\r\n ", b" ").decode()
    (value,) = (each for each in head.split("\r\n") if each.startswith(f"{name}: "))
    return value.removeprefix(f"{name}: ")


def decoded(message: Message, name: str) -> str:
    return str(make_header(decode_header(message[name])))


def is_as_meant(source: bytes, site: Site = SITE) -> bool:
    """The headers are ours, each once and in order, and the body is the whole of our text."""
    message = parsed(source)
    text, html = message.get_payload()
    body = text.get_payload(decode=True).decode()
    sender = f"<{site.mail_from}>"
    return (
        list(message.keys()) == NAMES
        and message["From"].endswith(sender)
        and "123 456" in body
        and "123 456" in html.get_payload(decode=True).decode()
    )


@pytest.fixture(scope="module")
def server() -> Iterator[Inbox]:
    """One that takes addresses beyond ASCII."""
    with listening(Inbox(), enable_SMTPUTF8=True) as inbox:
        yield inbox


def test_an_address_that_mail_programs_decode_is_named_nowhere_and_not_written_to(
    database: Database, server: Inbox
) -> None:
    """It could be stored once. There are mail servers that decode it even in the envelope."""
    assert email_address(ATTACK) is None
    made = outgoing(ATTACK)
    assert is_as_meant(made.source.encode())
    assert raw(made.source.encode(), "To") == UNDISCLOSED
    enqueue(database, made, AT)
    enqueue(database, outgoing("arta@example.com"), AT)
    assert deliver(database, server.transport, AT) == 1
    assert server.recipients[-1] == "arta@example.com"
    assert deliver(database, server.transport, AT + 10**6) == 0, "it was given up"


@pytest.mark.parametrize("local", ["a..b", ".a", "a.", "a♥b", "+a", "a\u2024b"])
def test_who_was_taken_once_and_would_not_be_now_is_still_written_to(
    database: Database, server: Inbox, local: str
) -> None:
    address = f"{local}@example.com"
    assert email_address(address) is None
    enqueue(database, outgoing(address), AT)
    assert deliver(database, server.transport, AT) == 1
    assert server.recipients[-1] == address
    assert is_as_meant(server.sources[-1])


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(LOCAL_PARTS)
@example("o'brien+shop=2")
@example("نور")
@example("!#$%&'*-/?=^_`{|}~.x")
def test_every_recipient_is_told_and_named_as_they_are(server: Inbox, local: str) -> None:
    address = email_address(f"{local}@müller.example")
    if address is None:
        return
    with server.transport.connect() as send:
        send(address, outgoing(address).source)
    source = server.sources.pop()
    assert server.recipients.pop() == for_mail(address) == raw(source, "To")
    assert server.senders.pop() == SITE.mail_from
    assert is_as_meant(source)
    if address.isascii():
        assert parsed(source)["To"] == for_mail(address)


@settings(deadline=None)
@given(LINE)
@example("=?utf-8?q?a=0d=0ax-injected=3a_yes?=")
@example('Dimora "the shop" \\ <x@y.example>, Tirana')
@example("Dimora <x@y.example>")
@example("ديمورا " * 60)
@example("Dimora " * 200)
def test_a_site_is_called_what_its_owner_calls_it(name: str) -> None:
    name = " ".join(name.split())
    site = replace(SITE, name=name)
    made = outgoing("arta@example.com", site)
    message = parsed(made.source.encode())
    assert is_as_meant(made.source.encode(), site)
    assert name in decoded(message, "Subject")
    shown = decoded(message, "From").removesuffix(f" <{SITE.mail_from}>")
    unquoted = shown[1:-1].replace('\\"', '"').replace("\\\\", "\\")
    assert name in {shown, unquoted}
    assert max(map(len, made.source.encode().split(b"\r\n"))) <= 998


def test_the_domain_is_written_as_dns_knows_it(database: Database, inbox: Inbox) -> None:
    """To a server that takes no UTF-8: only a local part beyond ASCII would need that."""
    enqueue(database, outgoing(IDN), AT)
    assert deliver(database, inbox.transport, AT) == 1
    assert inbox.recipients == ["ela@xn--mller-kva.example"]
    assert raw(inbox.sources[0], "To") == "ela@xn--mller-kva.example"
    inbox.sources[0].decode("ascii")


def test_a_local_part_beyond_ascii_goes_to_no_server_that_cannot_take_it(
    database: Database, inbox: Inbox
) -> None:
    for each in ("dhënës@example.com", "arta@example.com"):
        enqueue(database, outgoing(each), AT)
    assert deliver(database, inbox.transport, AT) == 1
    assert inbox.recipients == ["arta@example.com"]
    assert deliver(database, inbox.transport, AT + 10**6) == 0, "it was given up"


def test_what_was_pretended_does_not_hold_the_other_spelling_either(database: Database) -> None:
    made = outgoing(IDN)
    pretend_to_enqueue(database, made, AT)
    (message,) = (each.payload["message"] for each in Job.select().execute(database))
    assert "mller" not in message
    assert len(message) == len(made.source)
