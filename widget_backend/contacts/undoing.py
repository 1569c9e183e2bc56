"""Undoing a run: whom it touched goes back to what held before, unless something was said since."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Literal

from peewee import Database

from widget_backend.calling import calling
from widget_backend.contacts.pace import Pace, pace_for
from widget_backend.errors import RunRefused
from widget_backend.rules.state import Change, inverse, squash
from widget_backend.site.model import Site
from widget_backend.store.contacts import Contact, contacts_of
from widget_backend.store.erasure import forget
from widget_backend.store.field_values import take_back_values
from widget_backend.store.ledger import ConsentContext, no_wording, records
from widget_backend.store.numbers import take_back_proofs
from widget_backend.store.roles import give_roles
from widget_backend.store.run_effects import (
    Before,
    Effect,
    bind_earlier,
    drop_effects,
    effects_of,
    later_runs,
    linked_people,
    people_of,
    restore_deliverability,
)
from widget_backend.store.runs import Run, begin_undo, end_undo, find_run
from widget_backend.store.saves import save_in_transaction
from widget_backend.store.suppression import lift_some
from widget_backend.store.times import restore_times
from widget_backend.store.writing import write

Undone = Literal["restored", "deleted", "left", "let in again"]
"""What became of whom the run names. Let in again: strangers whom the run kept out."""

SPOKE_SINCE = "said or saved something here after the import"


@dataclass(frozen=True)
class Left:
    """Somebody who stays as they are, and why. `email` is None for somebody without one."""

    email: str | None
    reason: str


@dataclass
class Undoing:
    """One run that is being undone by `staff`. `now` has a time zone."""

    database: Database
    site: Site
    number: int
    staff: str
    now: datetime
    outcomes: Counter[Undone] = field(default_factory=Counter)

    @property
    def at(self) -> int:
        """Seconds since 1970."""
        return int(self.now.timestamp())

    def begin(self) -> Run:
        """From now on the run writes no more. Raises RunRefused unless it may be undone.

        It may be undone again for those who were left because of a later run that is undone by now.
        """
        run = find_run(self.database, self.number)
        listed = calling(f"runs {self.site.file}")
        if run is None:
            raise RunRefused(self.number, "there is no such run", f"see those there are: {listed}")
        if run.site != self.site.id:
            reason = f"it is of the site “{run.site}”, not of “{self.site.id}”"
            raise RunRefused(self.number, reason, "name the site file of that site")
        if run.undone_at is not None and not people_of(self.database, self.number, 0, 1):
            day = f"{self.site.local_time(run.undone_at):%Y-%m-%d}"
            reason = f"it was undone on {day} by {run.undo_staff}"
            raise RunRefused(self.number, reason, "to have it back, import the file again")
        if run.undo_began_at is None and run.is_going(self.at):
            cure = "wait until it is over; if it was killed, undo it in a minute"
            raise RunRefused(self.number, "it is still going", cure)
        begin_undo(self.database, self.number, self.staff, self.at)
        return run

    def undo(
        self,
        leave: Callable[[Left], object],
        after_each: Callable[[int], object] = lambda _: None,
        pace: Pace | None = None,
    ) -> Counter[Undone]:
        """Undo it for everybody, in durable transactions of several people.

        Who stays as they are is given to `leave`. `after_each` gets the number of people of each
        transaction. After an interruption, doing it again completes it.
        """
        pace = pace or pace_for(self.database)
        for people in self._batches(pace):
            step = _Step(self, people)
            with pace.turn():
                outcomes, left = write(self.database, partial(step.undo, pace))
            self.outcomes.update(outcomes)
            for each in left:
                leave(each)
            after_each(len(people))
        self._let_in_again(pace)
        end_undo(self.database, self.number, self.at)
        return self.outcomes

    def _batches(self, pace: Pace) -> Iterator[list[int]]:
        after = 0
        while people := people_of(self.database, self.number, after, pace.size):
            yield people
            after = people[-1]

    def _let_in_again(self, pace: Pace) -> None:
        """Strangers whom the run kept out, if nothing else keeps them out."""

        def lift() -> int:
            with pace.work():
                return lift_some(self.database, self.number, pace.size)

        lifted = 1
        while lifted:
            with pace.turn():
                lifted = write(self.database, lift)
            self.outcomes["let in again"] += lifted


@dataclass(frozen=True)
class _Step:
    """One transaction of an undo, for these people."""

    undoing: Undoing
    people: list[int]

    def undo(self, pace: Pace) -> tuple[Counter[Undone], list[Left]]:
        """What became of them, and who is left. Must run in a transaction."""
        undoing, people = self.undoing, self.people
        with pace.work():
            contacts = contacts_of(undoing.database, undoing.site.id, people)
            # After contacts_of, which holds them: another undo of the run may have been first.
            effects = effects_of(undoing.database, undoing.number, people)
            later = later_runs(undoing.database, undoing.number, people)
            linked = linked_people(undoing.database, [p for p, e in effects.items() if e.is_new])
            left: list[Left] = []
            gone: dict[int, str] = {}
            restored = []
            for profile, effect in effects.items():
                contact = contacts[profile]
                if reason := _reason_to_leave(effect, contact, later.get(profile)):
                    left.append(Left(contact.written or contact.email, reason))
                elif effect.is_new and profile not in linked:
                    gone[profile] = contact.profile.ledger_key
                else:
                    self._restore(effect, contact)
                    restored.append(profile)
            take_back_values(undoing.database, undoing.number, restored)
            take_back_proofs(undoing.database, undoing.number, restored)
            drop_effects(undoing.database, undoing.number, restored)
            forget(undoing.database, gone)
            outcomes: Counter[Undone] = Counter(
                {"restored": len(restored), "deleted": len(gone), "left": len(left)}
            )
            return outcomes, left

    def _restore(self, effect: Effect, contact: Contact) -> None:
        """Choices by a new record; times and roles, which have none, as the run found them."""
        database, person = self.undoing.database, contact.profile
        before = effect.before or (Before() if effect.is_new else None)
        changes = self._changes(effect, contact)
        if changes:
            revision = save_in_transaction(database, person, changes, self._consent())
            bind_earlier(database, effect, revision)
        if before:
            restore_times(database, person.id, before.times)
            if before.roles != person.roles:
                give_roles(database, person.id, before.roles)
        if effect.bounced_at is not None:
            restore_deliverability(database, effect)

    def _changes(self, effect: Effect, contact: Contact) -> list[Change]:
        """The run's changes the other way round. A topic is turned on only if it turned it off. A
        yes that the run only brought again is taken back as well, so that the earlier one holds."""
        if effect.revision == effect.revision_before:
            return []
        theirs = records(
            self.undoing.database,
            contact.profile.ledger_key,
            effect.revision_before,
            contact.profile.revision,
        )
        run = str(self.undoing.number)
        again = {
            change.subject: change
            for record in theirs
            if record.evidence.get("run") == run
            for change in record.changes
            if change.before == change.after
        }
        sums = squash(change for record in theirs for change in record.changes)
        return inverse({**again, **{each.subject: each for each in sums}}.values())

    def _consent(self) -> ConsentContext:
        site = self.undoing.site
        evidence = {"undone run": str(self.undoing.number), "by": self.undoing.staff}
        wording = no_wording(site.id, site.source_language)
        return ConsentContext(self.undoing.at, "staff", wording, evidence)


def _reason_to_leave(effect: Effect, contact: Contact, later: int | None) -> str:
    """Why somebody stays as they are; empty if nothing was said of them since the run."""
    if later is not None:
        return f"a later import names them, too: undo run {later}, then this one again"
    return "" if effect.revision == contact.profile.revision else SPOKE_SINCE
