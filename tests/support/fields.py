"""A shop that declares fields, and what is kept of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from peewee import Database

from widget_backend.store.models_of_runs import FieldValue

FIELDS = """
[[fields]]
id = "city"
name = "City"
kind = "text"
[[fields]]
id = "spent"
name = "Spent this year"
kind = "number"
unit = "EUR"
lifespan_days = 365
[[fields]]
id = "born"
name = "Day of birth"
kind = "date"
[[fields]]
id = "member"
name = "Member"
kind = "yes_no"
[[fields]]
id = "country"
name = "Country"
kind = "text"
gives = "country"
"""

MAP = """
[fields]
"City" = "city"
"Spent" = "spent"
"""
HEADER = "Email Address,Status,OPTIN_TIME,City,Spent,Notes"
"""The columns of a list, of which the map names two."""


def declare_fields(site_file: Path) -> None:
    with site_file.open("a", encoding="utf-8") as text:
        text.write(FIELDS)


def values(fields: dict[str, Any]) -> dict[str, Any]:
    """Of the fields that an export tells, the values alone."""
    return {name: each["value"] for name, each in fields.items()}


def stored(database: Database) -> list[tuple[str, Any]]:
    """Every value, by run and field."""
    query = FieldValue.select(FieldValue.field, FieldValue.value).order_by(
        FieldValue.run, FieldValue.field
    )
    return list(query.tuples().execute(database))
