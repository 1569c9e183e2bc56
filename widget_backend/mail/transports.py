"""Sending: over SMTP to a mail server, or into a folder where a demo shows it."""

from __future__ import annotations

import re
import smtplib
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote, urlsplit

from widget_backend.errors import SettingInvalid
from widget_backend.rules.email_addresses import for_mail, needs_utf8

TIMEOUT = 30
"""Seconds that a mail server may be silent."""

Send = Callable[[str, str], None]
"""Sends one message, by recipient and source. Raises Refused or smtplib's and socket errors."""


class Refused(Exception):
    """The mail server will never take this message; trying again is of no use."""


@dataclass
class Abilities:
    """What the mail server said that it can, newest word; None while nobody has asked it.

    Shared by who delivers, and asks, and by the forms, which tell people at once.
    """

    takes_utf8: bool | None = None

    def may_reach(self, address: str) -> bool:
        """Whether mail to this address may go out, as far as is known."""
        return self.takes_utf8 is not False or not needs_utf8(address)


@dataclass(frozen=True)
class Server:
    """A mail server as WIDGET_SMTP_URL names it. `security` is none, starttls or tls."""

    host: str
    port: int
    security: str
    user: str = ""
    password: str = ""
    abilities: Abilities = field(default_factory=Abilities, compare=False)

    @contextmanager
    def open(self) -> Iterator[Send]:
        """A conversation in which any number of messages can be sent."""
        with self._connect() as smtp:
            if self.security == "starttls":
                smtp.starttls(context=ssl.create_default_context())
            if self.user:
                smtp.login(self.user, self.password)
            smtp.ehlo_or_helo_if_needed()
            self.abilities.takes_utf8 = smtp.has_extn("smtputf8")
            yield lambda recipient, source: _send(smtp, recipient, source)

    def _connect(self) -> smtplib.SMTP:
        if self.security == "tls":
            return smtplib.SMTP_SSL(
                self.host, self.port, timeout=TIMEOUT, context=ssl.create_default_context()
            )
        return smtplib.SMTP(self.host, self.port, timeout=TIMEOUT)


def _send(smtp: smtplib.SMTP, recipient: str, source: str) -> None:
    """The source as it is: parsed and written anew, it could become another message."""
    lacks_utf8 = needs_utf8(recipient) and not smtp.has_extn("smtputf8")
    # Addresses with =? were taken once; there are mail servers that decode them.
    if lacks_utf8 or "=?" in recipient:
        raise Refused
    options = ["SMTPUTF8", "BODY=8BITMIME"] if needs_utf8(recipient) else []
    try:
        smtp.sendmail(_sender(source), [for_mail(recipient)], source.encode(), options)
    except smtplib.SMTPRecipientsRefused as error:
        ((code, _),) = error.recipients.values()
        raise (Refused(code) if code >= 500 else error) from error
    except smtplib.SMTPResponseException as error:
        raise (Refused(error.smtp_code) if error.smtp_code >= 500 else error) from error


def _sender(source: str) -> str:
    """The address in `From`, which `mail/headers.py` wrote last in its line."""
    head = re.sub(r"\r\n(?=[ \t])", "", source.partition("\r\n\r\n")[0])
    value = next(each[5:] for each in head.split("\r\n") if each.startswith("From:"))
    return value.rpartition("<")[2].removesuffix(">").strip()


@dataclass(frozen=True)
class Folder:
    """Keeps each message as a file instead of sending it: for a demo."""

    path: Path

    @contextmanager
    def open(self) -> Iterator[Send]:
        self.path.mkdir(parents=True, exist_ok=True)
        yield self._keep

    def _keep(self, recipient: str, source: str) -> None:
        number = sum(1 for _ in self.path.glob("*.eml")) + 1
        written = self.path / f"{number:06}.part"
        written.write_text(source, encoding="utf-8", newline="")
        written.rename(written.with_suffix(".eml"))


Carrier = Server | Folder


def mail_server(url: str) -> Server:
    """The server of a URL such as `smtp+starttls://user:password@mail.example:587`.

    `smtps://` speaks TLS from the start, `smtp://` none at all. Raises SettingInvalid.
    """
    cure = "write smtps://user:password@host:465, smtp+starttls://…:587 or smtp://localhost:25"
    ports = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}
    security = {"smtp": "none", "smtp+starttls": "starttls", "smtps": "tls"}
    try:
        parts = urlsplit(url)
        port = parts.port or ports[parts.scheme]
    except (ValueError, KeyError) as error:
        raise SettingInvalid("WIDGET_SMTP_URL", "is no address of a mail server", cure) from error
    if not parts.hostname or parts.path.strip("/") or parts.query:
        raise SettingInvalid("WIDGET_SMTP_URL", "is no address of a mail server", cure)
    user, password = (unquote(each or "") for each in (parts.username, parts.password))
    return Server(parts.hostname, port, security[parts.scheme], user, password)
