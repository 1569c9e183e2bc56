"""Reasons for leaving: counted in one row each, whoever counts at the same time."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from peewee import Database
from playhouse.migrations import Runner

from tests.support.people import HASHES, how, person_of
from widget_backend.store.database import FOLDER, migrate, write_transaction
from widget_backend.store.erasure import erase
from widget_backend.store.models_of_nobody import ReasonCount
from widget_backend.store.profiles import read_profile
from widget_backend.store.reasons import Reasons, count_reason, reasons_told
from widget_backend.store.sqlite import SqliteFile

EACH = 20


def test_each_is_counted_by_site_topic_month_and_reason(database: Database) -> None:
    for site, topic, month, reason, times in (
        ("shop", "offers", "2027-03", "many", 2),
        ("shop", "offers", "2027-03", "use", 3),
        ("shop", "offers", "2027-04", "many", 1),
        ("shop", "", "2027-03", "many", 1),
        ("inn", "offers", "2027-03", "many", 4),
    ):
        for _ in range(times):
            count_reason(database, site, topic, month, reason)
    assert reasons_told(database, "shop") == [
        Reasons("2027-04", "offers", "many", 1),
        Reasons("2027-03", "", "many", 1),
        Reasons("2027-03", "offers", "use", 3),
        Reasons("2027-03", "offers", "many", 2),
    ]
    assert reasons_told(database, "shop", "2027-04") == [Reasons("2027-04", "offers", "many", 1)]
    assert reasons_told(database, "nobody") == []


def test_what_is_counted_at_the_same_time_is_all_counted(empty_database: Database) -> None:
    migrate(empty_database)
    start = Barrier(2)

    def count(_: int) -> None:
        with empty_database.connection_context():
            start.wait()
            for _ in range(EACH):
                count_reason(empty_database, "shop", "offers", "2027-03", "many")

    with ThreadPoolExecutor(2) as threads:
        list(threads.map(count, range(2)))
    with empty_database.connection_context():
        assert reasons_told(empty_database, "shop") == [
            Reasons("2027-03", "offers", "many", 2 * EACH)
        ]


def test_erasing_a_person_leaves_every_count(database: Database) -> None:
    person = person_of(database, "shop")
    count_reason(database, "shop", "offers", "2027-03", "many")
    erase(database, person, how("shop"), HASHES)
    assert [each.times for each in reasons_told(database, "shop")] == [1]


@pytest.fixture
def earlier(empty_database: Database) -> Database:
    """As version 0007 left it, with somebody in it."""
    if isinstance(empty_database, SqliteFile):
        empty_database.path.touch()
    with empty_database.connection_context(), write_transaction(empty_database):
        Runner(empty_database, str(FOLDER)).up("0007_columns_and_jobs")
        empty_database.execute_sql(
            "INSERT INTO profile (site, handle, ledger_key, pending, language, revision, "
            "created_at, generation) VALUES ('shop', 'h1', 'k1', FALSE, 'sq', 1, 1, 0)"
        )
    return empty_database


def test_a_database_of_the_version_before_counts_after_the_migration(earlier: Database) -> None:
    with earlier.connection_context():
        tables = earlier.get_tables()
    assert migrate(earlier)[0] == "0008_reasons"
    assert migrate(earlier) == []
    with earlier.connection_context():
        assert "reasoncount" in {*earlier.get_tables()} - {*tables}
        assert read_profile(earlier, "shop", "h1").state.language == "sq"
        count_reason(earlier, "shop", "", "2027-03", "other")
        assert ReasonCount.select().count(earlier) == 1
