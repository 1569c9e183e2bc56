"""The outbox: what is due is found by its time, and looking for it locks nobody out."""

from __future__ import annotations

import re

import pytest
from peewee import Database, SqliteDatabase
from playhouse.migrations import Runner

from widget_backend.store.database import FOLDER, migrate, open_database
from widget_backend.store.models import Outbox
from widget_backend.store.outbox import Letter, give_back, post, put_off, take

AT = 1_800_000_000
SETTLED = 2_000


def letter(to: str) -> Letter:
    return Letter("shop", "code", f"{to}@example.com", f"To: {to}@example.com\r\n\r\nKodi\r\n")


def settle_many(database: Database) -> None:
    rows = [{"kind": "code", "queued_at": AT, "sent_at": AT} for _ in range(100)]
    for _ in range(SETTLED // 100):
        Outbox.insert_many(rows).execute(database)
    database.execute_sql("ANALYZE outbox")


class Explaining:
    """Has the database say how it would answer what is asked of it."""

    def __init__(self, database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
        self.plans: dict[str, str] = {}
        self.database, self.ask = database, database.execute_sql
        monkeypatch.setattr(database, "execute_sql", self.explain)

    def explain(self, sql: str, params: object = None) -> object:
        if re.search("outbox", sql):
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
    settle_many(database)
    for name in ("arta", "blerim"):
        post(database, letter(name), AT)
    explaining = Explaining(database, monkeypatch)
    assert len(take(database, AT)) == 2
    asked = [plan for sql, plan in explaining.plans.items() if "next_at" in sql and "IN" not in sql]
    assert len(asked) == 3  # whether any is due, which were pretended, which they are
    for plan in asked:
        assert "outbox_due" in plan
        assert ("SEARCH" if explaining.is_sqlite else "Index") in plan
        assert "TEMP B-TREE" not in plan
        assert not re.search("SCAN (?!CONSTANT ROW)", plan)
        assert "Seq Scan" not in plan


def test_what_is_due_first_goes_first(database: Database) -> None:
    for name, at in {"arta": AT + 2, "blerim": AT + 1, "dea": AT + 1, "ela": AT + 9}.items():
        post(database, letter(name), at)
    names = [each.recipient.partition("@")[0] for each in take(database, AT + 5)]
    assert names == ["blerim", "dea", "arta"]


def test_who_was_put_off_does_not_stand_before_who_waits_longer(database: Database) -> None:
    post(database, letter("arta"), AT)
    (arta,) = take(database, AT)
    put_off(database, arta, AT + 60)
    post(database, letter("blerim"), AT + 30)
    assert [each.recipient for each in take(database, AT + 60, most=1)] == ["blerim@example.com"]


def test_what_was_taken_and_not_tried_is_due_again(database: Database) -> None:
    for name in ("arta", "blerim"):
        post(database, letter(name), AT)
    first, second = take(database, AT)
    give_back(database, [second], AT + 1)
    assert take(database, AT + 1) == [second]
    assert first.attempts == second.attempts == 0
    give_back(database, [], AT)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_looking_where_nothing_is_due_waits_for_no_writer(
    database: Database, database_url: str
) -> None:
    settle_many(database)
    other = open_database(database_url)
    with other.connection_context(), other.atomic("IMMEDIATE"):
        database.execute_sql("PRAGMA busy_timeout = 0")
        assert take(database, AT) == []


def test_letters_that_waited_before_the_tables_changed_still_go(empty_database: Database) -> None:
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
        assert [each.recipient for each in take(empty_database, AT)] == ["arta@example.com"]
