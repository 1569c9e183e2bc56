"""Whom a command is about: ADDRESS on the command line, or on standard input."""

from __future__ import annotations

import sys
from pathlib import Path

from peewee import Database

from widget_backend.errors import FileRefused
from widget_backend.rules.email_addresses import email_address
from widget_backend.site.model import Site
from widget_backend.store.contacts import Contact, find_contacts


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
        raise nobody_has_it(site.file)
    return contact


def nobody_has_it(site_file: Path) -> FileRefused:
    return FileRefused(str(site_file), "ADDRESS: nobody has it", "see how it is written")
