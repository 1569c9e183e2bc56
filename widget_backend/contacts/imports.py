"""Imports: the entries of another platform's export are decided on and stored, as a run."""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from time import time

from peewee import Database, PeeweeException

from widget_backend.contacts.csv_output import Rejects
from widget_backend.contacts.decisions import (
    Decision,
    ImportRun,
    Outcome,
    decide,
    look_up,
)
from widget_backend.contacts.entries import PlatformFile
from widget_backend.contacts.entry import Entry
from widget_backend.contacts.field_news import keep_news
from widget_backend.contacts.mapping import UnknownTags
from widget_backend.contacts.pace import Pace, pace_for
from widget_backend.contacts.tally import Tally
from widget_backend.errors import WidgetError
from widget_backend.rules.later_words import said_again
from widget_backend.store.contacts import Contact
from widget_backend.store.deliverability import mark_undeliverable
from widget_backend.store.many_saves import Save, save_many
from widget_backend.store.new_contacts import NewContact, create_contacts
from widget_backend.store.numbers import prove_phones
from widget_backend.store.profiles import Profile
from widget_backend.store.roles import give_roles
from widget_backend.store.run_effects import Before, Effect, record_effects
from widget_backend.store.runs import begin_run, end_run, note_progress
from widget_backend.store.suppression import keep_suppressed, suppress
from widget_backend.store.times import note_times
from widget_backend.store.writing import write


@dataclass(frozen=True)
class ImportResult:
    """The outcomes of a whole file, and the tags that had no effect."""

    tally: Tally
    unknown_tags: UnknownTags

    @property
    def outcomes(self) -> Counter[Outcome]:
        return self.tally.outcomes


def import_file(
    database: Database,
    run: ImportRun,
    export: PlatformFile,
    rejects: Rejects,
    after_each: Callable[[], object] = lambda: None,
    step: type[Step] | None = None,
) -> ImportResult:
    """Import the contacts of a file; rows that are not used go to the rejects, with the reason.

    `after_each` is called after each transaction.
    """
    unknown_tags = UnknownTags(run.mapping)
    entries = unknown_tags.counted(export.entries(rejects))
    tally = import_entries(
        database,
        run,
        entries,
        after_each,
        reject=lambda entry, reason: rejects.add_entry(entry.row, reason),
        rejected=lambda: rejects.count,
        step=step,
    )
    return ImportResult(tally, unknown_tags)


def import_entries(
    database: Database,
    run: ImportRun,
    entries: Iterable[Entry],
    after_each: Callable[[], object] = lambda: None,
    pace: Pace | None = None,
    reject: Callable[[Entry, str], object] = lambda *_: None,
    rejected: Callable[[], int] = lambda: 0,
    clock: Callable[[], float] = time,
    step: type[Step] | None = None,
) -> Tally:
    """Import entries in durable transactions of several; returns how many had which outcome.

    Entries of people who were erased or have moved are not imported, and given to `reject` with the
    reason. After an interruption, running the import again completes it, as a run of its own.
    `rejected` tells how many rows were rejected so far; `step` is what is done in a transaction,
    other than for addresses. Raises RunRefused if the run is being
    undone.
    """
    pace = pace or pace_for(database)
    tally = Tally(begin_run(database, run.at, site=run.site.id, staff=run.staff, **run.known))
    with _ending(database, tally, rejected, clock):
        for batch in _batches(entries, pace):
            one = (step or Step)(database, run, batch, tally, rejected(), int(clock()))
            with pace.turn():
                decisions = write(database, partial(one.store, pace))
            for entry in batch:
                tally.add(entry, decisions[entry.email])
                if reason := decisions[entry.email].rejected_because:
                    reject(entry, reason)
            after_each()
    return tally


@contextmanager
def _ending(
    database: Database, tally: Tally, rejected: Callable[[], int], clock: Callable[[], float]
) -> Iterator[None]:
    """The run has ended after the block, whatever interrupts it."""
    assert tally.number is not None
    end = partial(end_run, database, tally.number)
    try:
        yield
    except BaseException:
        # The database itself may be what failed. Then the run ends by being silent.
        with contextlib.suppress(WidgetError, PeeweeException):
            end(tally.counts(rejected()), int(clock()), False)
        raise
    end(tally.counts(rejected()), int(clock()), True)


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


