"""Saving: a person's changes and the record of them, in one durable transaction."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from peewee import Database, fn

from widget_backend.errors import ProfileUnknown, StaleRevision
from widget_backend.rules.state import Change
from widget_backend.store import models
from widget_backend.store.deliverability import is_undeliverable, mark_reached, note_reached
from widget_backend.store.json_field import dump
from widget_backend.store.ledger import ConsentContext, record
from widget_backend.store.models import Answer, Identity, Preference
from widget_backend.store.prepared import PreparedQuery, parameter
from widget_backend.store.profiles import Profile
from widget_backend.store.run_effects import note_same_word
from widget_backend.store.writing import write


def save(
    database: Database, profile: Profile, changes: Sequence[Change], consent: ConsentContext
) -> int:
    """Make the changes and record them; returns the profile's new revision.

    Nothing to change is nothing to record: the revision stays. An answer to what was mailed shows
    either way that mail arrives. Raises StaleRevision, with nothing written, when the profile has
    moved on since `profile` was read: reading and saving belong into one `write` where that is no
    answer.
    """
    if not changes:
        _note_reading(database, profile, consent)
        return profile.revision
    return write(database, lambda: save_in_transaction(database, profile, changes, consent))


def save_in_transaction(
    database: Database, profile: Profile, changes: Sequence[Change], consent: ConsentContext
) -> int:
    """The same in a transaction that is open already."""
    chooses = any(change.kind in {"topic", "overall"} for change in changes)
    spoke_at = consent.at if consent.evidence is None and chooses else None
    revision = _bump_revision(database, profile, spoke_at)
    for change in changes:
        write_change(database, profile, change, consent)
    record(database, profile.ledger_key, revision, changes, consent)
    if consent.mailed_at is not None:
        mark_reached(database, profile.id, consent.mailed_at)
    return revision


def _note_reading(database: Database, profile: Profile, consent: ConsentContext) -> None:
    """An answer that changes nothing shows that mail arrives, which counts if mail came back. And
    it is the person's own word, which no undo of an import may overrule."""
    note_same_word(database, profile.id, consent.at)
    if consent.mailed_at is not None and is_undeliverable(database, profile.id):
        mailed_at = consent.mailed_at
        write(database, lambda: note_reached(database, profile.id, mailed_at))


_BUMP_REVISION = PreparedQuery(
    models.Profile.update(
        {
            models.Profile.revision: parameter("next"),
            models.Profile.spoke_at: fn.COALESCE(parameter("spoke_at"), models.Profile.spoke_at),
        }
    ).where(
        (models.Profile.id == parameter("profile"))
        & (models.Profile.revision == parameter("revision"))
    )
)


def _bump_revision(database: Database, profile: Profile, spoke_at: int | None) -> int:
    """Compare and set: the second save at the same revision has not seen the first."""
    following = profile.revision + 1
    cursor = _BUMP_REVISION.run(
        database,
        next=following,
        spoke_at=spoke_at,
        profile=profile.id,
        revision=profile.revision,
    )
    if cursor.rowcount != 1:
        raise StaleRevision(_revision(database, profile))
    return following


def _revision(database: Database, profile: Profile) -> int:
    """The revision that the profile has now. Raises ProfileUnknown when it is gone."""
    query = models.Profile.select(models.Profile.revision).where(models.Profile.id == profile.id)
    revision: int | None = query.scalar(database)
    if revision is None:
        raise ProfileUnknown
    return revision


def upsert_preference(insert: Any) -> Any:
    """The choice of a topic replaces the earlier one."""
    return insert.on_conflict(
        conflict_target=[Preference.profile, Preference.topic],
        preserve=[
            Preference.subscribed,
            Preference.channel,
            Preference.frequency,
            Preference.said_at,
            Preference.door,
            Preference.basis,
            Preference.basis_at,
        ],
    )


