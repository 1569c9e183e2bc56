"""What tests of contacts share: Arta, what she says, and tables as they were written."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

from click.testing import Result
from peewee import Database

from widget_backend.address_hashes import AddressHashes
from widget_backend.rules.state import State, difference
from widget_backend.store.contacts import Contact, find_contacts
from widget_backend.store.database import write_transaction
from widget_backend.store.ledger import ConsentContext, Wording, records
from widget_backend.store.new_contacts import NewContact, create_contacts
from widget_backend.store.saves import save

Export = Callable[..., Path]
Run = Callable[..., Result]
Bring = Callable[..., str]
Written = Callable[[str], Path]

ARTA = "arta@example.com"
BEN = "ben@example.com"
KEY = "a-signing-key-for-tests-that-is-long-enough"
HASHES = AddressHashes([KEY])
WHEN = "2024-01-01 09:00:00"
"""When somebody agreed."""
OFFERS = {"on": True, "channel": "email", "frequency": "weekly"}
NEWS = {"on": True, "channel": "email", "frequency": "monthly"}
OFF = {"reach": "off", "until": None}
PAUSED = {"reach": "paused", "until": "2999-01-01"}
LESS = {"reach": "less", "until": None}
TAGS = """
[topics]
"Offers" = "offers"
"Trade list" = "trade-lists"
[roles]
"Trade" = "trade"
"Club, gold" = "club"
"""


def found(database: Database, *emails: str) -> dict[str, Contact]:
    return find_contacts(database, "shop", emails)


def arta(database: Database) -> Contact:
    return found(database, ARTA)[ARTA]


def evidence_of(database: Database) -> dict[str, str]:
    """What another system recorded of Arta, in the only consent record that she has, and no run."""
    (record,) = records(database, arta(database).profile.ledger_key)
    evidence = dict(record.evidence)
    del evidence["run"]
    return evidence


def come_in(
    database: Database,
    email: str = ARTA,
    roles: tuple[str, ...] = (),
    *,
    bounced: bool = False,
    written: str | None = None,
    **wanted: Any,
) -> int:
    """Somebody, Arta unless named, comes in, and says at once what they want, if anything:
    values by topic, or by subject where that is no topic. Returns the id of their profile."""
    with write_transaction(database):
        contact = NewContact(email, roles, 1 if bounced else None, written)
        create_contacts(database, "shop", 1, [contact])
    subjects = {
        name if name in NO_TOPICS else f"topic:{name}": value
        for name, value in wanted.items()
        if value
    }
    if subjects:
        say(database, subjects, email=email)
    return found(database, email)[email].profile.id


NO_TOPICS = {"overall", "language"}


def say(database: Database, wanted: State, at: int = 1_790_000_000, email: str = ARTA) -> None:
    """Somebody, Arta unless named, says something herself, on the hosted page."""
    person = found(database, email)[email].profile
    how = ConsentContext(at, "hosted", Wording.of("shop", "en", {"title": "Choices"}))
    save(database, person, difference(person.state, wanted), how)


def table_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))
