"""The exporting bench's peer: the same file, written by a loop on the database's own driver.

Four streams of rows in the order of people, put together by hand. It knows the site’s topics and
questions, and checks and guards nothing but a phone number, which begins with a plus.
"""

from __future__ import annotations

import csv
import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, closing, contextmanager
from datetime import UTC, datetime
from functools import partial
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any

import psycopg

from tests.bench.people import SITE, TOPICS
from widget_backend.contacts.export_fields import all_fields

PEOPLE = """
SELECT profile.id, ledger_key, email.value, email.undeliverable, phone.value, language, {created_at}
FROM profile
LEFT JOIN identity AS email ON email.profile_id = profile.id AND email.kind = 'email'
LEFT JOIN identity AS phone ON phone.profile_id = profile.id AND phone.kind = 'phone'
WHERE profile.site = 'dimora' AND NOT pending ORDER BY profile.id
"""
CHOICES = """
SELECT profile_id, topic, CASE WHEN "on" THEN channel || ' ' || frequency ELSE 'off' END,
{said_at}, door FROM preference ORDER BY profile_id
"""
ROLES = "SELECT profile_id, role FROM role ORDER BY profile_id, position"
ANSWERS = """
SELECT profile_id, question, value, kind, {answered_at} FROM answer ORDER BY profile_id
"""
TIMES = ("created_at", "said_at", "answered_at")
IN_SQLITE = "strftime('%Y-%m-%dT%H:%M:%SZ', {}, 'unixepoch')"
IN_POSTGRES = """to_char(to_timestamp({}) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')"""

Rows = Iterable[tuple[Any, ...]]
OfPerson = Callable[[int], list[tuple[Any, ...]]]
NOTHING = ("", "", "")


def export_bare(url: str, out: Path) -> None:
    with _streams(url) as (people, *others), out.open("w", encoding="utf-8", newline="") as text:
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(all_fields(SITE.site, datetime.now(UTC)))
        row = partial(_row, *map(_by_person, others))
        writer.writerows(map(row, people))


def _row(
    choices: OfPerson, roles: OfPerson, answers: OfPerson, person: tuple[Any, ...]
) -> list[Any]:
    number, key, email, bounced, phone, language, created_at = person
    chosen = {topic: rest for _, topic, *rest in choices(number)}
    told = {question: [_said(value), *rest] for _, question, value, *rest in answers(number)}
    status = "undeliverable" if bounced else "subscribed"
    row = [key, email, "yes", "yes" if bounced else "no", "", phone and f"'{phone}"]
    row += ["no" if phone else "", "", "", language, ", ".join(name for _, name in roles(number))]
    row += [status, "", created_at]
    for topic in TOPICS:
        row += chosen.get(topic.id, NOTHING)
    for question in SITE.site.questions:
        row += told.get(question.id, NOTHING)
    return row


def _said(value: str | None) -> str:
    answer = json.loads(value) if value else ""
    return ", ".join(answer) if isinstance(answer, list) else answer


def _by_person(rows: Rows) -> OfPerson:
    """The rows of each person, who must be asked for in order."""
    groups = groupby(rows, key=itemgetter(0))
    number, group = next(groups, (0, iter(())))

    def of(person: int) -> list[tuple[Any, ...]]:
        nonlocal number, group
        if person != number:
            return []
        theirs = list(group)
        number, group = next(groups, (0, iter(())))
        return theirs

    return of


@contextmanager
def _streams(url: str) -> Iterator[list[Rows]]:
    statements = (PEOPLE, CHOICES, ROLES, ANSWERS)
    with ExitStack() as stack:
        if url.startswith("sqlite"):
            file = url.removeprefix("sqlite:///")
            lite = stack.enter_context(closing(sqlite3.connect(file)))
            yield [lite.execute(_filled(each, IN_SQLITE)) for each in statements]
        else:
            connection = stack.enter_context(psycopg.connect(url))
            cursors = [stack.enter_context(connection.cursor(f"c{at}")) for at in range(4)]
            for cursor, each in zip(cursors, statements, strict=True):
                cursor.execute(_filled(each, IN_POSTGRES))
            yield list(cursors)


def _filled(statement: str, when: str) -> str:
    return statement.format(**{name: when.format(name) for name in TIMES})
