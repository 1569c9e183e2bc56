"""Saving what another system recorded of many people: by a few queries for all of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from peewee import Database

from widget_backend.rules.basis import ground_of
from widget_backend.rules.state import Change
from widget_backend.store import models
from widget_backend.store.ledger import ConsentContext, NewRecord, record_many
from widget_backend.store.models import Preference
from widget_backend.store.prepared import PreparedInsert, PreparedQuery, is_one_of
from widget_backend.store.profiles import Profile
from widget_backend.store.saves import upsert_preference, write_change


class Save(NamedTuple):
    """What changes about one person, and on what grounds."""

    profile: Profile
    changes: Sequence[Change]
    consent: ConsentContext

    @property
    def revision(self) -> int:
        """The profile's once it is saved."""
        return self.profile.revision + 1


def save_many(database: Database, saves: Sequence[Save]) -> None:
    """Save and record each, also where nothing changes.

    Must stand in a transaction which keeps these people from others since they were read: nobody
    may have saved them in between.
    """
    if not saves:
        return
    bumped = _BUMP_REVISIONS.run(database, profiles=[each.profile.id for each in saves])
    assert bumped.rowcount == len(saves), "somebody was deleted, or is saved twice"
    topics: list[tuple[Any, ...]] = []
    for profile, changes, consent in saves:
        for change in changes:
            if change.kind == "topic" and change.after:
                choice = (change.after["on"], change.after["channel"], change.after["frequency"])
                said_at = consent.said_at_of.get(change.subject, consent.said_at)
                ground = ground_of(change.after)
                basis = (ground.basis or "", ground.at)
                topics.append((profile.id, change.name, *choice, said_at, consent.door, *basis))
            else:
                write_change(database, profile, change, consent)
    _PREFERENCES.run(database, topics)
    record_many(
        database,
        [NewRecord(each.profile.ledger_key, each.revision, *each[1:]) for each in saves],
    )


_BUMP_REVISIONS = PreparedQuery(
    models.Profile.update({models.Profile.revision: models.Profile.revision + 1}).where(
        is_one_of(models.Profile.id, "profiles")
    )
)
_PREFERENCES = PreparedInsert(
    Preference,
    (
        Preference.profile,
        Preference.topic,
        Preference.subscribed,
        Preference.channel,
        Preference.frequency,
        Preference.said_at,
        Preference.door,
        Preference.basis,
        Preference.basis_at,
    ),
    upsert_preference,
)
