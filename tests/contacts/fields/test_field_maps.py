"""Which column is which field: the maps of tags and of columns, and what is wrong with them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from peewee import Database

from tests.support.contacts import ARTA, BEN, WHEN, Bring, Run
from tests.support.fields import FIELDS, HEADER, values
from widget_backend.store.models_of_nobody import Run as StoredRun


def test_each_column_is_told_before_the_import(bring: Bring) -> None:
    lines = bring(f"{ARTA},Tirana,1", options=["--dry-run"]).splitlines()
    assert lines[3:6] == ["“City”: field city", "“Spent”: field spent", "“Notes”: not read"]


def test_what_is_no_value_is_passed_over_and_named_and_the_row_counts(
    bring: Bring, fields_of: Callable[[], Any]
) -> None:
    header = "Email Address,Status,OPTIN_TIME,City,Born,Notes"
    fields = '[fields]\n"City" = "country"\n"Born" = "born"\n'
    rows = (f"{ARTA},Albania,1985-04-02", f"{BEN},AL,1985-02-30", "c@example.com,QQ,")
    output = bring(*rows, fields=fields, header=header)
    assert "3 new, 0 changed, 0 unchanged, 0 rejected.\n" in output
    assert output.splitlines()[-2:] == [
        (
            "warning: list.csv: 2 values are no countries, the first in line 2 (City); the rest of "
            "the row counts. write its two letters (ISO 3166-1), like AL."
        ),
        (
            "warning: list.csv: 1 value is no date, in line 3 (Born); the rest of the row counts. "
            "write it like 2024-03-01."
        ),
    ]
    assert values(fields_of()[ARTA]) == {"born": "1985-04-02"}
    assert values(fields_of()[BEN]) == {"country": "AL"}


def test_what_could_not_be_read_is_counted_by_column(bring: Bring) -> None:
    report = json.loads(bring(f"{ARTA},Tirana,much", f"{BEN},,12 EUR", options=["--json"]))
    assert report["unreadable_values"] == {"Spent": 2}
    assert len(report["warnings"]) == 1


@pytest.mark.parametrize(
    ("fields", "complaint"),
    [
        (
            '"City" = "town"',
            (
                "tags.toml: fields.City: no field is called “town”. "
                "choose one of city, spent, born, member, country."
            ),
        ),
        (
            '"City" = 3',
            (
                "tags.toml: fields.City: no field is called “3”. "
                "choose one of city, spent, born, member, country."
            ),
        ),
        (
            '"City" = "city"\n"Notes" = "city"',
            "tags.toml: fields: both “City” and “Notes” are “city”. leave one of them.",
        ),
    ],
)
def test_a_mistake_in_the_map_is_one_line_and_nothing_is_written(
    bring: Bring, database: Database, fields: str, complaint: str
) -> None:
    (line,) = bring(f"{ARTA},Tirana,1", fields=f"[fields]\n{fields}\n").splitlines()
    assert line.endswith(complaint)
    assert StoredRun.select().count(database) == 0


def test_one_map_serves_files_with_other_columns_and_says_what_they_lack(bring: Bring) -> None:
    output = bring(f"{ARTA},Tirana,1", fields='[fields]\n"City" = "city"\n"Country" = "country"\n')
    assert "1 new" in output
    assert "the map names columns under [fields] that are not here: “Country”." in output


def test_a_site_without_fields_says_where_to_declare_them(bring: Bring, site_file: Path) -> None:
    text = site_file.read_text(encoding="utf-8")
    site_file.write_text(text.replace(FIELDS, ""), encoding="utf-8")
    output = bring(f"{ARTA},Tirana,1")
    assert "fields.City: no field is called “city”. declare it under [[fields]]." in output


def test_a_column_that_may_say_no_is_not_read_for_a_field_instead(bring: Bring) -> None:
    output = bring(
        f"{ARTA},yes,1",
        header="Email Address,Status,OPTIN_TIME,Opted out,Spent,Notes",
        fields='[fields]\n"Opted out" = "city"\n',
    )
    assert "Opted out" in output
    assert "new" not in output


COLUMNS = """
address = "Email Address"
agreed = ["OPTIN_TIME"]
[fields]
"City" = "city"
"""


@pytest.fixture
def bring_by_columns(bring: Bring, tmp_path: Path) -> Bring:
    def bring_in(columns: str, fields: str = "") -> str:
        (tmp_path / "columns.toml").write_text(columns, encoding="utf-8")
        options = ["--columns", tmp_path / "columns.toml"]
        return bring(f"{ARTA},Tirana,1", fields=fields, options=options)

    return bring_in


def test_the_map_of_columns_names_fields_too(
    bring_by_columns: Bring, fields_of: Callable[[], Any]
) -> None:
    bring_by_columns(COLUMNS, '[fields]\n"Spent" = "spent"\n')
    assert values(fields_of()[ARTA]) == {"city": "Tirana", "spent": 1}


@pytest.mark.parametrize(
    ("before", "after", "complaint"),
    [
        ('= "city"', '= "town"', "columns.toml: fields.City: no field is called “town”."),
        ('"City" =', '"Town" =', "columns.toml: fields: list.csv has no column “Town”."),
        ('[fields]\n"City" = "city"', "fields = 3", "columns.toml: fields: is no table."),
    ],
)
def test_a_mistake_in_it_is_one_line(
    bring_by_columns: Bring, before: str, after: str, complaint: str
) -> None:
    (line,) = bring_by_columns(COLUMNS.replace(before, after)).splitlines()
    assert complaint in line


def test_both_maps_may_not_name_two_columns_for_one_field(bring_by_columns: Bring) -> None:
    (line,) = bring_by_columns(COLUMNS, '[fields]\n"Notes" = "city"\n').splitlines()
    assert line.endswith("list.csv: fields: both “City” and “Notes” are “city”. leave one of them.")


def test_a_draft_names_the_fields_of_the_site(run: Run, site_file: Path, tmp_path: Path) -> None:
    file = tmp_path / "list.csv"
    file.write_text(f"{HEADER}\n{ARTA},subscribed,{WHEN},Tirana,1,\n", encoding="utf-8")
    draft = run("import", site_file, "--describe", file).output
    assert '# [fields]\n# "…" = "city"  # text: City\n# "…" = "spent"' in draft
    assert "[fields]" not in run("import", "--describe", file).output
