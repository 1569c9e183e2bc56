"""Imports: what an entry of another platform's export changes here, and what it never changes."""

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
from widget_backend.contacts.csv_output import RejectsFile
from widget_backend.contacts.entries import Entry, PlatformFile
from widget_backend.contacts.mapping import TagMapping, UnknownTags
from widget_backend.contacts.pace import Pace, pace_for
from widget_backend.rules.later_words import Effect, Times, agree, leave
from widget_backend.rules.state import State
from widget_backend.site.model import Site
from widget_backend.store.contacts import (
    Contact,
    NewContact,
    create_contacts,
    find_contacts,
    give_roles,
    note_times,
)
from widget_backend.store.deliverability import mark_undeliverable
from widget_backend.store.ledger import ConsentContext, Wording
from widget_backend.store.profiles import Profile
from widget_backend.store.saves import save_in_transaction
from widget_backend.store.suppression import suppress, suppressed
from widget_backend.store.writing import write

Outcome = Literal["new", "changed", "unchanged", "suppressed", "kept out from now on"]
SUPPRESSED_BECAUSE = (
    "asked to be deleted, moved to another address here, or is on a list of people not to write to"
)
"""One reason for all, since only a hash of the address is kept."""

T = TypeVar("T")


@dataclass(frozen=True)
class ImportRun:
    """The options of one import, and what they make of an entry.

    `now` has a time zone. `hashes` recognise addresses of people who were erased, or who have moved
    to another address here: these are not imported. All subscribed people get the `topics`; people
    with a tag get what the `mapping` says. With `list_name`, the file is this operational list of
    the old system: people who unsubscribed from it leave only its topic. A run that `makes_people`
    not keeps out whom it does not know, so that no later import brings them in.
    """

    site: Site
    now: datetime
    hashes: AddressHashes
    topics: tuple[str, ...] = ()
    mapping: TagMapping = field(default_factory=TagMapping)
    list_name: str | None = None
    makes_people: bool = True

    @property
    def list_topic(self) -> str | None:
        """The topic of the operational list; None if the file is not such a list."""
        return self.mapping.lists[self.list_name] if self.list_name else None

    @property
    def at(self) -> int:
        """Seconds since 1970."""
        return int(self.now.timestamp())

    def effect(self, entry: Entry, state: State, times: Times) -> Effect:
        """What an entry changes for a person in this state."""
        if entry.kind == "unsubscribed":
            # That they are on a bare list is all that is known: they had left by now.
            at = entry.at if self.makes_people else self.at
            return leave(self.site, state, times, self.list_topic, at)
        if entry.kind == "cleaned":
            return Effect()
        topics = [*self.topics, *self.mapping.topics_of(entry.tags)]
        topics += [self.list_topic] if self.list_topic else []
        return agree(self.site, state, times, topics, entry.at, self.now.date())

    def roles(self, entry: Entry, before: Sequence[str] = ()) -> tuple[str, ...]:
        """The person's roles before, and those of the entry's tags."""
        return tuple(dict.fromkeys((*before, *self.mapping.roles_of(entry.tags))))

    def undeliverable_at(self, entry: Entry) -> int | None:
        """When email to a new contact bounced for good; now if that is unknown or still to come."""
        if entry.kind != "cleaned":
            return None
        return self.at if entry.at is None else min(entry.at, self.at)

    def consent(self, entry: Entry, said_there: int | None) -> ConsentContext:
        wording = Wording.of(self.site.id, self.site.source_language, {})
        of_list = {"list": self.list_name} if self.list_name else {}
        evidence = {**entry.evidence, **of_list}
        return ConsentContext(self.at, "import", wording, evidence, said_there=said_there)


@dataclass(frozen=True)
class ImportResult:
    """How many contacts had which outcome, and the tags that had no effect."""

    outcomes: Counter[Outcome]
    unknown_tags: UnknownTags


def import_file(
    database: Database,
    run: ImportRun,
    export: PlatformFile,
    rejects: RejectsFile,
    after_each: Callable[[], object] = lambda: None,
) -> ImportResult:
    """Import the contacts of a file; rows that are not used go to the rejects, with the reason.

    `after_each` is called after each transaction.
    """

    def reject(entry: Entry, reason: str) -> None:
        if entry.row:
            rejects.add(entry.row, reason)

    unknown_tags = UnknownTags(run.mapping)
    entries = unknown_tags.counted(export.entries(rejects))
    outcomes = import_entries(database, run, entries, after_each, reject=reject)
    return ImportResult(outcomes, unknown_tags)


