"""Tables in which nothing leads to a person: imports, campaigns, reasons. See `models.py`."""

from __future__ import annotations

from peewee import (
    AutoField,
    BigIntegerField,
    BooleanField,
    CharField,
    CompositeKey,
    IntegerField,
    Model,
)

from widget_backend.store.json_field import JsonField


class Run(Model):
    """One import. Nothing in it leads to a person whom it brought in.

    `staff` is who imported. `options` and `counts` are mappings. Until it has `ended_at`, it writes
    at least once a batch, at `written_at`; then `newest` is the newest run of all. It is `finished`
    when the whole file was read. Once `undo_began_at` is set, it writes no more.
    """

    id = AutoField()
    site = CharField(40, index=True)
    file = CharField(255)
    platform = CharField(40, null=True)
    staff = CharField(100, null=True)
    options = JsonField()
    counts = JsonField()
    started_at = BigIntegerField()
    written_at = BigIntegerField()
    ended_at = BigIntegerField(null=True)
    finished = BooleanField(default=False)
    newest = IntegerField(default=0)
    undo_staff = CharField(100, null=True)
    undo_began_at = BigIntegerField(null=True)
    undone_at = BigIntegerField(null=True)


class Campaign(Model):
    """One send, registered before it goes out. `sentences` maps locales to its public sentence.

    `at` is when it is planned, in seconds since 1970.
    """

    site = CharField(40)
    name = CharField(40)
    topic = CharField(40)
    segment = CharField(40, null=True)
    sentences = JsonField()
    registered_at = BigIntegerField()
    channel = CharField(10, default="email")
    priority = IntegerField(default=0)
    sender = CharField(100, default="")
    at = BigIntegerField(null=True)

    class Meta:
        primary_key = CompositeKey("site", "name")


class ReasonCount(Model):
    """How often a reason was told for leaving a topic, in a month (YYYY-MM). About nobody.

    `topic` is empty for leaving everything; `reason` is one of `rules/unsubscribing.py`.
    """

    site = CharField(40)
    topic = CharField(40)
    month = CharField(7)
    reason = CharField(20)
    count = IntegerField()

    class Meta:
        primary_key = CompositeKey("site", "topic", "month", "reason")
