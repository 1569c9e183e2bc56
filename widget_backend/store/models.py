"""The tables. Times are seconds since 1970 in UTC; the values are those of `rules/state.py`.

Models are not bound to a database: every query is executed on the one it is given.
"""

from __future__ import annotations

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
)

from widget_backend.store.json_field import JsonField
from widget_backend.store.models_of_nobody import Run


class Profile(Model):
    """A person as one site knows them.

    `handle` is what signed links name, `ledger_key` what the ledger names: two random keys, so
    that a list of mailed links does not tell whose ledger rows are whose. `pending` profiles were
    made by sign-up and not confirmed yet; nothing is sent to them, and `created_at` is when they
    were last asked to confirm. `reach` is the choice that overrides all topics, or None, and
    `paused_until` an ISO date; the times after them are those of `rules/later_words.py`. Mailed
    links of an earlier `link_version` were revoked. `linked_at` is when somebody first got a link
    of theirs, from `links` or in mail of ours. `do_not_track` is None where nothing was said of it.
    A sign-up of somebody who is known is `merged_into` their profile when it is confirmed: its row
    stays, without choices.
    """

    id = AutoField()
    site = CharField(40)
    handle = CharField(32, unique=True)
    ledger_key = CharField(32, unique=True)
    pending = BooleanField(default=False)
    language = CharField(20, null=True)
    reach = CharField(10, null=True)
    paused_until = CharField(10, null=True)
    overall_at = BigIntegerField(null=True)
    left_at = BigIntegerField(null=True)
    spoke_at = BigIntegerField(null=True)
    linked_at = BigIntegerField(null=True)
    do_not_track = BooleanField(null=True)
    do_not_track_at = BigIntegerField(null=True)
    revision = IntegerField(default=0)
    created_at = BigIntegerField()
    link_version = IntegerField(default=0, column_name="generation")
    merged_into = ForeignKeyField("self", null=True, on_delete="CASCADE", column_name="became_id")


class Role(Model):
    """Profile × role, in the order in which they were given."""

    profile = ForeignKeyField(Profile, backref="roles", on_delete="CASCADE")
    role = CharField(40)
    position = IntegerField()

    class Meta:
        primary_key = CompositeKey("profile", "role")


class Identity(Model):
    """An email, phone, postal address or customer number that leads to a profile.

    Confirmed ones are unique in a site; of an unconfirmed one there may be several. `written` is
    how somebody wrote it, None where that is its one spelling. Mail to it came back for good at
    `undeliverable_at`; `reached_at` is when something was mailed there that its
    reader answered. `evidence_run` is the import that said how it is known to be theirs.
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
    evidence_run = IntegerField(null=True)

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
    """Profile × topic. When the person said so, and through which door: None where nobody knows.

    `basis` is that of `rules/basis.py`, empty for who was asked and agreed.
    """

    profile = ForeignKeyField(Profile, backref="preferences", on_delete="CASCADE")
    topic = CharField(40)
    subscribed = BooleanField(column_name="on")
    channel = CharField(10)
    frequency = CharField(20)
    said_at = BigIntegerField(null=True)
    door = CharField(20, null=True)
    basis = CharField(20, default="")
    basis_at = BigIntegerField(null=True)

    class Meta:
        primary_key = CompositeKey("profile", "topic")


class Answer(Model):
    """Profile × question. `kind` is said, skipped or declined; `value` is what was said."""

    profile = ForeignKeyField(Profile, backref="answers", on_delete="CASCADE")
    question = CharField(40)
    kind = CharField(10)
    value = JsonField(null=True)
    answered_at = BigIntegerField()

    class Meta:
        primary_key = CompositeKey("profile", "question")


class ConsentRecord(Model):
    """Consent records: one row a save, only ever added.

    `revision` is the profile's after the save. `wording` names the texts that were shown,
    `digest` is the salted SHA-256 of what stands in `ConsentValue`. `undoes` is the revision that
    the save took back by the undo button.
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
    undoes = IntegerField(null=True)

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


class OtherChange(Model):
    """A change of a person that no consent record tells: who is new or forgotten, roles, whether
    mail arrives. Rows are only added; `at` is by the database's clock."""

    id = AutoField()
    site = CharField(40)
    profile_key = CharField(32)
    at = BigIntegerField()


class Wording(Model):
    """The texts of a form in one language, by their hash: the version a person saw."""

    id = CharField(32, primary_key=True)
    site = CharField(40)
    language = CharField(20)
    texts = JsonField()
    first_used = BigIntegerField()


class Delivery(Model):
    """One message that was sent to somebody, as its sender reported it.

    `topic` is the campaign's then, `outcome` the last reported one of `rules/deliveries.py`.
    """

    id = AutoField()
    profile = ForeignKeyField(Profile, on_delete="CASCADE")
    campaign = CharField(40)
    topic = CharField(40)
    channel = CharField(10)
    sent_at = BigIntegerField()
    outcome = CharField(20)

    class Meta:
        indexes = (
            (("profile", "campaign", "channel", "sent_at"), True),
            (("profile", "sent_at"), False),
        )


class Job(Model):
    """Work that waits: written with what it is about, done afterwards.

    `subject` is the handle of the profile that it is about. `payload` is what the work needs. It is
    due at `due_at`, and nobody else's until `leased_until`. Once it was done at `done_at`, or given
    up, there is no `due_at`, subject or payload any more. `site` is None for messages that an
    earlier version left waiting to somebody whom several sites know.
    """

    id = AutoField()
    site = CharField(40, null=True)
    kind = CharField(20)
    subject = CharField(40, null=True)
    payload = JsonField(null=True)
    queued_at = BigIntegerField()
    due_at = BigIntegerField(null=True)
    leased_until = BigIntegerField(null=True)
    attempts = IntegerField(default=0)
    done_at = BigIntegerField(null=True)


Job.add_index(Job.index(Job.due_at, Job.id, where=SQL("due_at IS NOT NULL"), name="job_due"))


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

    `digest` is a keyed hash of their address (`address_hashes.py`), `key_id` names its key. `run`
    is the import of a list of people not to write to, if nothing else is the reason.
    """

    site = CharField(40)
    key_id = CharField(8)
    digest = CharField(64)
    at = BigIntegerField()
    run = ForeignKeyField(Run, null=True)

    class Meta:
        primary_key = CompositeKey("site", "key_id", "digest")
