"""0010: choices know the door they came through, as the ledger tells it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from peewee import Database
from playhouse.migrations import Runner

from widget_backend.store.changes import note_changes
from widget_backend.store.database import FOLDER, migrate, write_transaction
from widget_backend.store.models import OtherChange, Preference
from widget_backend.store.sqlite import SqliteFile

ON = {"on": True, "channel": "email", "frequency": "weekly"}
LEDGER = [
    ("k1", 1, "import", [["topic:offers", None, ON], ["topic:news", None, ON]]),
    ("k2", 1, "sign-up", [["topic:offers", None, ON]]),
    ("k1", 2, "hosted", [["language", None, "sq"], ["topic:offers", ON, {**ON, "on": False}]]),
    ("k1", 3, "widget", [["language", "sq", "ar"]]),
]
AT = 1_790_000_000


@pytest.fixture
def earlier(empty_database: Database) -> Database:
    """As version 0008 left it, with two people, and a choice of which no record is left."""
    if isinstance(empty_database, SqliteFile):
        empty_database.path.touch()
    with empty_database.connection_context(), write_transaction(empty_database):
        Runner(empty_database, str(FOLDER)).up("0008_reasons")
        _fill(empty_database)
    return empty_database


def _fill(database: Database) -> None:
    def insert(table: str, **row: Any) -> None:
        signs = ", ".join([database.param] * len(row))
        names = ", ".join(f'"{name}"' for name in row)
        database.execute_sql(f"INSERT INTO {table} ({names}) VALUES ({signs})", [*row.values()])

    for number in (1, 2):
        insert(
            "profile", site="shop", handle=f"h{number}", ledger_key=f"k{number}",
            pending=number == 2, revision=3, created_at=AT, generation=0,
        )  # fmt: skip
    for number, (key, revision, door, changes) in enumerate(LEDGER, 1):
        insert(
            "ledger", site="shop", profile_key=key, revision=revision, at=AT, door=door,
            wording="w", language="sq", digest="d",
        )  # fmt: skip
        insert("ledgervalue", ledger_id=number, salt="s", changes=json.dumps(changes))
    for profile, topic in ((1, "offers"), (1, "news"), (1, "old"), (2, "offers")):
        insert("preference", profile_id=profile, topic=topic, **ON, changed_at=AT)


def test_a_choice_has_the_door_of_the_last_record_about_it(earlier: Database) -> None:
    migrate(earlier)
    with earlier.connection_context():
        query = Preference.select(Preference.profile, Preference.topic, Preference.door)
        assert {tuple(row) for row in query.tuples().execute(earlier)} == {
            (1, "offers", "hosted"),
            (1, "news", "import"),
            (1, "old", None),
            (2, "offers", "sign-up"),
        }


def test_what_is_noted_afterwards_has_the_time_of_the_database(earlier: Database) -> None:
    migrate(earlier)
    with earlier.connection_context():
        with write_transaction(earlier):
            note_changes(earlier, [1, 2])
        (noted,) = OtherChange.select().execute(earlier)
        assert (noted.site, noted.profile_key) == ("shop", "k1")
        assert noted.at > AT
