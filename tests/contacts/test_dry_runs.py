"""Dry runs: they say what an import would do, count as it would, and write nothing."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from peewee import Database

from tests.support.contacts import ARTA, HASHES, OFF, OFFERS, Bring, Export, Run, say
from tests.support.random_files import LISTS, NOW, NUMBERS, WORDS, Word, entries
from tests.support.rows import TABLES
from tests.support.steady import Steady
from widget_backend.contacts.csv_output import Rejects
from widget_backend.contacts.decisions import ImportRun
from widget_backend.contacts.dry_run import try_entries
from widget_backend.contacts.imports import import_entries
from widget_backend.site.model import Site

TWICE = f"""Email Address,Status,OPTIN_TIME,UNSUB_TIME,Notes
{ARTA},subscribed,2024-01-01 09:00:00,,x
nobody,subscribed,2024-01-01 09:00:00,,x
{ARTA},unsubscribed,,2024-03-01 09:00:00,x
b@example.com,subscribed,2024-01-01 09:00:00,,x
{ARTA},subscribed,2024-02-01 09:00:00,,x
"""


def everything(database: Database) -> list[Any]:
    return [list(table.select().tuples().execute(database)) for table in TABLES]


def test_it_says_what_each_column_does_before_anything_else(bring: Bring) -> None:
    assert bring(TWICE, "--dry-run").splitlines()[:6] == [
        "“Email Address”: address",
        "“Status”: status",
        "“OPTIN_TIME”: when they agreed",
        "“UNSUB_TIME”: status and when they left",
        "“Notes”: not read",
        (
            "list.csv (by “Status”), dry run: 2 new, 1 changed, 0 unchanged, 1 held back by a no, "
            "1 rejected. Nothing was written."
        ),
    ]


@pytest.mark.parametrize("options", [["--dry-run"], []])
def test_it_says_for_how_many_each_topic_is_turned_on_or_off(
    bring: Bring, tmp_path: Path, options: list[str]
) -> None:
    """So a tag with the wrong topic, or a word with the wrong meaning, shows before anything is
    written."""
    tags = tmp_path / "tags.toml"
    tags.write_text('[topics]\n"Sales" = "offers"\n"Letters" = "news"\n', encoding="utf-8")
    text = f"""Email Address,Status,OPTIN_TIME,TAGS
{ARTA},subscribed,2024-01-01 09:00:00,Sales
b@example.com,subscribed,2024-01-01 09:00:00,"Sales,Letters"
c@example.com,unsubscribed,,
"""
    lines = bring(text, "--map", tags, *options).splitlines()
    assert "list.csv: “offers” on for 2, “news” on for 1, everything off for 1" in lines
    report = json.loads(bring(text, "--map", tags, "--json", "--dry-run"))
    is_new = bool(options)
    assert report["turned_on"] == ({"offers": 2, "news": 1} if is_new else {})
    assert (report["turned_off"], report["left_everything"]) == ({}, int(is_new))


@pytest.mark.parametrize("options", [["--dry-run"], []])
def test_it_says_how_many_come_back_who_had_left_everything(
    bring: Bring, options: list[str]
) -> None:
    header = "Email Address,Status,OPTIN_TIME,UNSUB_TIME"
    bring(f"{header}\n{ARTA},subscribed,2024-01-01 09:00:00,\n")
    bring(f"{header}\n{ARTA},unsubscribed,,2025-01-01 09:00:00\n")
    again = f"{header}\n{ARTA},subscribed,2025-06-01 09:00:00,\n"
    assert json.loads(bring(again, "--json", "--dry-run"))["came_back"] == 1
    assert "list.csv: back after leaving everything: 1" in bring(again, *options).splitlines()


@pytest.mark.parametrize("options", [["--dry-run"], []])
def test_a_later_yes_to_what_is_on_already_is_a_change(bring: Bring, options: list[str]) -> None:
    """It is stored, and an export since then has it."""
    header = "Email Address,Status,OPTIN_TIME"
    bring(f"{header}\n{ARTA},subscribed,2024-01-01 09:00:00\n")
    later = f"{header}\n{ARTA},subscribed,2025-06-01 09:00:00\n"
    assert "1 changed, 0 unchanged" in bring(later, *options)


def test_columns_of_a_no_are_not_read_where_nobody_said_no(
    run: Run, database: Database, site_file: Path, export_of: Export
) -> None:
    lines = run("import", site_file, export_of("subscribed", ARTA), "--dry-run").stdout
    assert "“LAST_CHANGED”: not read\n" in lines
    assert "“OPTIN_IP”: evidence\n" in lines
    assert "“TAGS”: tags\n" in lines
    lines = run("import", site_file, export_of("unsubscribed", ARTA), "--dry-run").stdout
    assert "“UNSUB_TIME”: status and when they left\n" in lines
    assert "“UNSUB_REASON”: evidence\n" in lines


def test_nothing_is_written(bring: Bring, database: Database, tmp_path: Path) -> None:
    bring(TWICE)
    say(database, {"overall": OFF})
    before = everything(database)
    (tmp_path / "list.csv.rejects.csv").unlink()
    bring(TWICE + "c@example.com,subscribed,2024-01-01 09:00:00,,x\n", "--dry-run")
    assert everything(database) == before
    assert not (tmp_path / "list.csv.rejects.csv").exists()


def test_the_first_rejected_rows_are_named_with_the_reason(bring: Bring) -> None:
    rows = "".join(f"nobody{at},subscribed,2024-01-01 09:00:00,,x\n" for at in range(6))
    assert bring(TWICE + rows, "--dry-run").splitlines()[-6:] == [
        "list.csv: line 3: is not an email address",
        *(f"list.csv: line {line}: is not an email address" for line in (7, 8, 9, 10)),
        "list.csv: 2 more would be rejected",
    ]


def test_as_json_it_is_one_object_with_the_keys_of_an_import(bring: Bring) -> None:
    dry, real = (json.loads(bring(TWICE, "--json", *more)) for more in (["--dry-run"], []))
    assert dry.keys() == real.keys()
    counts = ("new", "changed", "unchanged", "held_back", "rejected", "repeated", "columns")
    assert [dry[each] for each in counts] == [real[each] for each in counts]
    assert dry["columns"][3] == {"column": "UNSUB_TIME", "uses": ["status", "when they left"]}
    assert dry["first_repeated"] == [
        {"line": 4, "earlier": 2, "counts": True},
        {"line": 6, "earlier": 2, "counts": False},
    ]
    assert (dry["dry_run"], dry["run"], dry["rejects_file"]) == (True, None, None)
    assert (real["dry_run"], real["run"]) == (False, 1)
    assert real["rejects_file"].endswith("list.csv.rejects.csv")


def test_without_tables_it_asks_for_them(
    run: Run, site_file: Path, export_of: Export, tmp_path: Path
) -> None:
    none = f"sqlite:///{tmp_path}/none.db"
    file = export_of("subscribed", ARTA)
    result = run("import", site_file, file, "--dry-run", WIDGET_DATABASE_URL=none)
    assert result.exit_code == 1
    assert "run preference-widget migrate" in result.stderr
    assert not (tmp_path / "none.db").exists()


@pytest.mark.parametrize(
    ("holds", "outcome"),
    [
        ({"topic:offers": {**OFFERS, "on": False}}, "held_back"),
        ({"topic:offers": OFFERS}, "unchanged"),
        ({"overall": OFF}, "held_back"),
        ({"topic:offers": OFFERS, "overall": OFF}, "held_back"),
        ({"overall": {"reach": "less", "until": None}}, "held_back"),
        ({"overall": {"reach": "paused", "until": "2999-01-01"}}, "held_back"),
        ({"topic:offers": OFFERS, "overall": {"reach": "less", "until": None}}, "unchanged"),
        ({"language": "sq"}, "changed"),
    ],
)
def test_a_yes_that_a_no_holds_back_is_told_from_one_that_changes_nothing(
    run: Run, database: Database, site_file: Path, export_of: Export, holds: Any, outcome: str
) -> None:
    run("import", site_file, export_of("subscribed", ARTA))
    say(database, holds)
    file = export_of("subscribed", ARTA)
    for more in (["--dry-run"], []):
        report = json.loads(
            run("import", site_file, file, "--topic", "offers", "--json", *more).stdout
        )
        told = {each: report[each] for each in ("new", "changed", "unchanged", "held_back")}
        assert told == {"new": 0, "changed": 0, "unchanged": 0, "held_back": 0, outcome: 1}


# ── counted as by the import ────────────────────────────────────────────────────────────────

PEOPLE = st.lists(st.tuples(st.integers(0, 2), WORDS), min_size=1, max_size=8)
"""The rows of a file: which person, and their word."""


def check_random_files(database: Database, site: Site, examples: int) -> None:
    @settings(max_examples=examples, deadline=None, suppress_health_check=[*HealthCheck])
    @given(st.lists(st.tuples(PEOPLE, st.sampled_from(["A", "B", None])), min_size=1, max_size=4))
    def check(files: list[tuple[list[tuple[int, Word]], str | None]]) -> None:
        first = next(NUMBERS)
        for rows, name in files:
            run = ImportRun(site, NOW, HASHES, () if name else ("offers",), LISTS, name)
            dry = try_entries(database, run, entries(rows, name, first), Rejects())
            real = import_entries(database, run, entries(rows, name, first), pace=Steady())
            assert (dry.outcomes, dry.repeats) == (real.outcomes, real.repeats)

    check()


def test_people_who_are_named_twice_are_counted_as_by_the_import(
    database: Database, site: Site
) -> None:
    check_random_files(database, site, examples=40)


@pytest.mark.long
def test_and_so_they_are_in_many_more_files(database: Database, site: Site) -> None:
    check_random_files(database, site, examples=2_000)
