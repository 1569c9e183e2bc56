"""Erasing: of one site only, everything of that person, and found by indexes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from peewee import Database, SqliteDatabase

from tests.support.people import ARTA, AT, HASHES, NEW, crowd, how, person_of
from widget_backend.store import models
from widget_backend.store.address_changes import request_change
from widget_backend.store.database import write_transaction
from widget_backend.store.erasure import erase
from widget_backend.store.models import ConsentValue, Identity, Job
from widget_backend.store.outbox import (
    PRETENDED,
    OutgoingMessage,
    enqueue,
    pretend_to_enqueue,
)
from widget_backend.store.profiles import Profile, read_profile


def waiting(database: Database) -> list[tuple[Any, ...]]:
    """Site, kind and recipient of what is still to be sent."""
    query = Job.select().where(Job.due_at.is_null(False)).order_by(Job.id)
    return [(each.site, each.kind, each.payload["recipient"]) for each in query.execute(database)]


def message(person: Profile, kind: str = "code", to: str = ARTA) -> OutgoingMessage:
    return OutgoingMessage(person.site, kind, to, "123 456", person.handle)


def test_erasing_stops_the_messages_of_one_site_only(database: Database) -> None:
    arta, elsewhere = person_of(database, "shop"), person_of(database, "inn")
    for person in (arta, elsewhere):
        enqueue(database, message(person), AT)
    erase(database, arta, how("shop"), HASHES)
    assert waiting(database) == [("inn", "code", ARTA)]


def test_a_message_to_the_address_that_somebody_wanted_to_move_to_is_not_sent(
    database: Database,
) -> None:
    arta, blerim = person_of(database, "shop"), person_of(database, "shop", NEW)
    with write_transaction(database):
        request_change(database, arta, NEW, AT + 60)
        enqueue(database, message(arta, "new-address", NEW), AT)
        enqueue(database, message(blerim, "code", NEW), AT)
    erase(database, arta, how("shop"), HASHES)
    assert waiting(database) == [("shop", "code", NEW)], "a code there is somebody else's"


def test_a_message_that_somebody_elses_move_sends_to_the_erased_address_is_not_sent(
    database: Database,
) -> None:
    arta, blerim = person_of(database, "shop"), person_of(database, "shop", NEW)
    with write_transaction(database):
        request_change(database, blerim, ARTA, AT + 60)
        enqueue(database, message(blerim, "new-address", ARTA), AT)
        enqueue(database, message(blerim, "code", NEW), AT)
    erase(database, arta, how("shop"), HASHES)
    assert waiting(database) == [("shop", "code", NEW)]


def test_somebody_without_an_address_stops_nobodys_messages(database: Database) -> None:
    arta, blerim = person_of(database, "shop"), person_of(database, "shop", NEW)
    Identity.delete().execute(database)
    pretend_to_enqueue(database, message(blerim), AT)
    erase(database, read_profile(database, "shop", arta.handle), how("shop"), HASHES)
    assert [kind for _, kind, _ in waiting(database)] == [PRETENDED]


def test_what_became_part_of_a_person_and_what_nobody_confirmed_goes_with_them(
    database: Database,
) -> None:
    arta = person_of(database, "shop")
    joined = person_of(database, "shop", "other@example.com", pending=True)
    models.Profile.update(merged_into=arta.id).where(models.Profile.id == joined.id).execute(
        database
    )
    person_of(database, "shop", pending=True)
    kept = [person_of(database, "inn", pending=True), person_of(database, "shop", NEW)]
    erase(database, arta, how("shop"), HASHES)
    query = (
        models.Profile.select(models.Profile.id)
        .order_by(models.Profile.id)
        .tuples()
        .execute(database)
    )
    assert [number for (number,) in query] == [each.id for each in kept]
    assert ConsentValue.select().count(database) == 2


# ── by indexes ──────────────────────────────────────────────────────────────────────────────

BIG = {"profile", "identity", "job", "ledger", "ledgervalue", "newaddress", "code"}


def test_erasing_reads_no_table_from_end_to_end(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    crowd(database, "inn")
    crowd(database, "shop")
    arta = person_of(database, "shop")
    with write_transaction(database):
        request_change(database, arta, NEW, AT + 60)
    database.execute_sql("ANALYZE")
    is_sqlite = isinstance(database, SqliteDatabase)
    execute, whole = database.execute_sql, []

    def explained(sql: str, parameters: Any = None, *rest: Any) -> Any:
        if sql.startswith(("SELECT", "UPDATE", "DELETE")):
            scans = _sqlite_scans if is_sqlite else _postgres_scans
            whole.extend((scan, sql) for scan in scans(execute, sql, parameters))
        return execute(sql, parameters, *rest)

    monkeypatch.setattr(database, "execute_sql", explained)
    erase(database, arta, how("shop"), HASHES)
    assert whole == []


def _sqlite_scans(execute: Any, sql: str, parameters: Any) -> list[str]:
    plan = [row[3] for row in execute(f"EXPLAIN QUERY PLAN {sql}", parameters).fetchall()]
    # Constants and lists of values stand in the query itself.
    no_tables = ("CONSTANT", "json_each")
    return [
        step
        for step in plan
        if step.startswith("SCAN") and not any(each in step for each in no_tables)
    ]


def _postgres_scans(execute: Any, sql: str, parameters: Any) -> list[str]:
    """Those of our tables that are read without a condition on an index."""
    ((plan,),) = execute(f"EXPLAIN (FORMAT JSON) {sql}", parameters).fetchall()
    steps = list(_steps((json.loads(plan) if isinstance(plan, str) else plan)[0]["Plan"]))
    scans = [each for each in steps if each.get("Relation Name") in BIG]
    return [
        f"{each['Node Type']} of {each['Relation Name']}"
        for each in scans
        if each["Node Type"] != "ModifyTable"
        and "Index Cond" not in each
        and "Recheck Cond" not in each
    ]


def _steps(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for each in plan.get("Plans", []):
        yield from _steps(each)


def test_every_reference_to_a_row_that_goes_has_an_index(database: Database) -> None:
    """Or each delete would read the whole table that refers to it."""
    missing = [
        (table, key.column)
        for table in database.get_tables()
        for key in database.get_foreign_keys(table)
        if not any(columns[0] == key.column for columns in _indexes(database, table))
    ]
    assert missing == []


def _indexes(database: Database, table: str) -> list[list[str]]:
    keys = [database.get_primary_keys(table), *(i.columns for i in database.get_indexes(table))]
    return [columns for columns in keys if columns]
