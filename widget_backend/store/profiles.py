"""Profiles: finding a person and reading what they said."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from peewee import JOIN, Database, fn

from widget_backend.errors import ProfileUnknown
from widget_backend.rules.state import (
    LANGUAGE,
    OVERALL,
    State,
    answer_subject,
    contact_subject,
    topic_subject,
)
from widget_backend.store.models import (
    AddressChange,
    Answer,
    Identity,
    OneTimeCode,
    Preference,
    Profile,
)
from widget_backend.store.prepared import Compiled, slot


@dataclass(frozen=True)
class Person:
    """A profile as the doors need it: who, at which revision, and what was said.

    `state` holds `overall`, `language`, `topic:…` and `contact:…`; with `read_answers` also
    `answer:…`.
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

    @property
    def generation(self) -> int:
        """The earlier name of `link_version`."""
        return self.link_version

    @property
    def became(self) -> int | None:
        """The earlier name of `merged_into`."""
        return self.merged_into


def new_key() -> str:
    """A random key that cannot be guessed: 128 bits."""
    return secrets.token_hex(16)


def _contact(kind: str) -> Any:
    return Identity.select(Identity.value).where(
        (Identity.profile == Profile.id) & (Identity.kind == kind)
    )


CONTACTS = ("email", "phone", "post")

_PERSON = Compiled(
    Profile.select(
        Profile.id,
        Profile.ledger_key,
        Profile.pending,
        Profile.revision,
        Profile.roles,
        Profile.language,
        Profile.overall,
        Profile.link_version,
        Profile.merged_into,
        *[_contact(kind) for kind in CONTACTS],
        Preference.topic,
        Preference.subscribed,
        Preference.channel,
        Preference.frequency,
    )
    .join(Preference, JOIN.LEFT_OUTER, on=(Preference.profile == Profile.id))
    .where((Profile.site == slot("site")) & (Profile.handle == slot("handle")))
)

_ANSWERS = Compiled(
    Answer.select(Answer.question, Answer.value).where(Answer.profile == slot("profile"))
)


def read_person(database: Database, site: str, handle: str) -> Person:
    """The person that a link names, in one query. Raises ProfileUnknown."""
    rows = _PERSON.run(database, site=site, handle=handle).fetchall()
    if not rows:
        raise ProfileUnknown
    profile, ledger_key, pending, revision, roles, language, overall, *rest = rows[0]
    generation, became, *contacts_and_topic = rest
    contacts = zip(CONTACTS, contacts_and_topic, strict=False)
    state = State(
        {
            **({LANGUAGE: language} if language else {}),
            **({OVERALL: json.loads(overall)} if overall else {}),
            **{contact_subject(kind): value for kind, value in contacts if value},
            **dict(_preference(*row[-4:]) for row in rows if row[-4] is not None),
        }
    )
    known = (profile, site, handle, ledger_key, bool(pending), revision)
    return Person(*known, tuple(json.loads(roles)), state, generation, became)


def _preference(topic: str, on: int, channel: str, frequency: str) -> tuple[str, Any]:
    return topic_subject(topic), {"on": bool(on), "channel": channel, "frequency": frequency}


def with_answers(database: Database, person: Person) -> Person:
    rows = _ANSWERS.run(database, profile=person.id).fetchall()
    answers = {answer_subject(question): json.loads(value) for question, value in rows}
    return replace(person, state=State({**person.state, **answers}))


def create_profile(database: Database, site: str, at: int, **known: Any) -> Person:
    """A new profile that has said nothing yet. `known` may hold columns of its row."""
    row = {"handle": new_key(), "ledger_key": new_key(), "site": site, "created_at": at, **known}
    profile = Profile(**row)
    number: int = Profile.insert(profile.__data__).execute(database)
    return Person(
        id=number,
        site=site,
        handle=profile.handle,
        ledger_key=profile.ledger_key,
        pending=profile.pending,
        revision=profile.revision,
        roles=tuple(profile.roles),
        state=State(),
    )


def revoke_links(database: Database, person: Person) -> bool:
    """End the links that were mailed so far, except those for unsubscribing.

    Newer links have the next version. Codes and address changes that somebody may have asked for
    with the old links end, too. False when the links were ended since the person was read: those
    mailed then stay.
    """
    known = (Profile.id == person.id) & (Profile.link_version == person.link_version)
    is_first: int = (
        Profile.update(link_version=person.link_version + 1).where(known).execute(database)
    )
    if is_first:
        for table in (OneTimeCode, AddressChange):
            table.delete().where(table.profile == person.id).execute(database)
    return bool(is_first)


def held_topics(database: Database, site: str) -> Mapping[str, int]:
    """How many people have each topic turned on, vanished topics included."""
    query = (
        Preference.select(Preference.topic, fn.COUNT(Preference.profile))
        .join(Profile)
        .where((Profile.site == site) & Preference.subscribed)
        .group_by(Preference.topic)
        .tuples()
    )
    return dict(query.execute(database))
