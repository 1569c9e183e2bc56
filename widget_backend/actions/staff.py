"""What the staff do for one person, who can see it: each use is kept, with who asked for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Literal, NamedTuple, TypeVar

from peewee import Database

from widget_backend.actions.may_send import outlook
from widget_backend.actions.notify import Notifier, by_person
from widget_backend.actions.recover_link import in_language_of, link_message
from widget_backend.errors import PersonRefused
from widget_backend.rules.decision import Decision
from widget_backend.rules.later_words import said_again
from widget_backend.rules.state import Change, Reach, applied
from widget_backend.rules.wishes import Person, Refusal, Wish, chosen_already, judge
from widget_backend.site.model import Site
from widget_backend.store import deliverability
from widget_backend.store.contacts import Contact
from widget_backend.store.ledger import ConsentContext, no_wording
from widget_backend.store.outbox import note_first_link
from widget_backend.store.profiles import revoke_links
from widget_backend.store.saves import save_in_transaction
from widget_backend.store.staff_uses import Use, note_use
from widget_backend.store.times import note_times
from widget_backend.store.writing import write

T = TypeVar("T")
Find = Callable[[], Contact]
"""Finds the person, and holds them until the transaction ends."""

Kind = Literal["email", "phone", "post"]
KINDS: dict[Kind, str] = {
    "email": "email address",
    "phone": "phone number",
    "post": "postal address",
}


def for_person(database: Database, find: Find, use: Use, action: Callable[[Contact], T]) -> T:
    """Do something about a person, and keep who did it: neither stands without the other.

    `action` may refuse before it writes. Why it does tells what is held, so that this is a look.
    """

    def run() -> T | PersonRefused:
        person = find()
        try:
            result = action(person)
        except PersonRefused as refused:
            note_use(database, person.profile, use._replace(what="looked"))
            return refused
        note_use(database, person.profile, use)
        return result

    result = write(database, run)
    if isinstance(result, PersonRefused):
        raise result
    return result


def look(database: Database, find: Find, at: int, staff: str) -> Contact:
    """The person, for somebody of the staff who wants to see what is held of them."""
    return for_person(database, find, Use("looked", at, staff), lambda person: person)


def make_link(notifier: Notifier, find: Find, staff: str) -> str:
    """The address of a new link to the person's choices, in their own language.

    It is not mailed, so that whoever uses it does not show that mail arrives.
    """
    database, now = notifier.context.database, notifier.context.now

    def make(person: Contact) -> str:
        note_first_link(database, person.profile.handle, now)
        theirs = in_language_of(notifier, person.profile)
        return theirs.preferences_link(person.profile, by_hand=True)

    return for_person(database, find, Use("made link", now, staff), make)


def mail_link(notifier: Notifier, find: Find, staff: str) -> None:
    """Email a new link to the address on file. Raises PersonRefused if there is none."""
    database, now = notifier.context.database, notifier.context.now

    def mail(person: Contact) -> None:
        if not person.email:
            cure = "make the link without --mail, and tell them how to open it"
            raise PersonRefused(("ADDRESS", "they have no email address", cure))
        theirs = in_language_of(notifier, person.profile)
        message = link_message(theirs, "preferences", person.email, person.profile)
        theirs.send(message, by_person(person.profile))

    for_person(database, find, Use("mailed link", now, staff), mail)


def end_links(database: Database, find: Find, at: int, staff: str) -> None:
    """End the links that were mailed, except those that unsubscribe; newer mail has new ones."""
    for_person(
        database,
        find,
        Use("ended links", at, staff),
        lambda person: revoke_links(database, person.profile),
    )


def mark_undeliverable(database: Database, find: Find, kind: Kind, at: int, staff: str) -> bool:
    """Note that what is sent to them comes back; whether that is news.

    Raises PersonRefused if they have no such address.
    """

    def mark(person: Contact) -> bool:
        if kind not in person.addresses:
            reason, cure = f"they have no {KINDS[kind]}", "see what they have with contact"
            raise PersonRefused(("ADDRESS", reason, cure))
        return deliverability.mark_undeliverable(database, person.profile.id, at, at, kind)

    return for_person(database, find, Use("undeliverable", at, staff), mark)


class Kept(NamedTuple):
    """What a wish changed, what it brings that was chosen already, what of it was refused, what
    holds above all topics after it, and whether a message of each topic may go to them then."""

    changes: Sequence[Change]
    chosen_already: Sequence[Change]
    refusals: Sequence[Refusal]
    reach: Reach
    outlook: Mapping[str, Decision]


def record_wish(
    database: Database, site: Site, find: Find, wish: Wish, at: int, staff: str
) -> Kept:
    """Keep what somebody says on the phone.

    What only ends something is saved whatever else is refused. The consent record tells whom of the
    staff they spoke to, also where nothing changes, so that no other use is kept.
    """
    evidence = {"how": f"by phone, to {staff}", **({"words": wish.words} if wish.words else {})}
    wording = no_wording(site.id, site.source_language)
    consent = ConsentContext(at, "phone", wording, evidence)

    def record() -> Kept:
        contact = find()
        profile = contact.profile
        person = Person(profile.state, contact.times, profile.roles, contact.addresses)
        today = site.local_time(at).date()
        effect, refusals = judge(site, person, wish, at, today)
        if effect.changes or effect.times or not refusals:
            said_then = replace(consent, said_there=effect.at)
            changes = [*effect.changes, *said_again(profile.state, effect)]
            save_in_transaction(database, profile, changes, said_then)
            note_times(database, profile.id, effect.times, effect.left)
        else:  # why it was refused tells what is held of them
            note_use(database, profile, Use("looked", at, staff))
        state = applied(profile.state, effect.changes)
        return Kept(
            effect.changes,
            [] if refusals else chosen_already(state, wish, effect.changes),
            refusals,
            state.overall_on(today)["reach"],
            outlook(database, site, profile.id, at),
        )

    return write(database, record)
