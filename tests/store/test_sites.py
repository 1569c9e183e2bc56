"""Which sites somebody belongs to: told quickly, however many people there are."""

from __future__ import annotations

from typing import Any

import pytest
from peewee import Database, SqliteDatabase

from tests.support.people import crowd, person_of
from widget_backend.store.sites import sites_not_among, sites_with_people


def test_each_site_is_told_once_also_if_nobody_there_is_confirmed(database: Database) -> None:
    assert [*sites_with_people(database)] == []
    for site in ("shop", "inn"):
        person_of(database, site, f"{site}@example.com", pending=site == "inn")
    person_of(database, "shop", "another@example.com")
    assert [*sites_with_people(database)] == ["inn", "shop"]
    assert sites_not_among(["shop", "villa"], database) == ["inn"]


def test_it_reads_no_whole_table(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    for site in ("inn", "shop"):
        crowd(database, site)
    database.execute_sql("ANALYZE")
    explain = "EXPLAIN QUERY PLAN" if isinstance(database, SqliteDatabase) else "EXPLAIN"
    execute, plans = database.execute_sql, []

    def explained(sql: str, parameters: Any = None, *rest: Any) -> Any:
        rows = execute(f"{explain} {sql}", parameters).fetchall()
        plans.append("\n".join(str(row[-1]) for row in rows))
        return execute(sql, parameters, *rest)

    monkeypatch.setattr(database, "execute_sql", explained)
    assert [*sites_with_people(database)] == ["inn", "shop"]
    assert len(plans) == 6
    for plan in plans:
        assert "SEARCH t1 USING INDEX identity_" in plan or "Index Only Scan using identity" in plan
