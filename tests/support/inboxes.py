"""A mail server that listens, and keeps or refuses what it is told."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP as POLICY
from typing import Any, cast

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword

from widget_backend.mail.transports import SmtpTransport


@dataclass
class Inbox:
    """What arrived; `answers` are what the server says instead of taking a message."""

    port: int = 0
    messages: list[EmailMessage] = field(default_factory=list)
    sources: list[bytes] = field(default_factory=list)
    senders: list[str] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    answers: list[str] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)
    users: list[tuple[str, str]] = field(default_factory=list)

    @property
    def transport(self) -> SmtpTransport:
        return SmtpTransport("127.0.0.1", self.port, "none")

    async def handle_RCPT(  # noqa: N802 - aiosmtpd names it
        self, server: SMTP, session: Any, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address in self.refused:
            return self.refused[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Any, envelope: Envelope) -> str:  # noqa: N802
        if self.answers:
            return self.answers.pop(0)
        content = cast(bytes, envelope.content)
        self.sources.append(content)
        self.senders.append(str(envelope.mail_from))
        self.messages.append(cast(EmailMessage, message_from_bytes(content, policy=POLICY)))
        self.recipients += envelope.rcpt_tos
        return "250 OK"

    def authenticate(self, server: SMTP, session: Any, *rest: Any) -> AuthResult:
        said = cast(LoginPassword, rest[-1])
        self.users.append((said.login.decode(), said.password.decode()))
        return AuthResult(success=True)


@contextmanager
def listening(inbox: Inbox, **options: Any) -> Iterator[Inbox]:
    """The server, in a thread of its own, on a port that nobody else has."""
    loop = asyncio.new_event_loop()
    make: Callable[[], SMTP] = lambda: SMTP(inbox, hostname="mx.example", **options)  # noqa: E731
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    try:
        start = loop.create_server(make, "127.0.0.1", 0)
        server = asyncio.run_coroutine_threadsafe(start, loop).result()
        inbox.port = server.sockets[0].getsockname()[1]
        yield inbox
        asyncio.run_coroutine_threadsafe(_end(server), loop).result()
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


async def _end(server: asyncio.Server) -> None:
    server.close()
    conversations = asyncio.all_tasks() - {asyncio.current_task()}
    for each in conversations:
        each.cancel()
    await asyncio.gather(*conversations, return_exceptions=True)
