"""The tables of requests, and of what the staff do for one person. See `models.py`."""

from __future__ import annotations

from peewee import AutoField, BigIntegerField, CharField, ForeignKeyField, Model

from widget_backend.store.models import Profile


class Request(Model):
    """What somebody asked the staff for. Of somebody who was erased it stays, without them.

    `kind` is one of `rules/law.py`, and `door` how it came. It is late from `due_at` on, by the
    jurisdiction `law`. `staff` recorded it, and `done_staff` did what was asked: None where the
    person did it.
    """

    id = AutoField()
    site = CharField(40)
    profile = ForeignKeyField(Profile, null=True, on_delete="SET NULL")
    kind = CharField(10)
    door = CharField(20)
    received_at = BigIntegerField()
    due_at = BigIntegerField()
    law = CharField(40)
    staff = CharField(100)
    done_at = BigIntegerField(null=True)
    done_staff = CharField(100, null=True)


class StaffUse(Model):
    """That somebody of the staff saw what is held of a person, or did something for them.

    `what` is one of `staff_uses.py`. What the person told them is in the ledger instead.
    """

    id = AutoField()
    site = CharField(40)
    profile = ForeignKeyField(Profile, null=True, on_delete="SET NULL")
    what = CharField(20)
    at = BigIntegerField()
    staff = CharField(100)
