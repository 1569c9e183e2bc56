"""Messages to the address for unsubscribing, as a mail server pipes them in."""

from __future__ import annotations

from datetime import UTC, datetime

from click.testing import Result
from peewee import Database

from widget_backend.links import Link
from widget_backend.rules.state import State
from widget_backend.signing import Signer
from widget_backend.store.profiles import Profile, read_profile

KEY, RETIRED = "k" * 32, "r" * 32
NOW = datetime(2027, 3, 1, 12, tzinfo=UTC)
OFFERS = {"on": True, "channel": "email", "frequency": "weekly"}
SIGNER = Signer([KEY])


def token(handle: str, topic: str | None = None, signer: Signer = SIGNER) -> str:
    return signer.mint("one-click", Link("dimora", handle, topic=topic), NOW)


def mail(subject: str) -> bytes:
    return f"From: arta@example.com\r\nSubject: {subject}\r\n\r\n\r\n".encode()


def piped(send: object, source: bytes, **environment: str) -> Result:
    result: Result = send(source, **environment)  # type: ignore[operator]
    return result


def state(database: Database, person: Profile) -> State:
    return read_profile(database, "dimora", person.handle).state
