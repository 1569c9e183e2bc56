"""Decisions: what an entry of a file changes for a person, before anything is written.

An import and its dry run decide by the same functions.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Literal

from peewee import Database

from widget_backend.address_hashes import AddressHashes, of_number
from widget_backend.contacts.cures import with_remark
from widget_backend.contacts.entry import Entry
from widget_backend.contacts.entry_numbers import (
    clashing,
    is_clashing,
    proves_phone,
    with_numbers,
)
from widget_backend.contacts.field_columns import Values
from widget_backend.contacts.field_news import news_of, with_fields
from widget_backend.contacts.language_column import with_language
from widget_backend.contacts.mapping import TagMapping
from widget_backend.contacts.stated_consent import SAY_WHEN
from widget_backend.rules.copies import merge
from widget_backend.rules.later_words import Effect, Times, agree, leave, said_again, times_after
from widget_backend.rules.state import State, applied
from widget_backend.site.channels import Channel
from widget_backend.site.model import Site
from widget_backend.store.contact_details import Detail, with_details, with_typed
from widget_backend.store.contacts import Contact, find_contacts
from widget_backend.store.deliverability import is_news
from widget_backend.store.ledger import ConsentContext, no_wording
from widget_backend.store.profiles import Profile
from widget_backend.store.suppression import suppressed

Outcome = Literal[
    "new",
    "changed",
    "unchanged",
    "held back",
    "suppressed",
    "without consent",
    "clash",
    "kept out from now on",
]
"""Held back: a yes that changes nothing, for a no holds: a later one, a pause, fewer messages, or
leaving. Suppressed, without consent and clash: see REJECTED_BECAUSE."""
SUPPRESSED_BECAUSE = (
    "asked to be deleted, moved to another address here, or is on a list of people not to write to"
)
"""One reason for all, since only a hash of the address is kept."""
REJECTED_BECAUSE: dict[Outcome, str] = {
    "suppressed": SUPPRESSED_BECAUSE,
    "without consent": f"has a topic without the time when they agreed; {SAY_WHEN}",
    "clash": "has a customer number and an address that lead to different people here",
}
"""Why entries are rejected that have one of these outcomes."""
HEARD = "(what they asked not to get, or to get less of, counts)"
"""Stands behind the reason."""


@dataclass(frozen=True)
class ImportRun:
    """The options of one import, and what they make of an entry.

    `now` has a time zone. `hashes` recognise addresses of people who were erased, or who have moved
    to another address here: these are not imported. All subscribed people get the `topics`; people
    with a tag get what the `mapping` says. With `list_name`, the file is this operational list of
    the old system: people who unsubscribed from it leave only its topic. A run that `makes_people`
    not keeps out whom it does not know, so that no later import brings them in. A list of numbers
    is about what comes through one `channel`. `staff` is who imports, None if nobody says. `known`
    are columns of the row of the run: its file, platform and options. `details` are what the
    entries bring beside choices.
    """

    site: Site
    now: datetime
    hashes: AddressHashes
    topics: tuple[str, ...] = ()
    mapping: TagMapping = field(default_factory=TagMapping)
    list_name: str | None = None
    makes_people: bool = True
    channel: Channel | None = None
    staff: str | None = None
    known: Mapping[str, Any] = field(default_factory=lambda: {"file": "", "options": {}})
    details: frozenset[Detail] = frozenset()

    @property
    def list_topic(self) -> str | None:
        """The topic of the operational list; None if the file is not such a list."""
        return self.mapping.lists[self.list_name] if self.list_name else None

    @property
    def at(self) -> int:
        """Seconds since 1970."""
        return int(self.now.timestamp())

    def wanted(self, entry: Entry) -> list[str]:
        """The topics to which somebody agreed who is subscribed there."""
        topics = [*self.topics, *self.mapping.topics_of(entry.tags)]
        return topics + ([self.list_topic] if self.list_topic else [])

    def effect(self, entry: Entry, state: State, times: Times) -> Effect:
        """What an entry changes for a person in this state."""
        if entry.copy:
            return merge(self.site, state, times, entry.copy, self.now.date())
        if entry.kind == "unsubscribed":
            # That they are on a bare list is all that is known: they had left by now.
            at = entry.at if self.makes_people else self.at
            return leave(self.site, state, times, self.list_topic, at)
        if entry.kind == "cleaned":
            return Effect()
        wanted = self.wanted(entry)
        today = self.now.date()
        return agree(self.site, state, times, wanted, entry.at, today, entry.ground)

    def roles(self, entry: Entry, before: Sequence[str] = ()) -> tuple[str, ...]:
        """The person's roles before, and those of the entry's tags."""
        return tuple(dict.fromkeys((*before, *self.mapping.roles_of(entry.tags))))

    def undeliverable_at(self, entry: Entry) -> int | None:
        """When email to a contact bounced for good; now if that is unknown or still to come."""
        if not entry.is_back:
            return None
        return self.at if entry.back_at is None else min(entry.back_at, self.at)

    def consent(self, entry: Entry, effect: Effect, number: int) -> ConsentContext:
        """`number` is the run's."""
        wording = no_wording(self.site.id, self.site.source_language)
        of_list = {"list": self.list_name} if self.list_name else {}
        of_list |= {"channel": self.channel} if self.channel else {}
        evidence = {**entry.evidence, **of_list, "run": str(number)}
        return ConsentContext(
            self.at,
            "import",
            wording,
            evidence,
            said_there=effect.at,
            said_at_of=effect.times,
        )


