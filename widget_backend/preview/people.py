"""Sample people: made from the site’s own topics, roles and channels, the same at each start."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

import phonenumbers
from peewee import Database

from widget_backend.address_hashes import AddressHashes
from widget_backend.rules.state import (
    EMAIL,
    LANGUAGE,
    OVERALL,
    State,
    contact_subject,
    difference,
    topic_subject,
)
from widget_backend.rules.topics import CONTACT_FOR, email_preference, sign_up_topics
from widget_backend.site.load import SiteInLanguages
from widget_backend.site.model import Site, Topic
from widget_backend.store.contacts import find_contacts
from widget_backend.store.ledger import ConsentContext, no_wording
from widget_backend.store.models import Identity
from widget_backend.store.profiles import create_profile
from widget_backend.store.saves import save_in_transaction
from widget_backend.store.suppression import lift
from widget_backend.store.writing import write

NOBODY = "Sample Street 1, Sampletown"
KINDS = ("all", "new", "left")
"""Who gets everything there is, who has just signed up, and who gets nothing any more."""


@dataclass(frozen=True)
class SamplePerson:
    """`state` is what they have said, beside their email."""

    email: str
    roles: tuple[str, ...]
    state: State


def email_of(kind: str, tag: str) -> str:
    """Says who it is, so that nobody has to remember."""
    return f"{kind}.{tag.lower()}@example.com"


def sample_people(site: SiteInLanguages) -> Iterator[SamplePerson]:
    """Three people for each language, at addresses that nobody can have (RFC 2606)."""
    for tag, own in site.in_locale.items():
        first = next(iter(sign_up_topics(own)), own.topics[0])
        new = {LANGUAGE: tag, topic_subject(first.id): email_preference(first)}
        off = {OVERALL: {"reach": "off", "until": None}}
        roles = tuple(role.id for role in own.roles)
        yield SamplePerson(email_of("all", tag), roles, State({LANGUAGE: tag, **_everything(own)}))
        yield SamplePerson(email_of("new", tag), (), State(new))
        yield SamplePerson(email_of("left", tag), (), State(new | off))


def _everything(site: Site) -> dict[str, object]:
    """Each topic, by one channel after another, and the contact details that those need."""
    topics = {topic_subject(each.id): _choice(each, at) for at, each in enumerate(site.topics)}
    details = {"phone": _phone_number(site.region), "post": NOBODY}
    needed = {CONTACT_FOR.get(channel) for each in site.topics for channel in each.channels}
    contacts = {contact_subject(kind): each for kind, each in details.items() if kind in needed}
    return {**topics, **contacts}


def _choice(topic: Topic, at: int) -> dict[str, object]:
    channel = topic.channels[at % len(topic.channels)]
    return {"on": True, "channel": channel, "frequency": topic.frequencies[-1]}


def _phone_number(region: str) -> str:
    """An example that numbering plans have set aside, or one of Ofcom’s for films."""
    example = phonenumbers.example_number(region) if region else None
    if example is None:
        return "+447700900123"
    return str(phonenumbers.format_number(example, phonenumbers.PhoneNumberFormat.E164))


def add_people(database: Database, site: SiteInLanguages, hashes: AddressHashes, at: int) -> None:
    """Those who are not there: the others keep what somebody chose for them meanwhile.

    Who had their data deleted is there again. `at` is in seconds since 1970.
    """
    for person in sample_people(site):
        if not find_contacts(database, site.id, [person.email]):
            write(database, partial(_add, database, site.id, person, hashes, at))


def _add(
    database: Database, site: str, person: SamplePerson, hashes: AddressHashes, at: int
) -> None:
    lift(database, site, person.email, hashes)
    profile = create_profile(database, site, at, roles=person.roles)
    row = {"site": site, "profile": profile.id, "kind": EMAIL.partition(":")[2]}
    Identity.insert(**row, value=person.email, confirmed=True).execute(database)
    how = ConsentContext(at, "import", no_wording(site, str(person.state.language)))
    save_in_transaction(database, profile, difference(profile.state, person.state), how)
