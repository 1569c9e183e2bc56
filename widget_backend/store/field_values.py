"""Field values: what files of other systems hold of people beside, and since when it is known."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from typing import Any, NamedTuple

from peewee import EXCLUDED, Database, fn

from widget_backend.rules.fields import holds
from widget_backend.site.filters import Value
from widget_backend.site.model import Site
from widget_backend.store.changes import note_changes
from widget_backend.store.json_field import dump
from widget_backend.store.models import Profile
from widget_backend.store.models_of_nobody import Run
from widget_backend.store.models_of_runs import FieldValue
from widget_backend.store.prepared import PreparedInsert, PreparedQuery, is_one_of
from widget_backend.store.rows import columns_of


class Known(NamedTuple):
    """A value, and what brought it: the platform, and when its run began (seconds since 1970)."""

    value: Value
    source: str | None
    at: int
    run: int


_KNOWN = columns_of(
    Known, value=FieldValue.value, source=Run.platform, at=Run.started_at, run=Run.id
)
_VALUES = PreparedQuery(
    FieldValue.select(FieldValue.profile, FieldValue.field, *_KNOWN)
    .join(Run)
    .where(is_one_of(FieldValue.profile, "profiles"))
    .order_by(FieldValue.profile, FieldValue.run, FieldValue.field)
)


def values_of(database: Database, profiles: Collection[int]) -> Iterator[tuple[int, str, Known]]:
    """Everything that is stored: profile, field and value. The last one of each field holds."""
    for profile, field, value, *others in _VALUES.run(database, profiles=profiles):
        yield profile, field, Known(json.loads(value), *others)


def values_now(
    database: Database, site: Site, profiles: Collection[int], now: int
) -> dict[int, dict[str, Value]]:
    """The values that still hold, by field, of those people who have any; one query for all.

    There is none where the site declares no fields, or nobody is asked for.
    """
    values: dict[int, dict[str, Value]] = {}
    for profile, name, known in values_of(database, profiles) if site.fields and profiles else ():
        field = site.field(name)
        if field and holds(field, known.at, now):
            values.setdefault(profile, {})[name] = known.value
    return values


def _met_again(insert: Any) -> Any:
    """The file names somebody twice, and the later line counts."""
    columns = [FieldValue.profile, FieldValue.field, FieldValue.run]
    return insert.on_conflict(conflict_target=columns, update={FieldValue.value: EXCLUDED.value})


_KEEP = PreparedInsert(
    FieldValue,
    (FieldValue.profile, FieldValue.field, FieldValue.run, FieldValue.value),
    _met_again,
)


def keep_values(database: Database, number: int, news: Mapping[int, Mapping[str, Value]]) -> None:
    """Keep what a run brought of people, by id of their profile. Must stand in a transaction."""
    rows = [
        (profile, field, number, dump(value))
        for profile, values in news.items()
        for field, value in values.items()
    ]
    _KEEP.run(database, rows)


def take_back_values(database: Database, number: int, profiles: Collection[int]) -> None:
    """What the run brought of these people goes, and what held before holds again."""
    is_meant = (FieldValue.run == number) & FieldValue.profile.in_(list(profiles))
    _delete(database, FieldValue.select(FieldValue.profile).where(is_meant).distinct(), is_meant)


def end_values(database: Database, site: str, field: str, until: int, most: int) -> int:
    """Delete the values that came in until then, of so many people; returns of how many."""
    ended = Run.select(Run.id).where((Run.site == site) & (Run.started_at <= until))
    is_meant = (FieldValue.field == field) & FieldValue.run.in_(ended)
    people = FieldValue.select(FieldValue.profile).where(is_meant).distinct().limit(most)
    return _delete(database, people, is_meant)


def _delete(database: Database, people: Any, is_meant: Any) -> int:
    profiles = [profile for (profile,) in people.tuples().execute(database)]
    if profiles:
        theirs = FieldValue.profile.in_(profiles)
        FieldValue.delete().where(theirs & is_meant).execute(database)
        note_changes(database, profiles)
    return len(profiles)


def held_fields(database: Database, site: str) -> Mapping[str, int]:
    """Of how many people there is a value of each field, vanished fields included."""
    query = (
        FieldValue.select(FieldValue.field, fn.COUNT(FieldValue.profile.distinct()))
        .join(Profile)
        .where(Profile.site == site)
        .group_by(FieldValue.field)
    )
    return dict(query.tuples().execute(database))
