"""Reservations: places under caps, taken for messages that are about to go.

A place is confirmed by the delivery of its message, given back, or ends by itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from peewee import Database

from widget_backend.store import models
from widget_backend.store.deliveries import Message
from widget_backend.store.models_of_sending import Reservation as Row
from widget_backend.store.prepared import PreparedInsert, PreparedQuery, is_one_of, parameter
from widget_backend.store.rows import columns_of


class Reservation(NamedTuple):
    """A place: whose, for which campaign and channel, by which sender, at what time and until when.

    Times are in seconds since 1970; `topic` is empty for a service message. See the model.
    """

    profile: int
    campaign: str
    topic: str
    channel: str
    sender: str
    at: int
    until: int
    idempotency_key: str | None = None
    confirmed: bool = False


_COLUMNS = columns_of(
    Reservation,
    profile=Row.profile,
    campaign=Row.campaign,
    topic=Row.topic,
    channel=Row.channel,
    sender=Row.sender,
    at=Row.at,
    until=Row.until,
    idempotency_key=Row.idempotency_key,
    confirmed=Row.confirmed,
)


def _taken_anew(insert: Any) -> Any:
    return insert.on_conflict(
        conflict_target=[Row.profile, Row.campaign, Row.channel],
        preserve=[
            Row.topic,
            Row.sender,
            Row.at,
            Row.until,
            Row.idempotency_key,
            Row.confirmed,
        ],
    )


_TAKE = PreparedInsert(Row, _COLUMNS, _taken_anew)


def take_many(database: Database, places: Sequence[Reservation]) -> None:
    """Take them, or take them anew: a campaign has one place for a person and channel. Must stand
    in the transaction that decided it, which holds these people."""
    _TAKE.run(database, places)


def place_of(database: Database, profile: int, campaign: str, channel: str) -> Reservation | None:
    """The place that a campaign has or had."""
    is_it = (Row.profile == profile) & (Row.campaign == campaign) & (Row.channel == channel)
    rows = Row.select(*_COLUMNS).where(is_it).tuples().execute(database)
    return next(map(Reservation._make, rows), None)


def places_of(database: Database, profile: int) -> list[Reservation]:
    """All that a person’s messages have or had, oldest first."""
    query = Row.select(*_COLUMNS).where(Row.profile == profile).order_by(Row.at, Row.id)
    return [Reservation._make(row) for row in query.tuples().execute(database)]


def give_back(database: Database, place: Reservation) -> None:
    """Must stand in a transaction."""
    is_it = (Row.profile == place.profile) & (Row.campaign == place.campaign)
    Row.delete().where(is_it & (Row.channel == place.channel)).execute(database)


def is_key_of_another(database: Database, site: str, key: str, place: Reservation | None) -> bool:
    """Whether the key was given for another message or person."""
    query = Row.select(Row.profile, Row.campaign, Row.channel).join(models.Profile)
    is_used = (models.Profile.site == site) & (Row.idempotency_key == key)
    mine = place and (place.profile, place.campaign, place.channel)
    return any(each != mine for each in query.where(is_used).tuples().execute(database))


_CONFIRM = PreparedQuery(
    Row.update({Row.confirmed: True}).where(
        is_one_of(Row.profile, "profiles")
        & (Row.campaign == parameter("campaign"))
        & (Row.channel == parameter("channel"))
    )
)


def confirm_places(database: Database, messages: Iterable[Message]) -> None:
    """These messages were sent: they count by themselves now, also those whose places had ended.

    Must stand in the transaction that keeps the deliveries.
    """
    sent: dict[tuple[str, str], list[int]] = {}
    for each in messages:
        sent.setdefault((each.campaign, each.channel), []).append(each.profile)
    for (campaign, channel), profiles in sent.items():
        _CONFIRM.run(database, profiles=profiles, campaign=campaign, channel=channel)
