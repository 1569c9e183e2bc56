"""Deliveries: keeping what was sent to whom, and what became of it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import NamedTuple

from peewee import Database

from widget_backend.rules.deliveries import Outcome, is_later
from widget_backend.store import models
from widget_backend.store.rows import columns_of


class Message(NamedTuple):
    """What a delivery is known by: two reports of the same message are of one delivery.

    `profile` is the id of the person, `sent_at` in seconds since 1970.
    """

    profile: int
    campaign: str
    channel: str
    sent_at: int


_MESSAGE = columns_of(
    Message,
    profile=models.Delivery.profile,
    campaign=models.Delivery.campaign,
    channel=models.Delivery.channel,
    sent_at=models.Delivery.sent_at,
)


class Delivery(NamedTuple):
    """`topic` is the one that the campaign has now."""

    message: Message
    topic: str
    outcome: Outcome


def deliveries_to(database: Database, profile: int) -> list[Delivery]:
    """What was sent to a person, oldest first."""
    table = models.Delivery
    query = table.select(*_MESSAGE, table.topic, table.outcome).where(table.profile == profile)
    rows = query.order_by(table.sent_at, table.id).tuples().execute(database)
    return [Delivery(Message(*message), topic, outcome) for *message, topic, outcome in rows]


def keep_deliveries(database: Database, deliveries: Iterable[Delivery]) -> set[Delivery]:
    """Keep them; returns those that are news. Must stand in a transaction.

    Of several about the same message it is the last outcome that is news.
    """
    newest: dict[Message, Delivery] = {}
    for each in deliveries:
        known = newest.get(each.message)
        if known is None or is_later(each.outcome, known.outcome):
            newest[each.message] = each
    known_outcomes = _outcomes(database, {message.profile for message in newest})
    fresh = [each for each in newest.values() if each.message not in known_outcomes]
    later = [
        each
        for each in newest.values()
        if (known_outcome := known_outcomes.get(each.message))
        and is_later(each.outcome, known_outcome)
    ]
    if fresh:
        models.Delivery.insert_many(
            {**each.message._asdict(), "topic": each.topic, "outcome": each.outcome}
            for each in fresh
        ).execute(database)
    for each in later:
        _update(database, each)
    return {*fresh, *later}


def _outcomes(database: Database, profiles: Collection[int]) -> dict[Message, Outcome]:
    table = models.Delivery
    query = table.select(*_MESSAGE, table.outcome).where(table.profile.in_(list(profiles)))
    return {Message(*message): outcome for *message, outcome in query.tuples().execute(database)}


def _update(database: Database, delivery: Delivery) -> None:
    table, message = models.Delivery, delivery.message
    table.update(outcome=delivery.outcome).where(
        (table.profile == message.profile)
        & (table.campaign == message.campaign)
        & (table.channel == message.channel)
        & (table.sent_at == message.sent_at)
    ).execute(database)
