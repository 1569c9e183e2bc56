"""What a file tells of fields that is not known yet."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from peewee import Database

from widget_backend.contacts.field_columns import Values
from widget_backend.site.filters import Value
from widget_backend.site.model import Site
from widget_backend.store.changes import note_changes
from widget_backend.store.contacts import Contact
from widget_backend.store.field_values import keep_values, values_now
from widget_backend.store.profiles import Profile


def with_fields(
    database: Database, site: Site, now: int, contacts: Mapping[str, Contact]
) -> dict[str, Contact]:
    """The same contacts, and what holds of their fields now; one query for all."""
    ids = [contact.profile.id for contact in contacts.values()]
    values = values_now(database, site, ids, now)
    return {
        email: contact._replace(fields=values.get(contact.profile.id, {}))
        for email, contact in contacts.items()
    }


def news_of(values: Values, known: Mapping[str, Value]) -> Values:
    """Those that differ from what is known. The same value once more is no news."""
    return {name: value for name, value in values.items() if known.get(name) != value}


def keep_news(
    database: Database,
    number: int,
    news: Mapping[str, Values],
    people: Mapping[str, Profile],
    known: Collection[str],
) -> None:
    """Keep what a run brought, by email. Who was not `known` before is news already.

    Must stand in a transaction.
    """
    keep_values(database, number, {people[email].id: each for email, each in news.items()})
    if changed := [people[email].id for email in news if email in known]:
        note_changes(database, changed)
