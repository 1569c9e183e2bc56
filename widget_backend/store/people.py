"""People with everything that is known of them, for exports: read as rows, many at a time.

Each page is read as of one moment, so that nobody is half before a save and half after it.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import Any, Literal, NamedTuple

from peewee import JOIN, Database, PostgresqlDatabase

from widget_backend.store.changes import AT_ONCE
from widget_backend.store.field_values import Known, values_of
from widget_backend.store.models import Answer, Identity, Preference, Profile, Role
from widget_backend.store.pages import is_on_page
from widget_backend.store.prepared import PreparedQuery, parameter
from widget_backend.store.rows import columns_of

Part = Literal["choices", "roles", "answers", "fields", "customers"]
"""What is read by a query of its own, if it is wanted."""


class Choice(NamedTuple):
    """Profile × topic; `at` is when it was said, `door` where. See `models.Preference`."""

    on: bool
    channel: str
    frequency: str
    at: int | None
    door: str | None
    basis: Any = ""
    basis_at: int | None = None


class Answered(NamedTuple):
    """Profile × question; `kind` is said, skipped or declined, `value` what was said, in JSON."""

    kind: str
    value: Any
    at: int


class Row(NamedTuple):
    """The profile and its contact details. Times are seconds since 1970; see `models.py`.

    `person` is its ledger key. The email is as somebody wrote it.
    """

    id: int
    person: str
    pending: bool
    merged_into: str | None
    language: str | None
    reach: str | None
    paused_until: str | None
    overall_at: int | None
    left_at: int | None
    spoke_at: int | None
    do_not_track: bool | None
    do_not_track_at: int | None
    created_at: int
    email: str | None
    written: str | None
    email_confirmed: bool | None
    undeliverable: bool | None
    undeliverable_at: int | None
    phone: str | None
    phone_confirmed: bool | None
    phone_undeliverable_at: int | None
    post: str | None
    post_confirmed: bool | None


class Person(NamedTuple):
    """Somebody as exports see them; a part that is not wanted is empty. `customers` is their
    customer number, if they have one."""

    row: Row
    choices: dict[str, Choice]
    roles: list[str]
    answers: dict[str, Answered]
    fields: dict[str, Known]
    customers: list[str]


_OWNER = Profile.alias()
_EMAIL, _PHONE, _POST = (Identity.alias() for _ in range(3))
_ROW = columns_of(
    Row,
    id=Profile.id,
    person=Profile.ledger_key,
    pending=Profile.pending,
    merged_into=_OWNER.ledger_key,
    language=Profile.language,
    reach=Profile.reach,
    paused_until=Profile.paused_until,
    overall_at=Profile.overall_at,
    left_at=Profile.left_at,
    spoke_at=Profile.spoke_at,
    do_not_track=Profile.do_not_track,
    do_not_track_at=Profile.do_not_track_at,
    created_at=Profile.created_at,
    email=_EMAIL.value,
    written=_EMAIL.written,
    email_confirmed=_EMAIL.confirmed,
    undeliverable=_EMAIL.undeliverable,
    undeliverable_at=_EMAIL.undeliverable_at,
    phone=_PHONE.value,
    phone_confirmed=_PHONE.confirmed,
    phone_undeliverable_at=_PHONE.undeliverable_at,
    post=_POST.value,
    post_confirmed=_POST.confirmed,
)


def _is_theirs(contact: Any, kind: str) -> Any:
    return (contact.profile == Profile.id) & (contact.kind == kind)


_PEOPLE = (
    Profile.select(*_ROW)
    .join(_OWNER, JOIN.LEFT_OUTER, on=(_OWNER.id == Profile.merged_into))
    .join_from(Profile, _EMAIL, JOIN.LEFT_OUTER, on=_is_theirs(_EMAIL, "email"))
    .join_from(Profile, _PHONE, JOIN.LEFT_OUTER, on=_is_theirs(_PHONE, "phone"))
    .join_from(Profile, _POST, JOIN.LEFT_OUTER, on=_is_theirs(_POST, "post"))
    .order_by(Profile.id)
)
_NAMES = [str(at) for at in range(AT_ONCE)]
_SOME = [parameter(name) for name in _NAMES]

_EVERYONE = PreparedQuery(_PEOPLE.where(is_on_page(Profile, AT_ONCE)))
_NAMED = PreparedQuery(_PEOPLE.where(Profile.ledger_key.in_(_SOME)))
# What is stored of NULL is nothing, so that one query serves for any number of people.
_CHOICES = PreparedQuery(
    Preference.select(
        Preference.profile,
        Preference.topic,
        *columns_of(
            Choice,
            on=Preference.subscribed,
            channel=Preference.channel,
            frequency=Preference.frequency,
            at=Preference.said_at,
            door=Preference.door,
            basis=Preference.basis,
            basis_at=Preference.basis_at,
        ),
    ).where(Preference.profile.in_(_SOME))
)
_ROLES = PreparedQuery(
    Role.select(Role.profile, Role.role).where(Role.profile.in_(_SOME)).order_by(Role.position)
)
_CUSTOMERS = PreparedQuery(
    Identity.select(Identity.profile, Identity.value).where(
        (Identity.kind == "customer") & Identity.profile.in_(_SOME)
    )
)
_NAMES_OF: tuple[tuple[Part, PreparedQuery], ...] = (
    ("roles", _ROLES),
    ("customers", _CUSTOMERS),
)
_ANSWERS = PreparedQuery(
    Answer.select(
        Answer.profile,
        Answer.question,
        *columns_of(Answered, kind=Answer.kind, value=Answer.value, at=Answer.answered_at),
    ).where(Answer.profile.in_(_SOME))
)


def everyone(database: Database, site: str, parts: Collection[Part]) -> Iterator[list[Person]]:
    """All people of a site who are not pending, oldest profile first, a page at a time."""
    last = 0
    while True:
        with _one_moment(database):
            rows = _rows(_EVERYONE.run(database, site=site, after=last))
            people = _people(database, rows, parts)
        if not people:
            return
        yield people
        last = people[-1].row.id


def people_named(database: Database, keys: list[str], parts: Collection[Part]) -> list[Person]:
    """Those of at most AT_ONCE ledger keys that are still there, pending and merged ones too."""
    with _one_moment(database):
        return _people(database, _rows(_NAMED.run(database, **_asked(keys))), parts)


@contextmanager
def _one_moment(database: Database) -> Iterator[None]:
    """All queries of the block see the database as it is now."""
    with database.atomic():
        if isinstance(database, PostgresqlDatabase):
            database.execute_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


def _asked(values: list[Any]) -> dict[str, Any]:
    return dict.fromkeys(_NAMES) | dict(zip(_NAMES, values, strict=False))


def _rows(cursor: Any) -> list[Row]:
    return list(map(Row._make, cursor.fetchall()))


def _people(database: Database, rows: list[Row], parts: Collection[Part]) -> list[Person]:
    if not rows:
        return []
    people = {row.id: Person(row, {}, [], {}, {}, []) for row in rows}
    _add_parts(database, people, parts)
    return list(people.values())


def _add_parts(database: Database, people: dict[int, Person], parts: Collection[Part]) -> None:
    asked = _asked(list(people))
    if "choices" in parts:
        for profile, topic, *choice in _CHOICES.run(database, **asked):
            people[profile].choices[topic] = Choice._make(choice)
    for part, query in _NAMES_OF:
        if part in parts:
            for profile, name in query.run(database, **asked):
                getattr(people[profile], part).append(name)
    if "answers" in parts:
        for profile, question, kind, value, at in _ANSWERS.run(database, **asked):
            answer = Answered(kind, json.loads(value) if kind == "said" else None, at)
            people[profile].answers[question] = answer
    if "fields" in parts:
        for profile, field, known in values_of(database, people):
            people[profile].fields[field] = known
