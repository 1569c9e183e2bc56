"""Runs: each import has a number, and a marketer sees what came from where."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from peewee import Database

from tests.support.contacts import ARTA, HASHES, OFF, Export, Run, arta, say
from tests.support.steady import Steady
from widget_backend.cli import import_contacts, runs
from widget_backend.contacts.decisions import ImportRun
from widget_backend.contacts.entry import Entry
from widget_backend.contacts.imports import import_entries
from widget_backend.errors import RunRefused
from widget_backend.site.model import Site
from widget_backend.store.ledger import records
from widget_backend.store.models import Profile
from widget_backend.store.models_of_runs import RunEffect
from widget_backend.store.runs import SILENT, all_runs, begin_run, begin_undo

NOW = datetime(2026, 11, 22, 12, 30, tzinfo=UTC)


@pytest.fixture(autouse=True)
def at_noon(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (runs, import_contacts):
        monkeypatch.setattr(module, "now", lambda: NOW)


COUNTS = ["new", "changed", "unchanged", "held back", "kept out", "rejected"]


def entries(*emails: str, interrupted: bool = False) -> Iterator[Entry]:
    for line, email in enumerate(emails, 2):
        yield Entry(line, email, "subscribed", (), {"OPTIN_TIME": "t"}, 1)
    if interrupted:
        raise KeyboardInterrupt


def test_a_run_has_a_number_that_the_evidence_names(
    run: Run, database: Database, site_file: Path, export_of: Export
) -> None:
    run("import", site_file, export_of("subscribed", "b@example.com"))
    run("import", site_file, export_of("subscribed", ARTA, name="more.csv"), "--topic", "offers")
    (record,) = records(database, arta(database).profile.ledger_key)
    assert record.evidence["run"] == "2"


def test_they_are_a_table_the_newest_first(
    run: Run, database: Database, site_file: Path, export_of: Export
) -> None:
    text = site_file.read_text()
    site_file.write_text(text.replace("locales", 'time_zone = "Asia/Tokyo"\nlocales', 1))
    file = export_of("subscribed", ARTA, "b@example.com", "no address")
    run("import", site_file, file, "--by", "Mira Hoxha")
    say(database, {"overall": OFF})
    more = export_of("subscribed", ARTA, name="more.csv")
    run("import", site_file, more, "--by", "山田", "--topic", "offers")
    result = run("runs", site_file)
    assert result.exit_code == 0
    assert [re.split(" {2,}", line.strip()) for line in result.stdout.splitlines()] == [
        ["run", "when", "file", "platform", "by", *COUNTS, "state"],
        ["2", "2026-11-22 21:30", "more.csv", "mailchimp", "山田", *"000100"],
        ["1", "2026-11-22 21:30", "subscribed.csv", "mailchimp", "Mira Hoxha", *"200001"],
    ]


def test_each_column_is_as_wide_as_its_widest_cell_also_where_signs_are_wide(
    run: Run, site_file: Path, export_of: Export
) -> None:
    for by in ("Mira", "山田"):
        run("import", site_file, export_of("subscribed", ARTA), "--by", by)
    header, *lines = run("runs", site_file).stdout.splitlines()
    start = header.index("new")
    assert [line.replace("山田", "Mira")[start : start + 3] for line in lines] == ["  0", "  1"]


def test_as_json_they_have_keys_that_stay(
    run: Run, database: Database, site_file: Path, export_of: Export
) -> None:
    options = ("--by", "Mira", "--topic", "offers", "--consent", "at the till")
    run("import", site_file, export_of("subscribed", ARTA), *options)
    (line,) = run("runs", site_file, "--json").stdout.splitlines()
    ended = json.loads(line).pop("ended_at")
    assert datetime.fromisoformat(ended).tzinfo
    assert {**json.loads(line), "ended_at": ""} == {
        "run": 1,
        "file": "subscribed.csv",
        "platform": "mailchimp",
        "by": "Mira",
        "options": {"topics": ["offers"], "consent": True},
        "started_at": "2026-11-22T12:30:00+00:00",
        "ended_at": "",
        "finished": True,
        "still_going": False,
        "new": 1,
        "changed": 0,
        "unchanged": 0,
        "held_back": 0,
        "kept_out": 0,
        "rejected": 0,
        "undone_by": None,
        "undone_at": None,
    }


def test_of_another_site_none_are_listed(run: Run, database: Database, site_file: Path) -> None:
    begin_run(database, 1, site="inn", file="guests.csv", options={})
    nothing = run("runs", site_file)
    assert (nothing.exit_code, nothing.stdout) == (0, "")
    assert nothing.stderr == "Nothing was imported yet.\n"


def test_nothing_in_it_leads_to_a_person(
    run: Run, database: Database, site_file: Path, export_of: Export
) -> None:
    file = export_of("subscribed", ARTA, name="from arta@example.com.csv")
    run("import", site_file, file, "--consent", "said arta@example.com")
    assert "arta" not in str(all_runs(database, "shop"))
    assert all_runs(database, "shop")[0].file == "from •••@•••"


@pytest.mark.parametrize(
    ("by", "reason"),
    [
        ("", "--by is empty: name the person who does this"),
        ("Mi\nra", "--by holds a line break: write the name in one line"),
        ("m" * 101, "--by is longer than 100 characters: shorten the name"),
    ],
)
def test_what_is_no_name_is_refused(
    run: Run, site_file: Path, export_of: Export, by: str, reason: str
) -> None:
    result = run("import", site_file, export_of("subscribed", ARTA), "--by", by)
    assert result.exit_code == 2
    assert reason in result.stderr
    assert result.stderr.count("\n") == 1


def test_whoever_is_logged_in_is_named_unless_the_system_has_no_name(
    run: Run,
    database: Database,
    site_file: Path,
    export_of: Export,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def nobody() -> str:
        raise OSError

    for name in (lambda: "mira", nobody):
        monkeypatch.setattr("getpass.getuser", name)
        run("import", site_file, export_of("subscribed", ARTA))
    assert [each.staff for each in all_runs(database, "shop")] == [None, "mira"]


def test_one_that_was_interrupted_says_so_and_what_it_has_done(
    run: Run, database: Database, site: Site, site_file: Path
) -> None:
    with pytest.raises(KeyboardInterrupt):
        import_entries(
            database,
            ImportRun(site, NOW, HASHES),
            entries(*(f"a{at}@example.com" for at in range(3)), interrupted=True),
            pace=Steady(2),
        )
    (line,) = run("runs", site_file).stdout.splitlines()[1:]
    assert line.split()[-1] == "again"
    (only,) = all_runs(database, "shop")
    assert (only.counts["new"], bool(only.finished)) == (2, False)
    assert "interrupted: import the file again" in run("runs", site_file).stdout


def test_one_that_was_killed_is_still_going_for_a_minute(database: Database) -> None:
    begin_run(database, 1_000, site="shop", file="list.csv", options={})
    (only,) = all_runs(database, "shop")
    assert [only.is_going(1_000 + later) for later in (0, SILENT - 1, SILENT)] == [
        *(True, True, False)
    ]


def test_each_person_whom_it_names_has_an_effect_that_goes_with_them(
    database: Database, site: Site
) -> None:
    run = ImportRun(site, NOW, HASHES, ("offers",))
    for _ in range(2):
        import_entries(database, run, entries(ARTA, "b@example.com"))
    assert RunEffect.select().count(database) == 4
    Profile.delete().where(Profile.id == arta(database).profile.id).execute(database)
    assert RunEffect.select().count(database) == 2


def test_one_that_is_being_undone_writes_no_more(database: Database, site: Site) -> None:
    def undone_meanwhile() -> Iterator[Entry]:
        yield from entries("a@example.com", "b@example.com")
        begin_undo(database, 1, "Mira", 1)
        yield from entries("c@example.com", "d@example.com")

    with pytest.raises(RunRefused, match=r"run 1: it is being undone\. import the file again"):
        import_entries(database, ImportRun(site, NOW, HASHES), undone_meanwhile(), pace=Steady(1))
    assert Profile.select().count(database) == 1