_PREFERENCE = PreparedQuery(
    upsert_preference(
        Preference.insert(
            {
                Preference.profile: parameter("profile"),
                Preference.topic: parameter("topic"),
                Preference.subscribed: parameter("on"),
                Preference.channel: parameter("channel"),
                Preference.frequency: parameter("frequency"),
                Preference.said_at: parameter("said_at"),
                Preference.door: parameter("door"),
                Preference.basis: parameter("basis"),
                Preference.basis_at: parameter("basis_at"),
            }
        )
    )
)
_ANSWER = PreparedQuery(
    Answer.insert(
        {
            Answer.profile: parameter("profile"),
            Answer.question: parameter("question"),
            Answer.kind: parameter("kind"),
            Answer.value: parameter("value"),
            Answer.answered_at: parameter("answered_at"),
        }
    ).on_conflict(
        conflict_target=[Answer.profile, Answer.question],
        preserve=[Answer.kind, Answer.value, Answer.answered_at],
    )
)


def _write_preference(
    database: Database, profile: Profile, change: Change, consent: ConsentContext
) -> None:
    if change.after is None:
        mine = (Preference.profile == profile.id) & (Preference.topic == change.name)
        Preference.delete().where(mine).execute(database)
        return
    said_at = consent.said_at_of.get(change.subject, consent.said_at)
    known = {"said_at": said_at, "door": consent.door, "basis": "", "basis_at": None}
    _PREFERENCE.run(database, profile=profile.id, topic=change.name, **known | change.after)


def _write_answer(database: Database, profile: Profile, change: Change, _: ConsentContext) -> None:
    if change.after is None:
        mine = (Answer.profile == profile.id) & (Answer.question == change.name)
        Answer.delete().where(mine).execute(database)
        return
    (kind,) = change.after.keys() - {"at"}
    _ANSWER.run(
        database,
        profile=profile.id,
        question=change.name,
        kind=kind,
        value=dump(change.after[kind]) if kind == "said" else None,
        answered_at=change.after["at"],
    )


def _write_contact(database: Database, profile: Profile, change: Change, _: ConsentContext) -> None:
    """A contact detail as the person typed it: not confirmed, so it may repeat another's. But a
    customer number leads to one person: the sender gave it."""
    mine = (Identity.profile == profile.id) & (Identity.kind == change.name)
    Identity.delete().where(mine).execute(database)
    if change.after is not None:
        row = {"site": profile.site, "profile": profile.id, "kind": change.name}
        is_confirmed = change.name == "customer"
        Identity.insert(**row, value=change.after, confirmed=is_confirmed).execute(database)


def _write_overall(
    database: Database, profile: Profile, change: Change, consent: ConsentContext
) -> None:
    overall = change.after or {"reach": None, "until": None}
    row = {
        models.Profile.reach: overall["reach"],
        models.Profile.paused_until: overall["until"],
        models.Profile.overall_at: consent.said_at,
    }
    if overall["reach"] == "off":
        row[models.Profile.left_at] = consent.said_at
    elif change.before and change.before["reach"] == "off":
        # Nobody may know when they left: at the latest when they came back.
        row[models.Profile.left_at] = fn.COALESCE(models.Profile.left_at, consent.said_at)
    models.Profile.update(row).where(models.Profile.id == profile.id).execute(database)


def _write_language(
    database: Database, profile: Profile, change: Change, _: ConsentContext
) -> None:
    models.Profile.update(language=change.after).where(models.Profile.id == profile.id).execute(
        database
    )


def _write_do_not_track(
    database: Database, profile: Profile, change: Change, _: ConsentContext
) -> None:
    wish = change.after or {"wanted": None, "at": None}
    row = {models.Profile.do_not_track: wish["wanted"], models.Profile.do_not_track_at: wish["at"]}
    models.Profile.update(row).where(models.Profile.id == profile.id).execute(database)


def write_change(
    database: Database, profile: Profile, change: Change, consent: ConsentContext
) -> None:
    """One change without its record. Must stand in the transaction that records it."""
    _WRITERS[change.kind](database, profile, change, consent)


_WRITERS: dict[str, Callable[[Database, Profile, Change, ConsentContext], Any]] = {
    "topic": _write_preference,
    "answer": _write_answer,
    "contact": _write_contact,
    "overall": _write_overall,
    "language": _write_language,
    "do_not_track": _write_do_not_track,
}
