"""What consents rest on: the record of one, and how many were not simply asked for."""

from __future__ import annotations

from typing import NamedTuple

from peewee import Database, fn

from widget_backend.rules.basis import Basis
from widget_backend.rules.state import topic_subject
from widget_backend.site.channels import Channel
from widget_backend.store.ledger import records
from widget_backend.store.models import Preference, Profile


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


class HeldBasis(NamedTuple):
    """So many consents to messages of a channel for which people were not simply asked."""

    basis: Basis
    channel: Channel
    people: int


def held_bases(database: Database, site: str) -> list[HeldBasis]:
    """Of people who have not left everything."""
    query = (
        Preference.select(Preference.basis, Preference.channel, fn.COUNT(Preference.profile))
        .join(Profile)
        .where((Profile.site == site) & Preference.subscribed & (Preference.basis != ""))
        .where(Profile.reach.is_null() | (Profile.reach != "off"))
        .group_by(Preference.basis, Preference.channel)
        .order_by(Preference.basis, Preference.channel)
    )
    return [HeldBasis(*row) for row in query.tuples().execute(database)]
