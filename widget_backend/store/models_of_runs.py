"""Tables of what imports brought of people. See `models.py`."""

from __future__ import annotations

from peewee import (
    BigIntegerField,
    BooleanField,
    CharField,
    CompositeKey,
    ForeignKeyField,
    IntegerField,
    Model,
)

from widget_backend.store.json_field import JsonField
from widget_backend.store.models import Profile
from widget_backend.store.models_of_nobody import Run


class RunEffect(Model):
    """Run × profile: everybody whom an import names, also where it changes nothing.

    `before` is what the run found (`store/run_effects.py`), None if it changed nothing or `is_new`:
    it made the profile. `revision` is the profile's after the run, None once the person has said
    something that changes nothing. `bounced_at` is when mail came back, by the run.
    """

    profile = ForeignKeyField(Profile, on_delete="CASCADE")
    run = ForeignKeyField(Run)
    is_new = BooleanField(default=False)
    revision_before = IntegerField()
    revision = IntegerField(null=True)
    before = JsonField(null=True)
    bounced_at = BigIntegerField(null=True)

    class Meta:
        primary_key = CompositeKey("profile", "run")


class FieldValue(Model):
    """Profile × field × run: a value that was news when the run brought it.

    That of the newest run holds. The run tells where it is from and since when it is known; the
    earlier ones stay so that the run can be undone.
    """

    profile = ForeignKeyField(Profile, on_delete="CASCADE")
    field = CharField(40)
    run = ForeignKeyField(Run)
    value = JsonField()

    class Meta:
        primary_key = CompositeKey("profile", "field", "run")
