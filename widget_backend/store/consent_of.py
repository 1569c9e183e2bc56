"""The consent record on which the choice of a topic rests."""

from __future__ import annotations

from typing import NamedTuple

from peewee import Database

from widget_backend.rules.state import topic_subject
from widget_backend.store.ledger import records


class Consent(NamedTuple):
    """A record: the person's revision, when it was written (seconds since 1970), and the door."""

    revision: int
    at: int
    door: str


def consent_of(database: Database, profile_key: str, topic: str) -> Consent | None:
    """The newest record that changed the choice of this topic; None if none did."""
    for record in reversed(records(database, profile_key)):
        if any(change.subject == topic_subject(topic) for change in record.changes):
            return Consent(record.revision, record.at, record.door)
    return None
