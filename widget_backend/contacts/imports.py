"""Imports: what an entry of an export changes here, and what it never changes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from itertools import islice
from typing import Literal, TypeVar

from peewee import Database

from widget_backend.address_hashes import AddressHashes
from widget_backend.contacts.mailchimp import AGREED, Entry
from widget_backend.contacts.mapping import TagMap
from widget_backend.contacts.pace import Pace, pace_for
from widget_backend.contacts.times import read_time
from widget_backend.rules.state import Change, State, topic_subject
from widget_backend.rules.topics import email_preference
from widget_backend.rules.unsubscribing import unsubscribe
from widget_backend.site.model import Site
from widget_backend.store.contacts import (
    Contact,
    NewContact,
    create_contacts,
    find_contacts,
    give_roles,
)
from widget_backend.store.deliverability import mark_undeliverable
from widget_backend.store.ledger import Circumstances, Record, records, shown
from widget_backend.store.profiles import Person
from widget_backend.store.saves import save_within
from widget_backend.store.suppression import suppressed
from widget_backend.store.writing import write

Outcome = Literal[
    "new", "changed", "unchanged", "asked to be deleted, or moved to another address here"
]
GONE: Literal["asked to be deleted, or moved to another address here"] = (
    "asked to be deleted, or moved to another address here"
)
"""Both are told as one: only a hash of the address is left."""

T = TypeVar("T")


@dataclass(frozen=True)
class Import:
    """One run: into which site, with which topics for whom.

    `hashes` know those again who were erased or have moved here: their address is not brought in.
    `topics` are for everyone who is subscribed, those of `tags` for people with the tag. `now`
    has a time zone. With `list_`, the file is that one operational list of the old system, and who
    left it left its topic only (S2.1).
    """

    site: Site
    now: datetime
    hashes: AddressHashes
    topics: tuple[str, ...] = ()
    tags: TagMap = field(default_factory=TagMap)
    list_: str | None = None

    @property
    def left(self) -> str | None:
        """The topic that who left has left; None for everything."""
        return self.tags.lists[self.list_] if self.list_ else None

    @property
    def at(self) -> int:
        """Seconds since 1970."""
        return int(self.now.timestamp())

    def changes(self, entry: Entry, state: State) -> list[Change]:
        """What an entry brings about for a person in this state.

        Leaving counts for everyone. Joining never touches what was said here: a topic that is on
        keeps its channel and frequency, one that is off stays off, and nothing is added for
        people who asked for less, for a pause, or for nothing at all.
        """
        if entry.kind == "unsubscribed":
            return unsubscribe(self.site, state, self.left)
        if entry.kind == "cleaned" or state.overall_on(self.now.date())["reach"] != "as_chosen":
            return []
        of_list = (self.left,) if self.left else ()
        wanted = dict.fromkeys((*of_list, *self.topics, *self.tags.topics_of(entry.tags)))
        return [
            Change(topic_subject(topic.id), None, email_preference(topic))
            for topic in self.site.topics
            if topic.id in wanted and state.preference(topic.id) is None
        ]

    def roles(self, entry: Entry, before: Sequence[str] = ()) -> tuple[str, ...]:
        """The person's roles with those of the entry's tags; none is ever taken away."""
        return tuple(dict.fromkeys((*before, *self.tags.roles_of(entry.tags))))

    def undeliverable_at(self, entry: Entry) -> int | None:
        """When mail to a new contact came back for good; at the latest now."""
        if entry.kind != "cleaned":
            return None
        return self.at if entry.bounced_at is None else min(entry.bounced_at, self.at)

    def circumstances(self, entry: Entry) -> Circumstances:
        wording = shown(self.site.id, self.site.source_language, {})
        list_ = {"list": self.list_} if self.list_ else {}
        return Circumstances(self.at, "import", wording, {**entry.evidence, **list_})


def import_entries(
    database: Database,
    run: Import,
    entries: Iterable[Entry],
    after_each: Callable[[], object] = lambda: None,
    pace: Pace | None = None,
    reject: Callable[[Entry, str], object] = lambda *_: None,
) -> Counter[Outcome]:
    """Bring entries in, some in each durable transaction; how many had which outcome.

    Who was erased or has moved is not brought in, and handed to `reject` with the reason. What is
    killed on the way has whole transactions behind it, and running it again completes it.
    """
    pace = pace or pace_for(database)
    outcomes: Counter[Outcome] = Counter()
    for some in _batches(entries, pace):
        with pace.turn():
            outcome_of = write(database, partial(_import_some, database, run, some, pace))
        outcomes.update(outcome_of.values())
        for entry in (each for each in some if outcome_of[each.email] == GONE):
            reject(entry, GONE)
        after_each()
    return outcomes


def _batches(entries: Iterable[Entry], pace: Pace) -> Iterator[list[Entry]]:
    """As many at once as the pace says, and nobody twice: what comes first is written first."""
    batch: dict[str, Entry] = {}
    for entry in entries:
        if len(batch) >= pace.size or entry.email in batch:
            yield list(batch.values())
            batch = {}
        batch[entry.email] = entry
    if batch:
        yield list(batch.values())


def in_batches(things: Iterable[T], size: int) -> Iterator[list[T]]:
    iterator = iter(things)
    while batch := list(islice(iterator, size)):
        yield batch


def _import_some(
    database: Database, run: Import, entries: list[Entry], pace: Pace
) -> dict[str, Outcome]:
    """The outcome by email."""
    with pace.work():
        emails = [entry.email for entry in entries]
        known = find_contacts(database, run.site.id, emails, hold=True)
        # Only now: whoever is erased from here on was among those that are held.
        unknown = [each for each in emails if each not in known]
        gone = suppressed(database, run.site.id, unknown, run.hashes)
        strangers = [each for each in entries if each.email in {*unknown} - gone]
        people = _create(database, run, strangers)
        return {
            entry.email: _update(database, run, entry, known[entry.email])
            if entry.email in known
            else _say_first(database, run, entry, people.get(entry.email))
            for entry in entries
        }


def _create(database: Database, run: Import, entries: list[Entry]) -> dict[str, Person]:
    contacts = [
        NewContact(entry.email, run.roles(entry), run.undeliverable_at(entry), entry.written)
        for entry in entries
    ]
    return create_contacts(database, run.site.id, run.at, contacts)


def _say_first(database: Database, run: Import, entry: Entry, person: Person | None) -> Outcome:
    """A new person's first consent record, which keeps the opt-in even if no topic follows.

    Nobody is created of an address that was erased or moved away from.
    """
    if person is None:
        return GONE
    if entry.kind != "cleaned":
        changes = run.changes(entry, person.state)
        save_within(database, person, changes, run.circumstances(entry))
    return "new"


def _update(database: Database, run: Import, entry: Entry, contact: Contact) -> Outcome:
    person = contact.person
    changes = run.changes(entry, person.state)
    if entry.kind == "unsubscribed" and changes and came_back(database, entry, person, changes):
        changes = []
    if changes:
        save_within(database, person, changes, run.circumstances(entry))
    roles = run.roles(entry, person.roles)
    if roles != person.roles:
        give_roles(database, person, roles)
    bounced = entry.kind == "cleaned" and mark_undeliverable(
        database, person.id, entry.bounced_at, run.at
    )
    return "changed" if changes or bounced or roles != person.roles else "unchanged"


def came_back(database: Database, entry: Entry, person: Person, leaving: Sequence[Change]) -> bool:
    """Whether the person has said, here and after they left there, that we may write.

    Else importing the same export again would turn them off again. Of a file that says both yes and
    no of them, the no counts, whatever times it has. When it is not known when they
    left, not even which day it was at the latest, they left.
    """
    subjects = {change.subject for change in leaving}
    if entry.left_by is None or not subjects & person.state.keys():
        return False
    about_these = [
        record
        for record in records(database, person.ledger_key)
        if subjects & {change.subject for change in record.changes}
    ]
    if entry.again and about_these and about_these[-1].door == "import":
        return False
    agreed_at = _agreed_at(about_these[-1]) if about_these else None
    return agreed_at is not None and agreed_at > int(entry.left_by.timestamp())


def _agreed_at(record: Record) -> int | None:
    """When the person said what a record holds, in seconds since 1970; None if nobody knows.

    What came in with a file was said long before, at the time that the file names; none that was
    still to come then is one.
    """
    if record.door != "import":
        return record.at
    names = (*AGREED, "consented_on")
    read = [read_time(record.evidence.get(name, "")) for name in names]
    times = [int(at.timestamp()) for at in read if at]
    return max((at for at in times if at <= record.at), default=None)
