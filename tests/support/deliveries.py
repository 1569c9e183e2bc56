"""Reports of what was sent to Arta, as rows of a file."""

from __future__ import annotations

from collections.abc import Callable

from peewee import Database

from tests.support.contacts import ARTA
from widget_backend.store.models import Delivery

SENT = "2026-03-01 09:00:00"
HEADER = "email,campaign,channel,sent_at,outcome"
Report = Callable[..., str]
"""Brings in deliveries, one row each; what is printed."""


def row(outcome: str = "sent", sent_at: str = SENT, campaign: str = "spring") -> str:
    return f"{ARTA},{campaign},email,{sent_at},{outcome}"


def kept(database: Database) -> list[tuple[str, str, str, str]]:
    """Campaign, topic, channel and outcome of every message, in the order of sending."""
    columns = (Delivery.campaign, Delivery.topic, Delivery.channel, Delivery.outcome)
    return list(Delivery.select(*columns).order_by(Delivery.sent_at).tuples().execute(database))
