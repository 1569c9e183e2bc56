"""Prepared inserts: any number of rows, each once, by queries of a few sizes."""

from __future__ import annotations

import pytest
from peewee import Database

from widget_backend.store.models import Wording
from widget_backend.store.prepared import PreparedInsert

COLUMNS = (Wording.id, Wording.site, Wording.language, Wording.texts, Wording.first_used)
INSERT = PreparedInsert(Wording, COLUMNS)


@pytest.mark.parametrize("many", [0, 1, 3, 4, 17, 63, 64, 65, 200])
def test_each_row_is_inserted_once_in_its_order(database: Database, many: int) -> None:
    rows = [(f"w{at:03}", "shop", "en", "{}", at) for at in range(many)]
    INSERT.run(database, rows)
    query = Wording.select(Wording.id, Wording.first_used).order_by(Wording.id)
    assert list(query.tuples().execute(database)) == [(row[0], row[4]) for row in rows]
