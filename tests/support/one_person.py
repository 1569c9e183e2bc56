"""What tests of the staff's work on one person share."""

from __future__ import annotations

from collections.abc import Callable

from click.testing import Result
from peewee import Database

from tests.support.contacts import ARTA, arta
from tests.support.requests import NOW
from widget_backend.rules.state import State
from widget_backend.store.ledger import Record, records

PHONE = "+355691234567"
HEADER = "Email,Phone,Customer,CONFIRM_TIME,OPTIN_TIME"
NUMBERS = '[contacts]\ncustomer = "Customer"\nphone = "Phone"\n'
"""The map of a list with this header."""
AT = int(NOW.timestamp())
"""When they call."""
EARLIER = AT - 86_400
WORDS = ("--words", "Yes, send me that again")
"""What they said, for whoever asks later."""
Contact = Callable[..., Result]
Uses = Callable[[], list[tuple[str, str]]]


def shown_of(contact: Contact, *options: str, who: str = ARTA) -> dict[str, list[str]]:
    """What `contact` prints, by label: its lines."""
    result = contact(who, *options)
    assert result.exit_code == 0, result.output
    parts: dict[str, list[str]] = {}
    label = ""
    for line in filter(None, result.stdout.splitlines()):
        name, _, text = line.partition(" ") if not line.startswith(" ") else ("", "", line)
        label = label if label == "history" else name or label
        parts.setdefault(label, []).append((line if label == "history" else text).strip())
    return parts


def state_of(database: Database) -> State:
    """What Arta chose."""
    return arta(database).profile.state


def last_record(database: Database) -> Record:
    """The newest of Arta's consent records."""
    return records(database, arta(database).profile.ledger_key)[-1]
