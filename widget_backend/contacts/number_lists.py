"""Lists of phone numbers to which nothing is to be sent: as those of addresses, for one channel.

A number may be of several people, and each of them leaves the channel. A number of nobody is kept
out as a hash.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from peewee import Database

from widget_backend.address_hashes import of_number
from widget_backend.contacts.batches import in_batches
from widget_backend.contacts.csv_output import Rejects
from widget_backend.contacts.csv_reader import CsvFile, CsvRow
from widget_backend.contacts.decisions import Decision, ImportRun
from widget_backend.contacts.dry_run import AT_ONCE
from widget_backend.contacts.entries import PlatformFile
from widget_backend.contacts.entry import Entry
from widget_backend.contacts.imports import ImportResult, Step, import_file
from widget_backend.contacts.mapping import UnknownTags
from widget_backend.contacts.pace import Pace
from widget_backend.contacts.platform import Platform
from widget_backend.contacts.tally import Tally
from widget_backend.rules.later_words import leave_channel
from widget_backend.rules.phone_numbers import phone_number
from widget_backend.store.deliverability import is_news, mark_undeliverable
from widget_backend.store.numbers import NumberOfContact, find_numbers
from widget_backend.store.run_effects import Before, Effect, record_effects
from widget_backend.store.saves import save_in_transaction
from widget_backend.store.suppression import suppressed

Owners = Mapping[str, Sequence[NumberOfContact]]


class NumberFile(PlatformFile):
    """A file of phone numbers. `region` is of those that have no country code."""

    named_by = "phone number"

    def __init__(self, csv_file: CsvFile, platform: Platform, region: str) -> None:
        super().__init__(csv_file, platform)
        self._region = region

    def _entry(self, row: CsvRow) -> Entry | str:
        if row.problem:
            return row.problem
        cell = row[self.csv_file.address]
        number = phone_number(cell, self._region)
        if not number:
            return "is not a phone number that can be read" if cell else "has no phone number"
        assert self.kind
        evidence = {"file": self.csv_file.path.name, "kind": self.kind}
        return Entry(row.line, number, self.kind, (), evidence, row=row)


def look_up_numbers(
    database: Database, run: ImportRun, entries: Sequence[Entry], hold: bool = False
) -> tuple[Owners, set[str]]:
    """Who has the numbers of the entries, and which of the others are suppressed."""
    numbers = [entry.email for entry in entries]
    owners = find_numbers(database, run.site.id, numbers, hold)
    unknown = {of_number(each): each for each in numbers if each not in owners}
    out = suppressed(database, run.site.id, list(unknown), run.hashes)
    return owners, {unknown[each] for each in out}


def decide_number(
    run: ImportRun, entry: Entry, owner: NumberOfContact | None, out: Collection[str]
) -> Decision:
    """What the entry means for somebody who has the number, or for a number of nobody."""
    if owner is None:
        return Decision("unchanged" if entry.email in out else "kept out from now on")
    person = owner.contact.profile
    if entry.is_back:
        is_new = is_news(owner.undeliverable_at, owner.reached_at, None, run.at)
        bounced_at = run.at if is_new else None
        return Decision("changed" if is_new else "unchanged", bounced_at=bounced_at)
    assert run.channel
    # That they are on the list is all that is known: they had left by now.
    effect = leave_channel(person.state, owner.contact.times, run.channel, run.at)
    return Decision("changed" if effect.changes else "unchanged", effect)


def _of_all(run: ImportRun, entry: Entry, owners: Owners, out: Collection[str]) -> Decision:
    """The decision that a report counts: whether anybody changes."""
    theirs: Sequence[NumberOfContact | None] = owners.get(entry.email) or [None]
    decisions = [decide_number(run, entry, owner, out) for owner in theirs]
    return next((each for each in decisions if each.outcome == "changed"), decisions[0])


@dataclass(frozen=True)
class NumberStep(Step):
    """One transaction of an import of numbers."""

    def store(self, pace: Pace) -> dict[str, Decision]:
        """What was decided of each entry, by number. Must run in a transaction."""
        with pace.work():
            owners, out = look_up_numbers(self.database, self.run, self.entries, hold=True)
            decisions = {each.email: _of_all(self.run, each, owners, out) for each in self.entries}
            self.note_progress(decisions)
            strangers = {of_number(each) for each in decisions.keys() - owners.keys()}
            self.keep_out(strangers, {of_number(each) for each in out})
            effects = [
                self._store_owner(entry, owner)
                for entry in self.entries
                for owner in owners.get(entry.email, ())
            ]
            record_effects(self.database, self.number, effects)
            return decisions

    def _store_owner(self, entry: Entry, owner: NumberOfContact) -> Effect:
        run, contact = self.run, owner.contact
        profile, what = contact.profile, decide_number(run, entry, owner, ())
        revision = profile.revision
        if what.effect.changes:
            consent = run.consent(entry, what.effect, self.number)
            revision = save_in_transaction(self.database, profile, what.effect.changes, consent)
        if what.bounced_at is not None:
            mark_undeliverable(self.database, profile.id, None, run.at, "phone")
        is_back = owner.undeliverable_at is not None
        before = replace(
            Before.of(contact),
            undeliverable=is_back,
            undeliverable_at=owner.undeliverable_at,
            kind="phone",
        )
        kept = before if what.counts else None
        return Effect(profile.id, False, profile.revision, revision, kept, what.bounced_at)


def import_numbers(
    database: Database,
    run: ImportRun,
    export: PlatformFile,
    rejects: Rejects,
    after_each: Callable[[], object] = lambda: None,
) -> ImportResult:
    """The same as `import_file`, for a file of numbers."""
    return import_file(database, run, export, rejects, after_each, NumberStep)


def try_numbers(
    database: Database,
    run: ImportRun,
    export: PlatformFile,
    rejects: Rejects,
    after_each: Callable[[], object] = lambda: None,
) -> ImportResult:
    """What `import_numbers` would return, with nothing written."""
    tally = Tally()
    for entry, decision in _tried(database, run, export.entries(rejects), after_each):
        tally.add(entry, decision)
    return ImportResult(tally, UnknownTags(run.mapping))


def _tried(
    database: Database,
    run: ImportRun,
    entries: Iterator[Entry],
    after_each: Callable[[], object],
) -> Iterator[tuple[Entry, Decision]]:
    for batch in in_batches(entries, AT_ONCE):
        owners, out = look_up_numbers(database, run, batch)
        yield from ((entry, _of_all(run, entry, owners, out)) for entry in batch)
        after_each()