@dataclass(frozen=True)
class Step:
    """One transaction of an import. `tally` is that of the steps before."""

    database: Database
    run: ImportRun
    entries: list[Entry]
    tally: Tally
    rejected: int
    now: int

    def store(self, pace: Pace) -> dict[str, Decision]:
        """What was decided and stored of each entry, by email. Must run in a transaction."""
        with pace.work():
            contacts, out = look_up(self.database, self.run, self.entries, hold=True)
            decisions = {
                each.email: decide(self.run, each, contacts.get(each.email), out)
                for each in self.entries
            }
            self.note_progress(decisions)
            if not self.run.makes_people:
                self.keep_out({*decisions} - {*contacts}, out)
            people = {each: contact.profile for each, contact in contacts.items()}
            people |= self._create(decisions)
            named = [each for each in self.entries if each.email in people]
            saves = self._save(named, decisions, people)
            proved = [people[each].id for each, what in decisions.items() if what.proves_phone]
            if proved:
                prove_phones(self.database, self.number, proved)
            effects = [
                self._effect(
                    entry,
                    decisions[entry.email],
                    people[entry.email],
                    saves.get(entry.email),
                    contacts.get(entry.email),
                )
                for entry in named
            ]
            record_effects(self.database, self.number, effects)
            news = {email: what.fields for email, what in decisions.items() if what.fields}
            keep_news(self.database, self.number, news, people, contacts)
            return decisions

    @property
    def number(self) -> int:
        assert self.tally.number is not None
        return self.tally.number

    def note_progress(self, decisions: dict[str, Decision]) -> None:
        counted = (each.outcome for each in decisions.values() if not each.refused)
        outcomes = self.tally.outcomes + Counter(counted)
        counts = Tally(self.number, outcomes).counts(self.rejected)
        note_progress(self.database, self.number, counts, self.now)

    def keep_out(self, strangers: set[str], out: set[str]) -> None:
        """Strangers on a list of people not to write to; some of them are `out` already. They are
        named by what is hashed of them."""
        run, site = self.run, self.run.site.id
        keep_suppressed(self.database, site, out, run.hashes)
        suppress(self.database, site, strangers - out, run.hashes, run.at, self.number)

    def _create(self, decisions: dict[str, Decision]) -> dict[str, Profile]:
        new = [
            NewContact(entry.email, what.roles, what.bounced_at, entry.written)
            for entry in self.entries
            for what in [decisions[entry.email]]
            if what.outcome == "new"
        ]
        return create_contacts(self.database, self.run.site.id, self.run.at, new)

    def _save(
        self, entries: list[Entry], decisions: dict[str, Decision], people: dict[str, Profile]
    ) -> dict[str, Save]:
        """What is saved with a record, by email. A new person's first one keeps the opt-in, even
        without a topic."""
        saves = {}
        for entry in entries:
            what, person = decisions[entry.email], people[entry.email]
            is_new = what.outcome == "new" and entry.kind != "cleaned"
            changes = [*what.effect.changes, *said_again(person.state, what.effect)]
            if changes or is_new or what.proves_phone:
                consent = self.run.consent(entry, what.effect, self.number)
                saves[entry.email] = Save(person, changes, consent)
        save_many(self.database, list(saves.values()))
        return saves

    def _effect(
        self,
        entry: Entry,
        what: Decision,
        profile: Profile,
        saved: Save | None,
        contact: Contact | None,
    ) -> Effect:
        """Stores what has no record, and tells what the run did."""
        revision = saved.revision if saved else profile.revision
        if contact is None:
            if what.effect.spoke is not None or what.effect.left is not None:
                note_times(self.database, profile.id, {}, what.effect.left, what.effect.spoke)
            return Effect(profile.id, True, 0, revision, None, what.bounced_at)
        note_times(self.database, profile.id, what.effect.times, what.effect.left)
        if what.roles != profile.roles:
            give_roles(self.database, profile.id, what.roles)
        if what.bounced_at is not None:
            mark_undeliverable(self.database, profile.id, entry.back_at, self.run.at)
        before = Before.of(contact) if what.counts else None
        return Effect(profile.id, False, profile.revision, revision, before, what.bounced_at)
