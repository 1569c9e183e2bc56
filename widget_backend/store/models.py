"""The tables. Times are seconds since 1970 in UTC; JSON columns hold what `rules/state.py` names.

Models are not bound to a database: every query is executed on the one it is given.
"""

from __future__ import annotations

import json
from typing import Any

from peewee import (
    SQL,
    AutoField,
    BigIntegerField,
    BooleanField,
    CharField,
    CompositeKey,
    ForeignKeyField,
    IntegerField,
    Model,
    TextField,
)


class JsonField(TextField):
    """A JSON value kept as text, the same in SQLite and PostgreSQL."""

    def db_value(self, value: Any) -> str | None:
        return None if value is None else dump(value)

    def python_value(self, value: str | None) -> Any:
        return None if value is None else json.loads(value)


_spelling = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def dump(value: Any) -> str:
    """The one spelling of a JSON value, so that equal values have equal hashes."""
    return _spelling.encode(value)


class Profile(Model):
    """A person as one site knows them.

    `handle` is what signed links name, `ledger_key` what the ledger names: two random keys, so
    that a list of mailed links does not tell whose ledger rows are whose. `pending` profiles were
    made by sign-up and not confirmed yet; nothing is sent to them, and `created_at` is when they
    were last asked to confirm. `roles` is a list. Mailed links of an earlier `link_version` were
    revoked. A sign-up of somebody who is known is `merged_into` their profile when it is confirmed:
    its row stays, without choices.
    """

    id = AutoField()
    site = CharField(40)
    handle = CharField(32, unique=True)
    ledger_key = CharField(32, unique=True)
    pending = BooleanField(default=False)
    language = CharField(20, null=True)
    overall = JsonField(null=True)
    roles = JsonField(default=list)
    revision = IntegerField(default=0)
    created_at = BigIntegerField()
    link_version = IntegerField(default=0, column_name="generation")
    merged_into = ForeignKeyField("self", null=True, on_delete="CASCADE", column_name="became_id")


class Identity(Model):
    """An email, phone, postal address … that leads to a profile.

    Confirmed ones are unique in a site; of an unconfirmed one there may be several. `written` is
    how somebody wrote it, None where that is its one spelling. Mail to it came back for good at
    `undeliverable_at`; `reached_at` is when something was mailed there that its
    reader answered.
    """

    id = AutoField()
    site = CharField(40)
    profile = ForeignKeyField(Profile, backref="identities", on_delete="CASCADE")
    kind = CharField(20)
    value = CharField(500)
    written = CharField(500, null=True)
    confirmed = BooleanField(default=False)
    undeliverable = BooleanField(default=False)
    undeliverable_at = BigIntegerField(null=True)
    reached_at = BigIntegerField(null=True)

    class Meta:
        indexes = ((("profile", "kind"), True),)


Identity.add_index(
    Identity.index(
        Identity.site,
        Identity.kind,
        Identity.value,
        unique=True,
        where=SQL("confirmed"),
        name="identity_confirmed",
    )
)


class Preference(Model):
    """Profile × topic."""

    profile = ForeignKeyField(Profile, backref="preferences", on_delete="CASCADE")
    topic = CharField(40)
    subscribed = BooleanField(column_name="on")
    channel = CharField(10)
    frequency = CharField(20)

    class Meta:
        primary_key = CompositeKey("profile", "topic")


class Answer(Model):
    """Profile × question; `value` is an answer as `rules/questions.py` describes it."""

    profile = ForeignKeyField(Profile, backref="answers", on_delete="CASCADE")
    question = CharField(40)
    value = JsonField()

    class Meta:
        primary_key = CompositeKey("profile", "question")


class ConsentRecord(Model):
    """Consent records: one row a save, only ever added.

    `revision` is the profile's after the save. `wording` names the texts that were shown,
    `digest` is the salted SHA-256 of what stands in `ConsentValue`.
    """

    id = AutoField()
    site = CharField(40)
    profile_key = CharField(32)
    revision = IntegerField()
    at = BigIntegerField()
    door = CharField(20)
    wording = CharField(32)
    language = CharField(20)
    digest = CharField(64)

    class Meta:
        table_name = "ledger"
        indexes = ((("profile_key", "revision"), True),)


class ConsentValue(Model):
    """The erasable side of a ledger row: what changed from what to what, and the salt.

    `changes` is a list of `[subject, before, after]`; `evidence` a dict or null.
    """

    ledger = ForeignKeyField(ConsentRecord, primary_key=True, on_delete="RESTRICT")
    salt = CharField(32)
    changes = JsonField()
    evidence = JsonField(null=True)

    class Meta:
        table_name = "ledgervalue"


class Wording(Model):
    """The texts of a form in one language, by their hash: the version a person saw."""

    id = CharField(32, primary_key=True)
    site = CharField(40)
    language = CharField(20)
    texts = JsonField()
    first_used = BigIntegerField()


class Campaign(Model):
    """One send, registered before it goes out. `sentences` maps locales to its public sentence."""

    site = CharField(40)
    name = CharField(40)
    topic = CharField(40)
    segment = CharField(40, null=True)
    sentences = JsonField()
    registered_at = BigIntegerField()

    class Meta:
        primary_key = CompositeKey("site", "name")


class Outbox(Model):
    """A message of ours on its way: written with what it tells of, sent afterwards.

    `next_at` is None once it was sent or given up; then recipient and message are None as well.
    Without a recipient it was only pretended, and is never sent. `site` is who writes; None for
    what an earlier version left waiting to somebody whom several sites know.
    """

    id = AutoField()
    site = CharField(40, null=True)
    kind = CharField(20)
    recipient = CharField(500, null=True)
    message = TextField(null=True)
    queued_at = BigIntegerField()
    next_at = BigIntegerField(null=True)
    attempts = IntegerField(default=0)
    sent_at = BigIntegerField(null=True)


Outbox.add_index(
    Outbox.index(Outbox.next_at, Outbox.id, where=SQL("next_at IS NOT NULL"), name="outbox_due")
)


class OneTimeCode(Model):
    """The one code that can be entered by a link now, as a salted hash, and how often was tried.

    `link` is a hash of the link's token: with it alone nobody gets in.
    """

    profile = ForeignKeyField(Profile, on_delete="CASCADE")
    link = CharField(32)
    salt = CharField(32)
    digest = CharField(64)
    until = BigIntegerField()
    attempts = IntegerField(default=0)

    class Meta:
        table_name = "code"
        primary_key = CompositeKey("profile", "link")


class AddressChange(Model):
    """An address that a person wants to move to, until they confirm it there."""

    profile = ForeignKeyField(Profile, primary_key=True, on_delete="CASCADE")
    name = CharField(32, unique=True)
    address = CharField(500)
    written = CharField(500, null=True)
    until = BigIntegerField()

    class Meta:
        table_name = "newaddress"


class Suppression(Model):
    """Somebody who was erased, or an address that was moved away from: not to be brought in again.

    `digest` is a keyed hash of their address (`address_hashes.py`), `key_id` names its key.
    """

    site = CharField(40)
    key_id = CharField(8)
    digest = CharField(64)
    at = BigIntegerField()

    class Meta:
        primary_key = CompositeKey("site", "key_id", "digest")


TABLES = (
    Profile,
    Identity,
    Preference,
    Answer,
    ConsentRecord,
    ConsentValue,
    Wording,
    Campaign,
    Outbox,
    OneTimeCode,
    AddressChange,
    Suppression,
)