@dataclass(frozen=True)
class Decision:
    """What an entry means for a person: the roles that they have then, and, if that is news, when
    mail came back, what the `fields` hold, and that it `proves_phone`, their number, to be theirs.
    The row is `refused` for this reason where only its noes count.
    """

    outcome: Outcome
    effect: Effect = field(default_factory=Effect)
    roles: tuple[str, ...] = ()
    bounced_at: int | None = None
    fields: Values = field(default_factory=dict)
    proves_phone: bool = False
    refused: str = ""

    @property
    def rejected_because(self) -> str:
        return REJECTED_BECAUSE.get(self.outcome) or self.refused

    @property
    def counts(self) -> bool:
        """Whether anything is stored of the entry, and be it a later time of what holds."""
        effect = self.effect
        is_news = self.outcome in {"new", "changed"}
        return is_news or bool(effect.times) or effect.left is not None


NOBODY = Profile(0, "", "", "", pending=False, revision=0, roles=(), state=State())
"""Who has said nothing, for whoever is not known yet."""


def look_up(
    database: Database, run: ImportRun, entries: Sequence[Entry], hold: bool = False
) -> tuple[dict[str, Contact], set[str]]:
    """Who is known by the addresses of the entries, and which of the others are suppressed; of the
    phone numbers of all entries, too, as `of_number` names them."""
    emails = [entry.email for entry in entries]
    contacts = find_contacts(database, run.site.id, emails, hold=hold)
    if any(entry.fields or entry.copy or entry.ground.basis for entry in entries):
        contacts = with_fields(database, run.site, run.at, contacts)
    # After find_contacts, so that nobody can be erased between the two queries.
    unknown = [each for each in emails if each not in contacts]
    numbers = {each.email: each.phone for each in entries if each.phone}
    names = [*unknown, *map(of_number, numbers.values())]
    out = suppressed(database, run.site.id, names, run.hashes)
    if run.details:
        contacts = with_details(database, contacts, run.details)
        contacts = with_typed(database, contacts, numbers)
        out |= clashing(database, run.site, entries, contacts)
    return contacts, out


def decide(
    run: ImportRun, entry: Entry, contact: Contact | None, suppressed_ones: Collection[str] = ()
) -> Decision:
    """What the entry means for the contact, or for an address by which nobody is known."""
    if contact is None and not run.makes_people:
        return Decision("unchanged" if entry.email in suppressed_ones else "kept out from now on")
    noes = entry.copy if entry.copy and entry.copy.refused else None
    if noes is None:
        decision = _decide(run, entry, contact, suppressed_ones)
        if entry.copy and decision.outcome == "without consent":
            noes = entry.copy.noes(decision.rejected_because, run.now.date())
        if noes is None:
            return decision
    if contact is None and noes.only_of_known:
        return Decision("unchanged", refused=noes.refused)
    entry = replace(entry, copy=noes, fields={}, tags=(), phone=None, customer=None)
    heard = _decide(run, entry, contact, suppressed_ones)
    return replace(heard, refused=with_remark(noes.refused, HEARD))


