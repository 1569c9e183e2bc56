"""Many people with everything that an export tells, written past the backend: quickly."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from peewee import Database, PostgresqlDatabase

from tests.bench.people import SITE, TOPICS, preference_of
from widget_backend.store.database import migrate, open_database, write_transaction

AT = 1_790_000_000
ROLE = "owner-club"
QUESTIONS = SITE.site.questions[:3]
"""What everybody was asked: they said something, skipped it, or declined."""
ANSWERS = (("said", '"yes"'), ("skipped", None), ("said", '["bath","attic"]'), ("declined", None))

Rows = Iterable[tuple[Any, ...]]


def fill(url: str, count: int) -> None:
    """So many people: each has chosen all topics, half have a role and a third a phone."""
    database = open_database(url)
    migrate(database)
    numbers = range(1, count + 1)
    with database.connection_context(), write_transaction(database):
        profile = ("site", "handle", "ledger_key", "pending", "language", "revision", "created_at",
                   "generation")  # fmt: skip
        people = (
            (SITE.id, f"h{each}", f"k{each}", False, _language(each), 1, AT + each, 0)
            for each in numbers
        )
        insert(database, "profile", profile, people)
        identity = ("site", "profile_id", "kind", "value", "confirmed", "undeliverable")
        insert(database, "identity", identity, (row for each in numbers for row in _contacts(each)))
        roles = ((each, ROLE, 0) for each in numbers if each % 2)
        insert(database, "role", ("profile_id", "role", "position"), roles)
        chosen = ("profile_id", "topic", "on", "channel", "frequency", "said_at", "door")
        insert(database, "preference", chosen, (row for each in numbers for row in _choices(each)))
        answer = ("profile_id", "question", "kind", "value", "answered_at")
        insert(database, "answer", answer, (row for each in numbers for row in _answers(each)))
    with database.connection_context():
        database.execute_sql("ANALYZE")
    database.close()


def _language(number: int) -> str:
    return ("sq", "ar", "en")[number % 3]


def _contacts(number: int) -> Iterator[tuple[Any, ...]]:
    yield SITE.id, number, "email", f"person{number}@example.com", True, number % 50 == 0
    if number % 3 == 0:
        yield SITE.id, number, "phone", f"+355{number:09}", False, False


def _choices(number: int) -> Iterator[tuple[Any, ...]]:
    for place, topic in enumerate(TOPICS):
        choice = preference_of(number, place)
        how = (choice["channel"], choice["frequency"], AT + number * 7 + place, "hosted")
        yield number, topic.id, choice["on"], *how


def _answers(number: int) -> Iterator[tuple[Any, ...]]:
    for place, question in enumerate(QUESTIONS):
        kind, value = ANSWERS[(number + place) % len(ANSWERS)]
        yield number, question.id, kind, value, AT + number * 3


def insert(database: Database, table: str, columns: tuple[str, ...], rows: Rows) -> None:
    names = ", ".join(f'"{name}"' for name in columns)
    if isinstance(database, PostgresqlDatabase):
        with database.cursor().copy(f"COPY {table} ({names}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
    else:
        signs = ", ".join("?" * len(columns))
        database.cursor().executemany(f"INSERT INTO {table} ({names}) VALUES ({signs})", rows)
