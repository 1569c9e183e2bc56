"""Rows to write, where it does not matter what they hold."""

from __future__ import annotations

from peewee import Database, Model

from widget_backend.store import (
    models,
    models_of_evidence,
    models_of_nobody,
    models_of_requests,
    models_of_runs,
    models_of_sending,
)
from widget_backend.store.models_of_nobody import Campaign

TABLES = [
    each
    for module in (
        models,
        models_of_evidence,
        models_of_nobody,
        models_of_requests,
        models_of_runs,
        models_of_sending,
    )
    for each in vars(module).values()
    if isinstance(each, type) and issubclass(each, Model) and each.__module__ == module.__name__
]


def add(database: Database, name: str) -> str:
    """Write one row. Raises IntegrityError when it is there."""
    row = {"site": "shop", "topic": "offers", "sentences": {}, "registered_at": 1}
    Campaign.insert(**row, name=name).execute(database)
    return name


def names(database: Database) -> list[str]:
    query = Campaign.select(Campaign.name).order_by(Campaign.name).tuples()
    return [name for (name,) in query.execute(database)]