def _decide(
    run: ImportRun, entry: Entry, contact: Contact | None, suppressed_ones: Collection[str]
) -> Decision:
    known = contact.profile if contact else NOBODY
    effect = _effect(run, entry, contact, suppressed_ones)
    if outcome := _rejected(entry, contact, effect, suppressed_ones):
        return Decision(outcome, roles=known.roles)
    roles = run.roles(entry, known.roles)
    if contact is None:
        back_at, proof = run.undeliverable_at(entry), proves_phone(entry, effect, None)
        return Decision("new", effect, roles, back_at, entry.fields, proof)
    bounced_at, fields = _bounced_at(run, entry, contact), news_of(entry.fields, contact.fields)
    proof = proves_phone(entry, effect, contact)
    changes = [*effect.changes, *said_again(known.state, effect)]
    if changes or roles != known.roles or bounced_at is not None or fields or proof:
        return Decision("changed", effect, roles, bounced_at, fields, proof)
    is_held_back = _is_held_back(run, entry, known.state)
    return Decision("held back" if is_held_back else "unchanged", effect, roles)


def _rejected(
    entry: Entry, contact: Contact | None, effect: Effect, suppressed_ones: Collection[str]
) -> Outcome | None:
    """One of those of REJECTED_BECAUSE; None if the entry is not rejected."""
    if contact is None and entry.email in suppressed_ones:
        return "suppressed"
    if is_clashing(entry, suppressed_ones):
        return "clash"
    return "without consent" if entry.copy and entry.copy.lacks_consent(effect) else None


def _effect(
    run: ImportRun, entry: Entry, contact: Contact | None, suppressed_ones: Collection[str]
) -> Effect:
    """What the entry changes, with the language and the numbers that are not kept out."""
    known = contact.profile if contact else NOBODY
    effect = run.effect(entry, known.state, contact.times if contact else Times())
    return with_language(entry, with_numbers(entry, effect, contact, suppressed_ones), contact)


def _bounced_at(run: ImportRun, entry: Entry, contact: Contact) -> int | None:
    at = run.undeliverable_at(entry)
    known = (contact.undeliverable_at, contact.reached_at)
    return at if at is not None and is_news(*known, entry.back_at, run.at) else None


def _is_held_back(run: ImportRun, entry: Entry, state: State) -> bool:
    """Whether a yes has no effect, though the topic does not come."""
    if entry.copy:
        return entry.copy.is_held_back(state, run.now.date())
    if entry.kind != "subscribed":
        return False
    wanted = [each for each in run.wanted(entry) if run.site.topic(each)]
    is_off = state.reach == "off"
    return any(is_off or not state.is_subscribed(each) for each in wanted)


def contact_after(run: ImportRun, entry: Entry, before: Contact | None, what: Decision) -> Contact:
    """The person as they are once the decision is stored."""
    before = before or unknown_contact(run, entry)
    person, effect = before.profile, what.effect
    state = applied(person.state, effect.changes)
    bounced_at = what.bounced_at
    return before._replace(
        profile=person._replace(state=state, roles=what.roles),
        times=times_after(before.times, effect),
        fields={**before.fields, **what.fields},
        undeliverable=before.undeliverable or bounced_at is not None,
        undeliverable_at=before.undeliverable_at if bounced_at is None else bounced_at,
        proved=before.proved | ({"phone"} if what.proves_phone else set()),
    )


def unknown_contact(run: ImportRun, entry: Entry) -> Contact:
    """Somebody who is not stored yet."""
    return Contact(NOBODY._replace(site=run.site.id), entry.email, undeliverable=False)
