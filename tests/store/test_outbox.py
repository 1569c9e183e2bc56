"""The outbox: what is due is found by its time, and looking for it locks nobody out."""

from __future__ import annotations

import re

import pytest
from peewee import Database, SqliteDatabase
from playhouse.migrations import Runner

from widget_backend.store.database import FOLDER, migrate, open_database
from widget_backend.store.models import Job
from widget_backend.store.outbox import (
    OutgoingMessage,
    claim_due,
    enqueue,
    give_back,
    retry_later,
)

AT = 1_800_000_000
FINISHED = 2_000


def message(to: str) -> OutgoingMessage:
    address = f"{to}@example.com"
    return OutgoingMessage("shop", "code", address, f"To: {address}\r\n\r\nKodi\r\n", about=to)


def finish_many(database: Database) -> None:
    rows = [{"kind": "code", "queued_at": AT, "done_at": AT} for _ in range(100)]
    for _ in range(FINISHED // 100):
        Job.insert_many(rows).execute(database)
    database.execute_sql("ANALYZE job")


class Explaining:
    """Has the database say how it would answer what is asked of it."""

    def __init__(self, database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
        self.plans: dict[str, str] = {}
        self.database, self.ask = database, database.execute_sql
        monkeypatch.setattr(database, "execute_sql", self.explain)

    def explain(self, sql: str, params: object = None) -> object:
        if re.search('"job"', sql):
            explain = "EXPLAIN QUERY PLAN" if self.is_sqlite else "EXPLAIN"
            rows = self.ask(f"{explain} {sql}", params).fetchall()
            self.plans[sql] = "\n".join(str(row[-1]) for row in rows)
        return self.ask(sql, params)

    @property
    def is_sqlite(self) -> bool:
        return isinstance(self.database, SqliteDatabase)


def test_every_question_about_what_is_due_is_answered_from_the_index_of_times(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    finish_many(database)
    for name in ("arta", "blerim"):
        enqueue(database, message(name), AT)
    explaining = Explaining(database, monkeypatch)
    assert len(claim_due(database, AT)) == 2
    asked = [
        plan for sql, plan in explaining.plans.items() if "due_at" in sql and "IN (" not in sql
    ]
    assert len(asked) == 3  # whether any is due, which were pretended, which they are
    for plan in asked:
        assert "job_due" in plan
        assert ("SEARCH" if explaining.is_sqlite else "Index") in plan
        assert "TEMP B-TREE" not in plan
        assert not re.search("SCAN (?!CONSTANT ROW)", plan)
        assert "Seq Scan" not in plan


def test_what_is_due_first_goes_first(database: Database) -> None:
    for name, at in {"arta": AT + 2, "blerim": AT + 1, "dea": AT + 1, "ela": AT + 9}.items():
        enqueue(database, message(name), at)
    names = [each.recipient.partition("@")[0] for each in claim_due(database, AT + 5)]
    assert names == ["blerim", "dea", "arta"]


def test_who_was_put_off_does_not_stand_before_who_waits_longer(database: Database) -> None:
    enqueue(database, message("arta"), AT)
    (arta,) = claim_due(database, AT)
    retry_later(database, arta, AT + 60)
    enqueue(database, message("blerim"), AT + 30)
    (first,) = claim_due(database, AT + 60, most=1)
    assert first.recipient == "blerim@example.com"


def test_what_was_taken_and_not_tried_is_due_again(database: Database) -> None:
    for name in ("arta", "blerim"):
        enqueue(database, message(name), AT)
    first, second = claim_due(database, AT)
    give_back(database, [second])
    assert claim_due(database, AT + 1) == [second]
    assert first.attempts == second.attempts == 0
    give_back(database, [])


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_looking_where_nothing_is_due_waits_for_no_writer(
    database: Database, database_url: str
) -> None:
    finish_many(database)
    other = open_database(database_url)
    with other.connection_context(), other.atomic("IMMEDIATE"):
        assert claim_due(database, AT) == []


def test_messages_that_waited_before_the_tables_changed_still_go(empty_database: Database) -> None:
    if isinstance(empty_database, SqliteDatabase):
        open(empty_database.database, "w").close()
    with empty_database.connection_context():
        Runner(empty_database, str(FOLDER)).up("0003_codes_by_link")
        empty_database.execute_sql(
            "INSERT INTO outbox (kind, recipient, message, queued_at, next_at, attempts) "
            f"VALUES ('code', 'arta@example.com', 'Kodi', {AT}, {AT}, 0)"
        )
    migrate(empty_database)
    with empty_database.connection_context():
        assert [each.recipient for each in claim_due(empty_database, AT)] == ["arta@example.com"]
