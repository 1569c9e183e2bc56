"""Imports that are interrupted, and others at work meanwhile."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

import pytest
from peewee import Database, SqliteDatabase

from tests.support.contacts import ARTA, HASHES, Export, arta
from tests.support.steady import Steady
from widget_backend.contacts.csv_output import RejectsFile
from widget_backend.contacts.csv_reader import open_csv
from widget_backend.contacts.entries import PlatformFile
from widget_backend.contacts.entry import Entry
from widget_backend.contacts.imports import ImportRun, import_entries
from widget_backend.contacts.mapping import TagMapping
from widget_backend.contacts.platform import Kind
from widget_backend.contacts.platforms import mailchimp
from widget_backend.errors import DatabaseUnavailable
from widget_backend.site.model import Site
from widget_backend.store.contacts import Contact, find_contacts
from widget_backend.store.database import open_database
from widget_backend.store.ledger import records
from widget_backend.store.many_saves import save_many
from widget_backend.store.models import ConsentRecord, ConsentValue, Identity, Profile
from widget_backend.store.run_effects import Effect, record_effects

NOW = datetime(2026, 11, 22, tzinfo=UTC)


def subscribing(site: Site) -> ImportRun:
    return ImportRun(site, NOW, HASHES, ("offers",), TagMapping())


def entries(count: int, kind: Kind = "subscribed") -> Iterator[Entry]:
    for number in range(count):
        evidence = {"OPTIN_TIME": f"t{number}"}
        yield Entry(number + 2, f"a{number}@example.com", kind, (), evidence)


def test_an_interrupted_run_leaves_whole_batches_and_a_rerun_completes_it(
    database: Database, site: Site
) -> None:
    def interrupted() -> Iterator[Entry]:
        yield from entries(720)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        import_entries(database, subscribing(site), interrupted(), pace=Steady())
    assert Profile.select().count(database) == ConsentRecord.select().count(database) == 500
    outcomes = import_entries(database, subscribing(site), entries(720)).outcomes
    assert outcomes == {"unchanged": 500, "new": 220}
    assert Profile.select().count(database) == ConsentRecord.select().count(database) == 720


def test_a_batch_that_ends_midway_leaves_nothing_of_itself(
    database: Database, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    recorded: list[int] = []

    def interrupted(database: Database, number: int, effects: Sequence[Effect]) -> None:
        recorded.extend(each.profile for each in effects)
        if len(recorded) > 700:
            raise KeyboardInterrupt
        record_effects(database, number, effects)

    monkeypatch.setattr("widget_backend.contacts.imports.record_effects", interrupted)
    with pytest.raises(KeyboardInterrupt):
        import_entries(database, subscribing(site), entries(1000), pace=Steady())
    for table in (Profile, Identity, ConsentRecord, ConsentValue):
        assert table.select().count(database) == 500


LOCK = {
    "sqlite": ("PRAGMA busy_timeout = 0", "BEGIN IMMEDIATE"),
    "postgresql": ("BEGIN", "SELECT id FROM profile FOR UPDATE NOWAIT"),
}
"""How another process would begin a save, without waiting for its turn."""


def take_the_lock(url: str) -> None:
    rival = open_database(url)
    rival.connect()
    try:
        for statement in LOCK[url.partition(":")[0]]:
            rival.execute_sql(statement)
    finally:
        rival.close() if isinstance(rival, SqliteDatabase) else rival.close_all()


def test_nobody_saves_what_an_import_has_read_and_not_yet_decided(
    database: Database, database_url: str, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    refused: list[str] = []

    def with_a_rival(*arguments: Any) -> None:
        with pytest.raises(DatabaseUnavailable) as error:
            take_the_lock(database_url)
        refused.append(error.value.kind)
        save_many(*arguments)

    import_entries(database, subscribing(site), entries(1))
    monkeypatch.setattr("widget_backend.contacts.imports.save_many", with_a_rival)
    leaving = ImportRun(site, NOW, HASHES)
    outcomes = import_entries(database, leaving, entries(1, "unsubscribed")).outcomes
    assert outcomes == {"changed": 1}
    assert refused == ["held"]


def test_progress_is_told_after_each_batch(database: Database, site: Site) -> None:
    told: list[int] = []
    import_entries(
        database,
        subscribing(site),
        entries(1001),
        lambda: told.append(Profile.select().count(database)),
        Steady(),
    )
    assert told == [500, 1000, 1001]


def test_somebody_brought_in_meanwhile_is_met_again_as_known(
    database: Database, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The race of two imports: read as unknown, created by the other before we do."""
    reads = []

    def blind_at_first(*arguments: Any, **more: Any) -> dict[str, Contact]:
        reads.append(arguments)
        return {} if len(reads) == 1 else find_contacts(*arguments, **more)

    import_entries(database, subscribing(site), entries(2))
    monkeypatch.setattr("widget_backend.contacts.decisions.find_contacts", blind_at_first)
    outcomes = import_entries(database, subscribing(site), entries(3)).outcomes
    assert outcomes == {"unchanged": 2, "new": 1}
    assert ConsentRecord.select().count(database) == 3


def test_the_time_of_the_run_is_what_the_ledger_says(
    database: Database, site: Site, export_of: Export
) -> None:
    file = export_of("subscribed", ARTA)
    with open_csv(file) as table, RejectsFile(table) as rejects:
        import_entries(
            database, subscribing(site), PlatformFile(table, mailchimp.PLATFORM).entries(rejects)
        )
    (record,) = records(database, arta(database).profile.ledger_key)
    assert record.at == int(NOW.timestamp())
