"""Numbers of entries: whose a number in a file is, and what that changes."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from peewee import Database

from widget_backend.address_hashes import of_number
from widget_backend.contacts.entry import Entry
from widget_backend.rules.later_words import Effect
from widget_backend.rules.state import Change, contact_subject
from widget_backend.site.model import Site
from widget_backend.store.contacts import Contact
from widget_backend.store.numbers import owners_of_customers


def clashing(
    database: Database, site: Site, entries: Sequence[Entry], contacts: Mapping[str, Contact]
) -> set[str]:
    """The customer numbers, told from every address, that lead to other people than the
    addresses beside them, or that would be the second number of somebody."""
    customers = {each.customer: each.email for each in entries if each.customer}
    owners = owners_of_customers(database, site.id, customers.keys()) if customers else {}
    several = set()
    for number, email in customers.items():
        contact = contacts.get(email)
        known = contact.profile.state.contact("customer") if contact else None
        theirs = contact.profile.id if contact else None
        if known not in {None, number} or owners.get(number, theirs) != theirs:
            several.add(_of_customer(number))
    return several


def _of_customer(number: str) -> str:
    """Told from every address."""
    return f"customer\n{number}"


def is_clashing(entry: Entry, suppressed_ones: Collection[str]) -> bool:
    """Whether its customer number is one of `clashing`."""
    return bool(entry.customer) and _of_customer(str(entry.customer)) in suppressed_ones


def with_numbers(
    entry: Entry, effect: Effect, contact: Contact | None, suppressed_ones: Collection[str]
) -> Effect:
    """The effect, and that the numbers are theirs now which are not kept out."""
    if entry.customer and not (contact and contact.profile.state.contact("customer")):
        effect = _with_detail(effect, "customer", None, entry.customer)
    if entry.phone and of_number(entry.phone) not in suppressed_ones:
        effect = _with_number(effect, entry.phone, contact)
    return effect


def proves_phone(entry: Entry, effect: Effect, contact: Contact | None) -> bool:
    """Whether the entry proves the number that is theirs after the effect, and nothing did yet."""
    if not entry.proves_phone or entry.phone is None:
        return False
    phone = contact_subject("phone")
    if any(change.subject == phone for change in effect.changes):
        return True
    is_theirs = contact is not None and contact.profile.state.phone == entry.phone
    return is_theirs and contact is not None and not {"phone"} & {*contact.fixed, *contact.proved}


def _with_number(effect: Effect, number: str, contact: Contact | None) -> Effect:
    """The effect, and that the number is theirs now, unless one is that no file replaces."""
    before = contact.profile.state.phone if contact else None
    if before == number or (contact and "phone" in contact.fixed):
        return effect
    return _with_detail(effect, "phone", before, number)


def _with_detail(effect: Effect, kind: str, before: str | None, after: str) -> Effect:
    change = Change(contact_subject(kind), before, after)
    return replace(effect, changes=(*effect.changes, change))