def import_entries(
    database: Database,
    run: ImportRun,
    entries: Iterable[Entry],
    after_each: Callable[[], object] = lambda: None,
    pace: Pace | None = None,
    reject: Callable[[Entry, str], object] = lambda *_: None,
) -> Counter[Outcome]:
    """Import entries in durable transactions of several; returns how many had which outcome.

    Entries of people who were erased or have moved are not imported, and given to `reject` with the
    reason. After an interruption, running the import again completes it.
    """
    pace = pace or pace_for(database)
    outcomes: Counter[Outcome] = Counter()
    for batch in _batches(entries, pace):
        with pace.turn():
            batch_outcomes = write(database, partial(_import_batch, database, run, batch, pace))
        outcomes.update(batch_outcomes.values())
        for entry in batch:
            if batch_outcomes[entry.email] == "suppressed":
                reject(entry, SUPPRESSED_BECAUSE)
        after_each()
    return outcomes


def _batches(entries: Iterable[Entry], pace: Pace) -> Iterator[list[Entry]]:
    """As many entries as the pace says, but no person twice, so that the order is kept."""
    batch: dict[str, Entry] = {}
    for entry in entries:
        if len(batch) >= pace.size or entry.email in batch:
            yield list(batch.values())
            batch = {}
        batch[entry.email] = entry
    if batch:
        yield list(batch.values())


def in_batches(items: Iterable[T], size: int) -> Iterator[list[T]]:
    iterator = iter(items)
    while batch := list(islice(iterator, size)):
        yield batch


def _import_batch(
    database: Database, run: ImportRun, entries: list[Entry], pace: Pace
) -> dict[str, Outcome]:
    """The outcome of each entry, by email. Must run in a transaction."""
    with pace.work():
        emails = [entry.email for entry in entries]
        contacts = find_contacts(database, run.site.id, emails, hold=True)
        # After find_contacts, so that nobody can be erased between the two queries.
        unknown = [each for each in emails if each not in contacts]
        kept_out = suppressed(database, run.site.id, unknown, run.hashes)
        strangers = {*unknown} - kept_out
        if not run.makes_people:
            suppress(database, run.site.id, strangers, run.hashes, run.at)
        new = [
            NewContact(entry.email, run.roles(entry), run.undeliverable_at(entry), entry.written)
            for entry in entries
            if run.makes_people and entry.email in strangers
        ]
        people = create_contacts(database, run.site.id, run.at, new)
        outcomes: dict[str, Outcome] = {}
        for entry in entries:
            if contact := contacts.get(entry.email):
                outcomes[entry.email] = _update(database, run, entry, contact)
            elif profile := people.get(entry.email):
                _record_first(database, run, entry, profile)
                outcomes[entry.email] = "new"
            elif run.makes_people:
                outcomes[entry.email] = "suppressed"
            else:
                is_news = entry.email in strangers
                outcomes[entry.email] = "kept out from now on" if is_news else "unchanged"
        return outcomes


def _record_first(database: Database, run: ImportRun, entry: Entry, profile: Profile) -> None:
    """A new person's first consent record: it keeps the opt-in, even without a topic."""
    if entry.kind != "cleaned":
        _record(database, run, entry, profile, run.effect(entry, profile.state, Times()))


def _record(
    database: Database, run: ImportRun, entry: Entry, profile: Profile, effect: Effect
) -> None:
    save_in_transaction(database, profile, effect.changes, run.consent(entry, effect.at))
    note_times(database, profile, effect.times, effect.left)


def _update(database: Database, run: ImportRun, entry: Entry, contact: Contact) -> Outcome:
    profile = contact.profile
    effect = run.effect(entry, profile.state, contact.times)
    if effect.changes:
        _record(database, run, entry, profile, effect)
    else:
        note_times(database, profile, effect.times, effect.left)
    roles = run.roles(entry, profile.roles)
    if roles != profile.roles:
        give_roles(database, profile, roles)
    bounced = entry.kind == "cleaned" and mark_undeliverable(database, profile.id, entry.at, run.at)
    is_changed = effect.changes or bounced or roles != profile.roles
    return "changed" if is_changed else "unchanged"
