"""Contact details and answers of many people at once, for imports of files that have some."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any, Literal

from peewee import Database

from widget_backend.rules.state import State, Value, answer_subject, contact_subject
from widget_backend.store.contacts import Contact
from widget_backend.store.models import Answer, ConsentRecord, ConsentValue, Identity

Detail = Literal["phone", "post", "customer", "answers"]
"""What is known of a person beside choices. All but the last are kinds of identities."""

NOT_THEIRS = ("import", "staff")
"""Doors at which somebody else says something of a person."""

PHONE = contact_subject("phone")


def with_details(
    database: Database, contacts: Mapping[str, Contact], details: Collection[Detail]
) -> dict[str, Contact]:
    """The same contacts, whose states also hold these details; two queries for all. What somebody
    has confirmed is fixed."""
    of = {contact.profile.id: contact for contact in contacts.values()}
    for profile, subject, value, is_fixed, run in _known(database, list(of), details):
        of[profile] = _with(of[profile], subject, value)
        if is_fixed:
            of[profile] = _fixed(of[profile], subject)
        if run is not None:
            proved = of[profile].proved | {_kind(subject)}
            of[profile] = of[profile]._replace(proved=proved)
    return {key: of[contact.profile.id] for key, contact in contacts.items()}


def with_typed(
    database: Database, contacts: Mapping[str, Contact], numbers: Mapping[str, str]
) -> dict[str, Contact]:
    """The same contacts, whose phone numbers are fixed if the people typed them here themselves.

    Only those are looked up who are to have another of the `numbers`, which have the keys of the
    contacts: one query for all.
    """
    keys = {
        contact.profile.ledger_key: key
        for key, contact in contacts.items()
        if key in numbers and contact.profile.state.phone not in {None, numbers[key]}
    }
    typed = {
        keys[key]
        for key, changes in _own_records(database, keys)
        for subject, _, after in changes
        if subject == PHONE and after == contacts[keys[key]].profile.state.phone
    }
    return {
        key: _fixed(contact, PHONE) if key in typed else contact
        for key, contact in contacts.items()
    }


def _own_records(database: Database, keys: Collection[str]) -> Any:
    """The changes that people made themselves, each after their ledger key."""
    if not keys:
        return []
    theirs = ConsentRecord.profile_key.in_(list(keys)) & ConsentRecord.door.not_in(NOT_THEIRS)
    query = ConsentRecord.select(ConsentRecord.profile_key, ConsentValue.changes)
    return _rows(database, query.join(ConsentValue).where(theirs))


def _known(
    database: Database, profiles: list[int], details: Collection[Detail]
) -> Iterator[tuple[int, str, Value, bool, int | None]]:
    if kinds := [each for each in details if each != "answers"]:
        columns: tuple[Any, ...] = (Identity.profile, Identity.kind, Identity.value)
        columns += (Identity.confirmed, Identity.evidence_run)
        theirs = Identity.profile.in_(profiles) & Identity.kind.in_(kinds)
        for profile, kind, *known in _rows(database, Identity.select(*columns).where(theirs)):
            yield profile, contact_subject(kind), *known
    if "answers" in details:
        wanted = (Answer.profile, Answer.question, Answer.kind, Answer.value, Answer.answered_at)
        query = Answer.select(*wanted).where(Answer.profile.in_(profiles))
        for profile, question, kind, value, at in _rows(database, query):
            answer = {kind: value if kind == "said" else True, "at": at}
            yield profile, answer_subject(question), answer, False, None


def _rows(database: Database, query: Any) -> Any:
    return query.tuples().execute(database)


def _with(contact: Contact, subject: str, value: Value) -> Contact:
    state = State({**contact.profile.state, subject: value})
    return contact._replace(profile=contact.profile._replace(state=state))


def _fixed(contact: Contact, subject: str) -> Contact:
    return contact._replace(fixed=contact.fixed | {_kind(subject)})


def _kind(subject: str) -> str:
    return subject.partition(":")[2]
