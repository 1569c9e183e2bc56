"""Whom a command is about: ADDRESS on the command line, or on standard input."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path

from peewee import Database

from widget_backend.errors import FileRefused
from widget_backend.rules.email_addresses import email_address
from widget_backend.rules.phone_numbers import phone_number
from widget_backend.site.model import Site
from widget_backend.store.contacts import Contact, contacts_of, find_contacts, find_people
from widget_backend.store.numbers import find_numbers, owners_of_customers
from widget_backend.store.retention import DAY, SIGN_UPS_STAY
from widget_backend.store.sign_ups import unconfirmed_since

MOST_NAMED = 10
"""Keys of people who share a number, in the line that asks which of them is meant."""


def email_named(address: str, site_file: Path) -> str:
    """The address in its one spelling; `-` reads it from standard input, so that no shell keeps it.

    Raises FileRefused.
    """
    email = email_address(sys.stdin.readline() if address == "-" else address)
    if email is None:
        raise FileRefused(str(site_file), "ADDRESS: it is no email address", "give one, or -")
    return email


def person_named(database: Database, site: Site, email: str) -> Contact:
    """Whoever has this address. Raises FileRefused if nobody does."""
    contact = find_contacts(database, site.id, [email]).get(email)
    if contact is None:
        raise _waits_for_confirmation(database, site, email) or nobody_has_it(site.file)
    return contact


def typed_name(name: str) -> str:
    """What names a person; `-` reads it from standard input, so that no shell keeps it."""
    return (sys.stdin.readline() if name == "-" else name).strip()


def person_called(database: Database, site: Site, name: str) -> Contact:
    """Whoever has this email address, phone number, customer number or key, as exports call it.

    They are held until the transaction ends, in which this must stand. Raises FileRefused if
    nobody has it, or several people: nobody guesses which of them is meant.
    """
    people = [*_by_email(database, site, name)] if "@" in name else _by_number(database, site, name)
    keys = sorted({each.profile.ledger_key for each in people})
    if not keys:
        if waiting := _waits_for_confirmation(database, site, email_address(name)):
            raise waiting
        reason = "ADDRESS: nobody has this email address, phone number, customer number or key"
        raise FileRefused(str(site.file), reason, "see how it is written, and of which site")
    if len(keys) > 1:
        some = ", ".join(keys[:MOST_NAMED]) + (", …" if keys[MOST_NAMED:] else "")
        reason = f"ADDRESS: {len(keys):,} people have this number"
        raise FileRefused(str(site.file), reason, f"name one of them by their key: {some}")
    return people[0]


def _by_email(database: Database, site: Site, name: str) -> Iterable[Contact]:
    email = email_address(name)
    return find_contacts(database, site.id, [email], hold=True).values() if email else ()


def _waits_for_confirmation(
    database: Database, site: Site, email: str | None
) -> FileRefused | None:
    """Why nobody is found who has signed up: whose address it is, nobody knows yet."""
    since = unconfirmed_since(database, site.id, email) if email else None
    if since is None:
        return None
    day = site.local_day(since).isoformat()
    reason = f"ADDRESS: somebody signed up with it on {day} and has not confirmed it yet"
    days = SIGN_UPS_STAY // DAY
    cure = (
        f"let them press the link in our email, or sign up again; after {days} days it is deleted"
    )
    return FileRefused(str(site.file), reason, cure)


def _by_number(database: Database, site: Site, name: str) -> list[Contact]:
    """One number may be the customer number of one person and the phone number of another."""
    phone = phone_number(name, site.region)
    with_phone = find_numbers(database, site.id, [phone], hold=True).get(phone, []) if phone else []
    owners = owners_of_customers(database, site.id, [name])
    return [
        *find_people(database, site.id, [name]).values(),
        *(contacts_of(database, site.id, owners.values()).values() if owners else ()),
        *(each.contact for each in with_phone),
    ]


def nobody_has_it(site_file: Path) -> FileRefused:
    return FileRefused(str(site_file), "ADDRESS: nobody has it", "see how it is written")
