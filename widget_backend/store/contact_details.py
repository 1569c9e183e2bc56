"""Contact details and answers of many people at once, for imports of files that have some."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from typing import Any, Literal

from peewee import Database

from widget_backend.rules.state import State, Value, answer_subject, contact_subject
from widget_backend.store.contacts import Contact
from widget_backend.store.models import Answer, Identity

Detail = Literal["phone", "post", "answers"]
"""What is known of a person beside choices. The first two are kinds of identities."""


def with_details(
    database: Database, contacts: Mapping[str, Contact], details: Collection[Detail]
) -> dict[str, Contact]:
    """The same contacts, whose states also hold these details; two queries for all."""
    more: dict[int, dict[str, Value]] = {each.profile.id: {} for each in contacts.values()}
    for profile, subject, value in _known(database, list(more), details):
        more[profile][subject] = value
    return {key: _with(contact, more[contact.profile.id]) for key, contact in contacts.items()}


def _known(
    database: Database, profiles: list[int], details: Collection[Detail]
) -> Iterator[tuple[int, str, Value]]:
    if kinds := [each for each in details if each != "answers"]:
        columns = (Identity.profile, Identity.kind, Identity.value)
        theirs = Identity.profile.in_(profiles) & Identity.kind.in_(kinds)
        for profile, kind, value in _rows(database, Identity.select(*columns).where(theirs)):
            yield profile, contact_subject(kind), value
    if "answers" in details:
        wanted = (Answer.profile, Answer.question, Answer.kind, Answer.value, Answer.answered_at)
        query = Answer.select(*wanted).where(Answer.profile.in_(profiles))
        for profile, question, kind, value, at in _rows(database, query):
            answer = {kind: value if kind == "said" else True, "at": at}
            yield profile, answer_subject(question), answer


def _rows(database: Database, query: Any) -> Any:
    return query.tuples().execute(database)


def _with(contact: Contact, more: Mapping[str, Value]) -> Contact:
    state = State({**contact.profile.state, **more})
    return replace(contact, profile=replace(contact.profile, state=state))
