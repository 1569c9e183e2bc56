"""Topics that people have and a site file no longer declares, perhaps by a slip in an id."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import click
from peewee import Database

from widget_backend.contacts.exports import removed_topics
from widget_backend.errors import MigrationDue, Mistake, SettingInvalid
from widget_backend.site.model import Site

UNSEEN = "what people have was not looked up"


def missed_topics(site: Site, database: Database) -> Iterator[Mistake]:
    """A finding for each such topic, with how many people have it.

    Reads all choices: for 100,000 people with six topics each this takes a fifth of a second on
    SQLite, and twice as long on PostgreSQL.
    """
    for topic, people in removed_topics(database, site).items():
        who = f"{people:,} people have" if people > 1 else "1 person has"
        reason = f"is no longer declared, and {who} it. Their choice stays in the ledger"
        cure = "declare it again to show it and let them change it"
        yield Mistake(str(site.file), f"topics.{topic}", reason, cure)


@contextmanager
def warning_if_unseen() -> Iterator[None]:
    """The block looks into the database of the settings. If it cannot, a warning says why."""
    try:
        yield
    except SettingInvalid as error:
        is_empty = isinstance(error, MigrationDue) and error.is_empty
        if not is_empty:  # in an empty database nobody has a topic
            click.echo(f"warning: {UNSEEN}: {error}", err=True)
