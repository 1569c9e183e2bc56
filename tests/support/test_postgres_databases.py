"""A PostgreSQL database is used by one test after another, as long as each finds it as new."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import psycopg
import pytest

from tests.support.postgres_databases import Databases

INSERT = """INSERT INTO campaign (site, name, topic, sentences, registered_at)
  VALUES ('shop', 'spring', 'offers', '{}', 1) RETURNING nextval('profile_id_seq')"""

SETTING = "'ALTER DATABASE %I SET lock_timeout = 7'"


@pytest.fixture
def own(postgres: str) -> Iterator[Databases]:
    """Databases of no other test."""
    with closing(Databases(postgres)) as databases:
        yield databases


def use(databases: Databases, statement: str, is_alone: bool = False) -> tuple[str, object]:
    """One test that executes this; the address of its database, and what came back first."""
    with databases.with_tables(is_alone) as url, psycopg.connect(url) as connection:
        result = connection.execute(statement)
        return url, result.fetchone() if result.description else None


@pytest.mark.parametrize("is_alone", [True, False])
def test_it_is_empty_again_and_counts_from_one(own: Databases, is_alone: bool) -> None:
    first = use(own, INSERT, is_alone)
    assert use(own, INSERT, is_alone) == first
    assert use(own, "SELECT count(*) FROM campaign") == (first[0], (0,))


@pytest.mark.parametrize(
    "change",
    [
        "ALTER TABLE campaign RENAME COLUMN topic TO theme",
        "ALTER TABLE campaign ALTER COLUMN topic DROP NOT NULL",
        "ALTER TABLE profile DISABLE TRIGGER ALL",
        "CREATE INDEX ON campaign (topic)",
        "CREATE FUNCTION one() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "DELETE FROM schema_migration",
        f"DO $$ BEGIN EXECUTE format({SETTING}, current_database()); END $$",
        INSERT,
    ],
)
def test_whatever_a_test_changes_no_other_finds_it(own: Databases, change: str) -> None:
    as_new = use(own, STATE)
    use(own, change)
    again = use(own, STATE)
    assert again[1] == as_new[1]
    assert (again[0] == as_new[0]) == ("INSERT" in change), "only rows can be deleted"


STATE = """SELECT (SELECT array_agg(attname)::text FROM pg_attribute WHERE attnotnull),
  (SELECT array_agg(tgenabled)::text FROM pg_trigger), (SELECT count(*) FROM pg_class),
  (SELECT count(*) FROM pg_proc), (SELECT count(*) FROM schema_migration),
  current_setting('lock_timeout'), (SELECT count(*) FROM campaign)"""


def test_one_that_has_become_large_is_used_by_nobody_else(own: Databases) -> None:
    many = INSERT.replace("VALUES ('shop', 'spring'", "SELECT 'shop', number::text")
    many = many.replace("1) RETURNING", "1 FROM generate_series(1, 20000) number RETURNING")
    assert use(own, many)[0] != use(own, STATE)[0]


def test_whoever_is_left_behind_is_gone_before_the_next(own: Databases) -> None:
    with own.with_tables(is_alone=True) as url:
        left = psycopg.connect(url)
        left.execute("LOCK TABLE campaign")
    assert use(own, INSERT) == (url, (1,))
    with pytest.raises(psycopg.OperationalError):
        left.execute("SELECT 1")
    left.close()
