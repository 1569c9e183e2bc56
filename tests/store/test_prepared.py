"""Prepared queries: any number of rows or values, by SQL that is built once."""

from __future__ import annotations

import pytest
from peewee import Database

from widget_backend.store.models import Wording
from widget_backend.store.prepared import PreparedInsert, PreparedQuery, is_one_of, parameter

COLUMNS = (Wording.id, Wording.site, Wording.language, Wording.texts, Wording.first_used)
INSERT = PreparedInsert(Wording, COLUMNS)


@pytest.mark.parametrize("many", [0, 1, 3, 4, 17, 63, 64, 65, 200])
def test_each_row_is_inserted_once_in_its_order(database: Database, many: int) -> None:
    rows = [(f"w{at:03}", "shop", "en", "{}", at) for at in range(many)]
    INSERT.run(database, rows)
    query = Wording.select(Wording.id, Wording.first_used).order_by(Wording.id)
    assert list(query.tuples().execute(database)) == [(row[0], row[4]) for row in rows]


def test_what_an_insert_returns_comes_of_every_row(database: Database) -> None:
    insert = PreparedInsert(Wording, COLUMNS, lambda query: query.returning(Wording.id))
    rows = [(f"w{at:03}", "shop", "en", "{}", at) for at in range(70)]
    assert {each for (each,) in insert.run(database, rows)} == {row[0] for row in rows}
    assert INSERT.run(database, [("w", "shop", "en", "{}", 0)]) == []


OF_SOME = PreparedQuery(
    Wording.select(Wording.id)
    .where((Wording.site == parameter("site")) & is_one_of(Wording.id, "ids"))
    .order_by(Wording.id)
)
BY_TIME = PreparedQuery(Wording.select(Wording.id).where(is_one_of(Wording.first_used, "times")))
STRANGE = '\'; DROP "wording" — ج [1] %s ?'


@pytest.mark.parametrize("ids", [[], ["w1"], ["w1", "w2", "w9"], [STRANGE], {"w2", STRANGE}])
def test_a_column_is_among_any_number_of_values(
    database: Database, ids: list[str] | set[str]
) -> None:
    stored = ["w1", "w2", "w3", STRANGE]
    INSERT.run(database, [(each, "shop", "en", "{}", at) for at, each in enumerate(stored)])
    rows = OF_SOME.run(database, site="shop", ids=ids).fetchall()
    assert rows == [(each,) for each in sorted({*ids} & {*stored})]
    assert BY_TIME.run(database, times=[1, 7]).fetchall() == [("w2",)]
