"""Profiles: finding a person and reading what they said."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping, Sequence
from operator import itemgetter
from typing import Any, NamedTuple

from peewee import JOIN, Database, PostgresqlDatabase, fn

from widget_backend.errors import ProfileUnknown
from widget_backend.rules.state import State, answer_subject, contact_subject
from widget_backend.store import models
from widget_backend.store.changes import note_changes
from widget_backend.store.models import (
    AddressChange,
    Answer,
    Identity,
    OneTimeCode,
    Preference,
    Role,
)
from widget_backend.store.prepared import PreparedQuery, parameter
from widget_backend.store.roles import add_roles
from widget_backend.store.rows import columns_of
from widget_backend.store.stored_state import CHOICE, Choice, preference, state_of_profile


class Profile(NamedTuple):
    """A profile as it was read: who it is, at which revision, and what it chose.

    `state` holds `overall`, `language`, `do_not_track`, `topic:…` and `contact:…`, and with
    `with_answers` also `answer:…`. Its row in the database is a `models.Profile`.
    `email_came_back` is only read by `read_profile`: mail to them came back for good.
    """

    id: int
    site: str
    handle: str
    ledger_key: str
    pending: bool
    revision: int
    roles: tuple[str, ...]
    state: State
    link_version: int = 0
    merged_into: int | None = None
    email_came_back: bool = False


def new_key() -> str:
    """A random key that cannot be guessed: 128 bits."""
    return secrets.token_hex(16)


class _Person(NamedTuple):
    """The columns of `_PROFILE` that are the same in all rows of a person."""

    id: int
    ledger_key: str
    pending: int
    revision: int
    language: str | None
    reach: str | None
    paused_until: str | None
    do_not_track: Any
    do_not_track_at: int | None
    link_version: int
    merged_into: int | None
    email: str | None
    email_came_back: Any
    phone: str | None
    post: str | None


_EMAIL, _PHONE, _POST = (Identity.alias() for _ in range(3))

_PERSON = columns_of(
    _Person,
    id=models.Profile.id,
    ledger_key=models.Profile.ledger_key,
    pending=models.Profile.pending,
    revision=models.Profile.revision,
    language=models.Profile.language,
    reach=models.Profile.reach,
    paused_until=models.Profile.paused_until,
    do_not_track=models.Profile.do_not_track,
    do_not_track_at=models.Profile.do_not_track_at,
    link_version=models.Profile.link_version,
    merged_into=models.Profile.merged_into,
    email=_EMAIL.value,
    email_came_back=_EMAIL.undeliverable,
    phone=_PHONE.value,
    post=_POST.value,
)
_ROLE = (Role.position, Role.role)

_person_of = itemgetter(slice(len(_PERSON)))
_choice_of = itemgetter(slice(len(_PERSON), len(_PERSON) + len(CHOICE)))
"""All None for who has chosen nothing."""
_role_of = itemgetter(slice(len(_PERSON) + len(CHOICE), None))
"""Both None for who has no role."""
_NONE = (None, None)


def _is_theirs(contact: Any, kind: str) -> Any:
    return (contact.profile == models.Profile.id) & (contact.kind == kind)


# Contact details are joined before what there may be several of, so that each is read once.
_PROFILE = PreparedQuery(
    models.Profile.select(*_PERSON, *CHOICE, *_ROLE)
    .join(_EMAIL, JOIN.LEFT_OUTER, on=_is_theirs(_EMAIL, "email"))
    .join_from(models.Profile, _PHONE, JOIN.LEFT_OUTER, on=_is_theirs(_PHONE, "phone"))
    .join_from(models.Profile, _POST, JOIN.LEFT_OUTER, on=_is_theirs(_POST, "post"))
    .join_from(
        models.Profile,
        Preference,
        JOIN.LEFT_OUTER,
        on=(Preference.profile == models.Profile.id),
    )
    .join_from(models.Profile, Role, JOIN.LEFT_OUTER, on=(Role.profile == models.Profile.id))
    .where(
        (models.Profile.site == parameter("site")) & (models.Profile.handle == parameter("handle"))
    )
)

_ANSWERS = PreparedQuery(
    Answer.select(Answer.question, Answer.kind, Answer.value, Answer.answered_at).where(
        Answer.profile == parameter("profile")
    )
)


def hold_profile(database: Database, profile: Profile) -> None:
    """Nobody else saves the profile until the transaction ends, in which this must stand."""
    # SQLite has one writer at a time anyway.
    if isinstance(database, PostgresqlDatabase):
        row = models.Profile.select(models.Profile.id).where(models.Profile.id == profile.id)
        row.for_update().execute(database)


def read_profile(database: Database, site: str, handle: str) -> Profile:
    """The person that a link names, in one query. Raises ProfileUnknown."""
    rows = _PROFILE.run(database, site=site, handle=handle).fetchall()
    if not rows:
        raise ProfileUnknown
    row = _Person._make(_person_of(rows[0]))
    # Each topic comes once with every role.
    chosen = map(Choice._make, dict.fromkeys(map(_choice_of, rows)))
    roles = sorted({*map(_role_of, rows)} - {_NONE})
    contacts = {"email": row.email, "phone": row.phone, "post": row.post}
    return Profile(
        id=row.id,
        site=site,
        handle=handle,
        ledger_key=row.ledger_key,
        pending=bool(row.pending),
        revision=row.revision,
        roles=tuple(role for _, role in roles),
        state=State(
            {
                **state_of_profile(row),
                **{contact_subject(kind): value for kind, value in contacts.items() if value},
                **dict(preference(each) for each in chosen if each.topic is not None),
            }
        ),
        link_version=row.link_version,
        merged_into=row.merged_into,
        email_came_back=bool(row.email_came_back),
    )


def with_answers(database: Database, profile: Profile) -> Profile:
    rows = _ANSWERS.run(database, profile=profile.id).fetchall()
    answers = {
        answer_subject(question): {
            kind: json.loads(value) if kind == "said" else True,
            "at": answered_at,
        }
        for question, kind, value, answered_at in rows
    }
    return profile._replace(state=State({**profile.state, **answers}))


def create_profile(
    database: Database, site: str, at: int, roles: Sequence[str] = (), **known: Any
) -> Profile:
    """A new profile that has said nothing yet. `known` may hold columns of its row."""
    row = {"handle": new_key(), "ledger_key": new_key(), "site": site, "created_at": at, **known}
    stored = models.Profile(**row)
    number: int = models.Profile.insert(stored.__data__).execute(database)
    profile = Profile(
        id=number,
        site=site,
        handle=stored.handle,
        ledger_key=stored.ledger_key,
        pending=stored.pending,
        revision=stored.revision,
        roles=tuple(roles),
        state=State(),
    )
    add_roles(database, {number: profile.roles})
    if not profile.pending:
        note_changes(database, [number])
    return profile


def revoke_links(database: Database, profile: Profile) -> bool:
    """End the links that were mailed so far, except those for unsubscribing.

    Newer links have the next version. Codes and address changes that somebody may have asked for
    with the old links end, too. False when the links were ended since the person was read: those
    mailed then stay. Must stand in a transaction.
    """
    is_as_read = (models.Profile.id == profile.id) & (
        models.Profile.link_version == profile.link_version
    )
    is_first: int = (
        models.Profile.update(link_version=profile.link_version + 1)
        .where(is_as_read)
        .execute(database)
    )
    if is_first:
        for table in (OneTimeCode, AddressChange):
            table.delete().where(table.profile == profile.id).execute(database)
    return bool(is_first)


def held_topics(database: Database, site: str) -> Mapping[str, int]:
    """How many people have each topic turned on, vanished topics included."""
    query = (
        Preference.select(Preference.topic, fn.COUNT(Preference.profile))
        .join(models.Profile)
        .where((models.Profile.site == site) & Preference.subscribed)
        .group_by(Preference.topic)
        .tuples()
    )
    return dict(query.execute(database))


def held_questions(database: Database, site: str) -> Mapping[str, int]:
    """How many people have an answer to each question, vanished questions included."""
    query = (
        Answer.select(Answer.question, fn.COUNT(Answer.profile))
        .join(models.Profile)
        .where((models.Profile.site == site) & ~models.Profile.pending)
        .group_by(Answer.question)
        .tuples()
    )
    return dict(query.execute(database))
