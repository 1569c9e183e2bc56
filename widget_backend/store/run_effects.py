"""Effects of a run: what it found of each person whom it names, so that it can be undone exactly.

A run names people also where it changes nothing. So an undo knows whether a later file had its say,
which would hold if the run had never been.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from peewee import EXCLUDED, Case, Database, fn

from widget_backend.rules.later_words import Times
from widget_backend.store import models
from widget_backend.store.changes import note_changes
from widget_backend.store.contacts import NEVER, Contact
from widget_backend.store.json_field import dump
from widget_backend.store.models import Delivery, Identity, Job
from widget_backend.store.models_of_nobody import Run
from widget_backend.store.models_of_requests import Request
from widget_backend.store.models_of_runs import RunEffect
from widget_backend.store.prepared import PreparedInsert, PreparedQuery, parameter
from widget_backend.store.writing import write


@dataclass(frozen=True)
class Before:
    """What a run found of somebody, beside the choices that their records tell.

    `kind` is that of the contact detail whose deliverability it is.
    """

    times: Times = NEVER
    roles: tuple[str, ...] = ()
    undeliverable: bool = False
    undeliverable_at: int | None = None
    kind: str = "email"

    @classmethod
    def of(cls, contact: Contact) -> Before:
        person = contact.profile
        return cls(contact.times, person.roles, contact.undeliverable, contact.undeliverable_at)

    def stored(self) -> str:
        times = self.times
        each = [dict(times.topics), times.overall, times.left]
        kind = () if self.kind == "email" else (self.kind,)
        return dump([*each, self.roles, self.undeliverable, self.undeliverable_at, *kind])

    @classmethod
    def read(cls, stored: list[Any]) -> Before:
        topics, overall, left, roles, *undeliverable = stored
        return cls(Times(topics, overall, left), tuple(roles), *undeliverable)


@dataclass(frozen=True)
class Effect:
    """What a run did to somebody. See `models.RunEffect`.

    `before` is None where it changed nothing, and where it made the person.
    """

    profile: int
    is_new: bool
    revision_before: int
    revision: int | None
    before: Before | None = None
    bounced_at: int | None = None


# ── writing ─────────────────────────────────────────────────────────────────────────────────


_COLUMNS = (
    RunEffect.run,
    RunEffect.profile,
    RunEffect.is_new,
    RunEffect.revision_before,
    RunEffect.revision,
    RunEffect.before,
    RunEffect.bounced_at,
)


def _met_again(insert: Any) -> Any:
    """The second time it is one effect with the first, unless somebody else saved in between."""
    is_next = RunEffect.revision == EXCLUDED.revision_before
    return insert.on_conflict(
        conflict_target=[RunEffect.profile, RunEffect.run],
        update={
            RunEffect.revision: Case(None, [(is_next, EXCLUDED.revision)], None),
            RunEffect.before: fn.COALESCE(RunEffect.before, EXCLUDED.before),
            RunEffect.bounced_at: fn.COALESCE(EXCLUDED.bounced_at, RunEffect.bounced_at),
        },
    )


_RECORD = PreparedInsert(RunEffect, _COLUMNS, _met_again)


def record_effects(database: Database, number: int, effects: Iterable[Effect]) -> None:
    """Keep what a run did to people, of whom none is named twice. Must stand in the transaction
    that does it."""
    rows = [
        (
            number,
            each.profile,
            each.is_new,
            each.revision_before,
            each.revision,
            each.before.stored() if each.before else None,
            each.bounced_at,
        )
        for each in effects
    ]
    _RECORD.run(database, rows)


_HAS_EFFECTS = PreparedQuery(
    RunEffect.select(RunEffect.run)
    .where((RunEffect.profile == parameter("profile")) & RunEffect.revision.is_null(False))
    .limit(1)
)


def note_same_word(database: Database, profile: int, at: int) -> None:
    """The person has said then what holds already, of which there is no record.

    No undo changes it, and no file that tells of something earlier.
    """
    if not _HAS_EFFECTS.run(database, profile=profile).fetchone():
        return
    theirs = models.Profile.id == profile

    def note() -> None:
        RunEffect.update(revision=None).where(RunEffect.profile == profile).execute(database)
        models.Profile.update(spoke_at=at).where(theirs).execute(database)

    write(database, note)


# ── undoing ─────────────────────────────────────────────────────────────────────────────────


def people_of(database: Database, number: int, after: int, most: int) -> list[int]:
    """The next people whom the run names, by id of their profile."""
    query = RunEffect.select(RunEffect.profile).where(
        (RunEffect.run == number) & (RunEffect.profile > after)
    )
    rows = query.order_by(RunEffect.profile).limit(most).tuples().execute(database)
    return [profile for (profile,) in rows]


def count_people(database: Database, number: int) -> int:
    return int(RunEffect.select().where(RunEffect.run == number).count(database))


def effects_of(database: Database, number: int, profiles: Collection[int]) -> dict[int, Effect]:
    """What the run did to these people, by id of their profile."""
    columns = (
        RunEffect.profile,
        RunEffect.is_new,
        RunEffect.revision_before,
        RunEffect.revision,
        RunEffect.before,
        RunEffect.bounced_at,
    )
    is_meant = (RunEffect.run == number) & RunEffect.profile.in_(list(profiles))
    rows = RunEffect.select(*columns).where(is_meant).tuples().execute(database)
    return {
        profile: Effect(
            profile,
            bool(is_new),
            was,
            revision,
            Before.read(before) if before else None,
            bounced_at,
        )
        for profile, is_new, was, revision, before, bounced_at in rows
    }


def later_runs(database: Database, number: int, profiles: Collection[int]) -> dict[int, int]:
    """By id of a profile, a run that named the person after this one, or may have."""
    # A run that wrote when this one had begun may have named the person after it.
    is_later = (Run.id > number) | (Run.newest >= number)
    query = (
        RunEffect.select(RunEffect.profile, fn.MAX(RunEffect.run))
        .join(Run)
        .where(RunEffect.profile.in_(list(profiles)) & (RunEffect.run != number) & is_later)
        .group_by(RunEffect.profile)
    )
    return dict(query.tuples().execute(database))


def linked_people(database: Database, profiles: Collection[int]) -> set[int]:
    """Those who have a link, a message that waits or was sent, a sign-up that became theirs, or
    asked the staff for something."""
    profile, joined = models.Profile, models.Profile.alias()
    sent = Delivery.select().where(Delivery.profile == profile.id)
    waits = Job.select().where(Job.subject == profile.handle)
    became = joined.select().where(joined.merged_into == profile.id)
    asked = Request.select().where(Request.profile == profile.id)
    has_some = fn.EXISTS(waits) | fn.EXISTS(sent) | fn.EXISTS(became) | fn.EXISTS(asked)
    is_linked = profile.linked_at.is_null(False) | has_some
    query = profile.select(profile.id).where(profile.id.in_(list(profiles)) & is_linked)
    return {each for (each,) in query.tuples().execute(database)}


def restore_deliverability(database: Database, effect: Effect) -> None:
    """As it was before, unless mail arrived or came back since."""
    before = effect.before or Before()
    mine = (Identity.profile == effect.profile) & (Identity.kind == before.kind)
    is_as_left = Identity.undeliverable & (Identity.undeliverable_at == effect.bounced_at)
    values = {
        Identity.undeliverable: before.undeliverable,
        Identity.undeliverable_at: before.undeliverable_at,
    }
    Identity.update(values).where(mine & is_as_left).execute(database)
    note_changes(database, [effect.profile])


def drop_effects(database: Database, number: int, profiles: Sequence[int]) -> None:
    """The run has no effect on these people any more."""
    is_meant = (RunEffect.run == number) & RunEffect.profile.in_(list(profiles))
    RunEffect.delete().where(is_meant).execute(database)


def bind_earlier(database: Database, effect: Effect, revision: int) -> None:
    """At this revision holds again what held before the effect: earlier runs can be undone, too."""
    is_before = (RunEffect.profile == effect.profile) & (
        RunEffect.revision == effect.revision_before
    )
    RunEffect.update(revision=revision).where(is_before).execute(database)
