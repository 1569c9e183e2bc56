"""Exports: everyone's current choices as CSV, with one column for each topic."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import TextIO

from peewee import Database

from widget_backend.contacts.csv_output import csv_writer
from widget_backend.contacts.formula_guard import escape_formula
from widget_backend.rules.state import Preference, Reach
from widget_backend.site.model import CONTACT_COLUMNS, Site
from widget_backend.store.contacts import Contact, all_contacts
from widget_backend.store.profiles import held_topics

STATUS_OF_REACH: dict[Reach, str] = {
    "as_chosen": "subscribed",
    "less": "less",
    "paused": "paused",
    "off": "unsubscribed",
}
"""The overall choice in the words of mail platforms; see also `status`."""


def write_choices(
    database: Database,
    site: Site,
    today: date,
    text: TextIO,
    after_each: Callable[[int], object] = lambda _: None,
) -> int:
    """Write the choices of all people who are not pending, oldest profile first; returns how many.

    A topic's cell is empty (never chosen), “off”, or channel and frequency (`email weekly`),
    whatever the overall choice is.
    """
    writer = csv_writer(text)
    writer.writerow([*CONTACT_COLUMNS, *(topic.id for topic in site.topics)])
    count = 0
    for contacts in all_contacts(database, site.id):
        writer.writerows(map(escape_formula, _cells(contact, site, today)) for contact in contacts)
        count += len(contacts)
        after_each(len(contacts))
    return count


def _cells(contact: Contact, site: Site, today: date) -> Iterator[str]:
    state = contact.profile.state
    overall = state.overall_on(today)
    yield contact.written or contact.email or ""
    yield state.language or ""
    yield status(contact, overall["reach"])
    yield overall["until"] or ""
    for topic in site.topics:
        yield _choice(state.preference(topic.id))


def status(contact: Contact, reach: Reach) -> str:
    """One word for whether email goes out. A person's own “no” counts more than a bounce."""
    if contact.undeliverable and reach != "off":
        return "undeliverable"
    return STATUS_OF_REACH[reach]


def _choice(preference: Preference | None) -> str:
    if preference is None:
        return ""
    return f"{preference['channel']} {preference['frequency']}" if preference["on"] else "off"


def removed_topics(database: Database, site: Site) -> dict[str, int]:
    """Topics that the site file no longer declares, with how many people still have each."""
    counts = held_topics(database, site.id)
    return {name: count for name, count in sorted(counts.items()) if site.topic(name) is None}
