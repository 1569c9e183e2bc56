"""Transports: over SMTP to a mail server, or into a folder of files for the demo."""

from __future__ import annotations

import re
import smtplib
import ssl
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from widget_backend.rules.email_addresses import for_mail, needs_utf8
from widget_backend.setting_values import mail_server

TIMEOUT = 30
"""Seconds that a mail server may be silent."""

Send = Callable[[str, str], None]
"""Sends one message, given its recipient and its source (RFC 5322).

Raises PermanentFailure, or what smtplib and sockets raise if it may succeed later.
"""


class PermanentFailure(Exception):
    """The mail server will never accept this message (a reply of 5xx, RFC 5321, 4.2.1)."""


class Transport(Protocol):
    """Takes messages away."""

    def connect(self) -> AbstractContextManager[Send]:
        """A connection over which any number of messages can be sent."""


@dataclass
class ServerCapabilities:
    """The SMTP extensions that the mail server offered when it was last connected to.

    Delivery updates it and the forms read it, so that they refuse an address at once.
    """

    smtputf8: bool | None = None
    """Whether it accepts non-ASCII letters before the @ (RFC 6531); None until it was asked."""

    def accepts(self, address: str) -> bool:
        """Whether mail can go to this address, as far as is known."""
        return self.smtputf8 is not False or not needs_utf8(address)


@dataclass(frozen=True)
class SmtpTransport:
    """A mail server as WIDGET_SMTP_URL names it. `security` is none, starttls or tls."""

    host: str
    port: int
    security: str
    user: str = ""
    password: str = ""
    capabilities: ServerCapabilities = field(default_factory=ServerCapabilities, compare=False)

    @contextmanager
    def connect(self) -> Iterator[Send]:
        with self._connection() as smtp:
            if self.security == "starttls":
                smtp.starttls(context=ssl.create_default_context())
            if self.user:
                smtp.login(self.user, self.password)
            smtp.ehlo_or_helo_if_needed()
            self.capabilities.smtputf8 = smtp.has_extn("smtputf8")
            yield lambda recipient, source: _send(smtp, recipient, source)

    def _connection(self) -> smtplib.SMTP:
        if self.security == "tls":
            context = ssl.create_default_context()
            return smtplib.SMTP_SSL(self.host, self.port, timeout=TIMEOUT, context=context)
        return smtplib.SMTP(self.host, self.port, timeout=TIMEOUT)


def _send(smtp: smtplib.SMTP, recipient: str, source: str) -> None:
    """Send the source unchanged: parsing it and writing it again could change the message."""
    is_utf8_needed = needs_utf8(recipient)
    # Some mail servers decode =? in an address. Addresses with it were accepted in the past.
    if "=?" in recipient or (is_utf8_needed and not smtp.has_extn("smtputf8")):
        raise PermanentFailure
    options = ["SMTPUTF8", "BODY=8BITMIME"] if is_utf8_needed else []
    try:
        smtp.sendmail(_from_address(source), [for_mail(recipient)], source.encode(), options)
    except smtplib.SMTPRecipientsRefused as error:
        ((code, _),) = error.recipients.values()
        raise (PermanentFailure(code) if code >= 500 else error) from error
    except smtplib.SMTPResponseException as error:
        raise (PermanentFailure(error.smtp_code) if error.smtp_code >= 500 else error) from error


def _from_address(source: str) -> str:
    """The address in `From`; `mail/headers.py` puts it at the end of the header."""
    head = re.sub(r"\r\n(?=[ \t])", "", source.partition("\r\n\r\n")[0])
    value = next(line[5:] for line in head.split("\r\n") if line.startswith("From:"))
    return value.rpartition("<")[2].removesuffix(">").strip()


@dataclass(frozen=True)
class FileTransport:
    """Writes each message to a file in a folder instead of sending it: for the demo."""

    folder: Path

    @contextmanager
    def connect(self) -> Iterator[Send]:
        self.folder.mkdir(parents=True, exist_ok=True)
        yield self._write

    def _write(self, recipient: str, source: str) -> None:
        number = sum(1 for _ in self.folder.glob("*.eml")) + 1
        part = self.folder / f"{number:06}.part"
        part.write_text(source, encoding="utf-8", newline="")
        part.rename(part.with_suffix(".eml"))


def smtp_transport(url: str) -> SmtpTransport:
    """The mail server at a URL such as `smtp+starttls://user:password@mail.example:587`.

    `smtps://` uses TLS from the start, `smtp://` uses none. Raises SettingInvalid.
    """
    return SmtpTransport(*mail_server("WIDGET_SMTP_URL", url))
