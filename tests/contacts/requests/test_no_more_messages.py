"""“No more messages”, by phone or letter, takes effect at once."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from peewee import Database

from tests.support.contacts import (
    ARTA,
    BEN,
    NEWS,
    OFF,
    OFFERS,
    Export,
    Run,
    arta,
    found,
    say,
    table_of,
)
from tests.support.requests import BY_MIRA, Due, ask
from widget_backend.store.ledger import records


def test_no_more_messages_takes_effect_at_once_with_its_evidence(
    due: Due, database: Database
) -> None:
    output = ask(due, "stop", "--by-letter")
    assert "Everything is turned off here.\n" in output
    person = arta(database)
    assert person.profile.state["overall"] == OFF
    last = records(database, person.profile.ledger_key)[-1]
    assert (last.door, last.evidence) == ("letter", {"received": "2026-11-30", "by": "Mira"})
    assert found(database, BEN)[BEN].profile.state.reach == "as_chosen"


def test_it_was_said_at_the_end_of_its_day_by_the_sites_clocks(
    due: Due, database: Database
) -> None:
    ask(due, "stop", received="2026-11-30")
    end = datetime(2026, 11, 30, 23, tzinfo=UTC)
    assert arta(database).times.overall == int(end.timestamp()) - 1


def test_what_they_agreed_to_since_stays_on_and_the_staff_are_told(
    due: Due, database: Database
) -> None:
    later = int(datetime(2026, 12, 1, 9, tzinfo=UTC).timestamp())
    say(database, {"topic:news": NEWS}, later)
    output = ask(due, "stop", received="2026-11-30")
    assert "They have agreed again since 2026-11-30: that stays on.\n" in output
    state = arta(database).profile.state
    assert state["topic:offers"] == {**OFFERS, "on": False}
    assert state["topic:news"] == NEWS


def test_an_older_yes_does_not_bring_them_back(
    due: Due, run: Run, database: Database, site_file: Path, export_of: Export
) -> None:
    ask(due, "stop", received="2026-11-30")
    run("import", site_file, export_of("subscribed", ARTA), "--topic", "offers")
    assert arta(database).profile.state["overall"] == OFF


def test_who_is_off_by_an_import_stays_off_when_that_is_undone(
    due: Due, run: Run, database: Database, site_file: Path, export_of: Export, tmp_path: Path
) -> None:
    run("import", site_file, export_of("unsubscribed", ARTA))
    ask(due, "stop", received="2026-11-30")
    options = (*BY_MIRA, "-o", tmp_path / "left.csv")
    assert run("import", site_file, "--undo", "2", *options).exit_code == 0
    assert arta(database).profile.state["overall"] == OFF


def test_it_is_among_the_changes_that_other_systems_are_told(
    due: Due, run: Run, site_file: Path
) -> None:
    before = run("export", site_file, "--cursor", "start").stderr.split()[-1]
    ask(due, "stop")
    (row,) = table_of(run("export", site_file, "--cursor", before).stdout)
    assert (row["email"], row["status"]) == (ARTA, "unsubscribed")


def test_a_repeated_stop_changes_nothing_more(due: Due, database: Database) -> None:
    ask(due, "stop")
    revision = arta(database).profile.revision
    ask(due, "stop")
    assert arta(database).profile.revision == revision
