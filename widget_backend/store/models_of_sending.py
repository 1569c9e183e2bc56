"""Tables of what senders may do: what people are busy with, and places under caps.

See `models.py`.
"""

from __future__ import annotations

from peewee import (
    AutoField,
    BigIntegerField,
    BooleanField,
    CharField,
    CompositeKey,
    ForeignKeyField,
    Model,
)

from widget_backend.store.models import Profile


class Context(Model):
    """Profile × what the person is busy with (`rules/snapshot.py`), until when."""

    profile = ForeignKeyField(Profile, on_delete="CASCADE")
    kind = CharField(20)
    until = BigIntegerField()

    class Meta:
        primary_key = CompositeKey("profile", "kind")


class Reservation(Model):
    """A place that a message takes which is about to go, at `at`, until `until` at the latest.

    `topic` is the campaign's then, empty for a service message. `idempotency_key` is the sender's.
    It is `confirmed` when the message was delivered, which then counts in its place.
    """

    id = AutoField()
    profile = ForeignKeyField(Profile, on_delete="CASCADE")
    campaign = CharField(40)
    topic = CharField(40)
    channel = CharField(10)
    sender = CharField(100)
    at = BigIntegerField()
    until = BigIntegerField()
    confirmed = BooleanField(default=False)
    idempotency_key = CharField(200, null=True)

    class Meta:
        indexes = ((("profile", "campaign", "channel"), True),)
