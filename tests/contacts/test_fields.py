"""Fields: what a platform holds of people beside is kept if the site declares it."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from peewee import Database

from tests.support.contacts import ARTA, BEN, HASHES, Run, arta
from tests.support.exports import Told, cursor_in, exported, objects
from tests.support.fields import FIELDS, declare_fields
from tests.support.steady import Steady
from widget_backend.contacts.decisions import ImportRun
from widget_backend.contacts.entry import Entry
from widget_backend.contacts.imports import import_entries
from widget_backend.site.load import load_site
from widget_backend.store.models_of_nobody import Run as StoredRun
from widget_backend.store.models_of_runs import FieldValue
from widget_backend.store.retention import tidy_fields

MAP = """
[fields]
"City" = "city"
"Spent" = "spent"
"""
HEADER = "Email Address,Status,OPTIN_TIME,City,Spent,Notes"
WHEN = "2024-01-01 09:00:00"
DAY = 86_400

Bring = Callable[..., str]


@pytest.fixture(autouse=True)
def _declared(site_file: Path) -> None:
    declare_fields(site_file)


@pytest.fixture
def bring(run: Run, site_file: Path, tmp_path: Path) -> Bring:
    """Import rows of address, city and amount, by a map; returns what is printed."""

    def bring_in(*rows: str, fields: str = MAP, header: str = HEADER, options: Any = ()) -> str:
        file, tags = tmp_path / "list.csv", tmp_path / "tags.toml"
        lines = (row.replace(",", f",subscribed,{WHEN},", 1) + ",note" for row in rows)
        file.write_text("\n".join((header, *lines, "")), encoding="utf-8")
        tags.write_text(fields, encoding="utf-8")
        topics = () if "--as" in options else ("--topic", "offers")
        return run("import", site_file, file, *topics, "--map", tags, *options).output

    return bring_in


@pytest.fixture
def fields_of(run: Run, site_file: Path) -> Callable[[], Any]:
    """What an export tells of the fields of each person, by address."""

    def of_everyone() -> dict[str, Any]:
        entries = objects(run, site_file, "--fields", "all")
        return {each["email"]["address"]: each.get("fields", {}) for each in entries}

    return of_everyone


def values(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: each["value"] for name, each in fields.items()}


def stored(database: Database) -> list[tuple[str, Any]]:
    query = FieldValue.select(FieldValue.field, FieldValue.value).order_by(
        FieldValue.run, FieldValue.field
    )
    return list(query.tuples().execute(database))


def test_only_what_the_map_names_is_kept_with_its_source_and_time(
    bring: Bring, database: Database, fields_of: Callable[[], Any]
) -> None:
    output = bring(f"{ARTA},Tirana,12.50", f"{BEN},,")
    assert "2 new, 0 changed, 0 unchanged, 0 rejected.\n" in output
    assert "list.csv: 1 column was not read: “Notes”\n" in output
    assert stored(database) == [("city", "Tirana"), ("spent", 12.5)]
    known = fields_of()
    assert known[BEN] == {}
    assert values(known[ARTA]) == {"city": "Tirana", "spent": 12.5}
    began = StoredRun.select(StoredRun.started_at).scalar(database)
    at = datetime.fromtimestamp(began, UTC).isoformat().replace("+00:00", "Z")
    assert known[ARTA]["city"] == {"value": "Tirana", "source": "mailchimp", "at": at}


def test_an_export_names_value_source_and_time_as_columns(
    bring: Bring, run: Run, site_file: Path
) -> None:
    bring(f"{ARTA},=Tirana,12.50")
    names = "email,field:city,field:city:source,field:spent,field:member"
    assert exported(run, site_file, "--fields", names) == [
        {
            "email": ARTA,
            "field:city": "'=Tirana",
            "field:city:source": "mailchimp",
            "field:spent": "12.5",
            "field:member": "",
        }
    ]
    (row,) = exported(run, site_file, "--fields", "all")
    assert row["field:spent:at"] == row["field:city:at"] != ""


def test_each_column_is_told_before_the_import(bring: Bring) -> None:
    lines = bring(f"{ARTA},Tirana,1", options=["--dry-run"]).splitlines()
    assert lines[3:6] == ["“City”: field city", "“Spent”: field spent", "“Notes”: not read"]


def test_the_same_again_is_no_news_an_empty_cell_neither_and_the_newer_run_counts(
    bring: Bring, database: Database, fields_of: Callable[[], Any]
) -> None:
    bring(f"{ARTA},Tirana,12.50")
    assert "0 new, 0 changed, 1 unchanged" in bring(f"{ARTA},Tirana,12.5")
    assert "0 new, 0 changed, 1 unchanged" in bring(f"{ARTA},,")
    assert len(stored(database)) == 2
    assert "0 new, 1 changed, 0 unchanged" in bring(f"{ARTA},Durrës,12.50")
    assert values(fields_of()[ARTA]) == {"city": "Durrës", "spent": 12.5}
    assert arta(database).profile.revision == 1, "nothing that the person chose"


def test_a_changed_value_is_told_by_the_next_export_of_changes(
    bring: Bring, run: Run, site_file: Path, told: Told
) -> None:
    bring(f"{ARTA},Tirana,1", f"{BEN},Vlorë,2")
    cursor = cursor_in(run("export", site_file, "--cursor", "start").stderr)
    bring(f"{ARTA},Tirana,1", f"{BEN},Vlorë,3")
    (changed,) = told(cursor, "--fields", "email,field:spent")
    assert (changed["email"]["address"], values(changed["fields"])) == (BEN, {"spent": 3})


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


def test_a_bare_list_tells_of_no_fields(bring: Bring, database: Database) -> None:
    bring(f"{ARTA},Tirana,1")
    bring(f"{ARTA},Durrës,1", options=["--as", "unsubscribed"])
    assert stored(database) == [("city", "Tirana"), ("spent", 1)]


# ── the map of columns ──────────────────────────────────────────────────────────────────────

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


# ── undoing ─────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def undo(run: Run, site_file: Path, tmp_path: Path) -> Callable[[int], dict[str, Any]]:
    def take_back(number: int) -> dict[str, Any]:
        left = tmp_path / "left.csv"
        options = ("--undo", number, "--by", "Mira", "--json", "-o", left)
        report: dict[str, Any] = json.loads(run("import", site_file, *options).output)
        return report

    return take_back


def test_undoing_a_run_puts_values_back_and_tells_the_next_export(
    bring: Bring,
    undo: Callable[[int], Any],
    fields_of: Callable[[], Any],
    run: Run,
    site_file: Path,
    told: Told,
) -> None:
    bring(f"{ARTA},Tirana,", f"{BEN},Vlorë,1")
    before = fields_of()
    bring(f"{ARTA},Durrës,5", f"{BEN},Vlorë,1")
    cursor = cursor_in(run("export", site_file, "--cursor", "start").stderr)
    assert undo(2)["restored"] == 2
    assert fields_of() == before
    assert [each["email"]["address"] for each in told(cursor, "--fields", "email")] == [ARTA]


def test_values_of_somebody_whom_the_run_made_go_with_them(
    bring: Bring, undo: Callable[[int], Any], database: Database
) -> None:
    bring(f"{ARTA},Tirana,1")
    assert undo(1)["deleted"] == 1
    assert stored(database) == []


def test_a_value_that_a_later_run_changed_stays(
    bring: Bring, undo: Callable[[int], Any], fields_of: Callable[[], Any]
) -> None:
    bring(f"{ARTA},Tirana,1")
    bring(f"{ARTA},Durrës,1")
    bring(f"{ARTA},Vlorë,1")
    assert undo(2)["left"] == 1
    assert values(fields_of()[ARTA])["city"] == "Vlorë"
    assert undo(3)["restored"] == 1
    assert values(fields_of()[ARTA])["city"] == "Durrës"


def test_somebody_who_is_in_the_file_twice_is_put_back_as_before_the_run(
    bring: Bring, undo: Callable[[int], Any], fields_of: Callable[[], Any]
) -> None:
    bring(f"{ARTA},Tirana,1")
    later = f"{ARTA},subscribed,2024-06-01 09:00:00,Vlorë,2,note"
    output = bring(f"{ARTA},Durrës,", f"{BEN},,\n{later}"[:-5])
    assert "1 new, 2 changed" in output
    assert values(fields_of()[ARTA]) == {"city": "Vlorë", "spent": 2}
    assert undo(2)["restored"] == 1
    assert values(fields_of()[ARTA]) == {"city": "Tirana", "spent": 1}


# ── as the import, so its dry run ───────────────────────────────────────────────────────────


def test_a_dry_run_counts_as_the_import(bring: Bring, database: Database) -> None:
    bring(f"{ARTA},Tirana,1", f"{BEN},Vlorë,1")
    rows = (f"{ARTA},Durrës,", f"{BEN},Vlorë,1", "c@example.com,,2")
    again = f"\n{ARTA},subscribed,2024-01-02 09:00:00,Durrës,"
    dry = json.loads(bring(*rows[:2], rows[2] + again, options=["--dry-run", "--json"]))
    assert len(stored(database)) == 4
    real = json.loads(bring(*rows[:2], rows[2] + again, options=["--json"]))
    counted = ("new", "changed", "unchanged", "rejected", "repeated")
    assert {name: dry[name] for name in counted} == {name: real[name] for name in counted}
    assert (real["new"], real["changed"], real["unchanged"]) == (1, 1, 2)


# ── the lifespan ────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def a_year_later(database: Database) -> Callable[[], None]:
    """Everything came in a year before."""

    def age() -> None:
        earlier = {StoredRun.started_at: StoredRun.started_at - 365 * DAY}
        StoredRun.update(earlier).execute(database)

    return age


def test_a_value_that_outlived_its_field_is_not_told_and_deleted(
    bring: Bring,
    run: Run,
    database: Database,
    site_file: Path,
    fields_of: Callable[[], Any],
    told: Told,
    a_year_later: Callable[[], None],
) -> None:
    bring(f"{ARTA},Tirana,1")
    cursor = cursor_in(run("export", site_file, "--cursor", "start").stderr)
    site, now = load_site(site_file).site, int(datetime.now(UTC).timestamp())
    assert not tidy_fields([site], database, now)
    assert len(stored(database)) == 2
    a_year_later()
    assert values(fields_of()[ARTA]) == {"city": "Tirana"}
    assert not tidy_fields([site], database, now)
    assert stored(database) == [("city", "Tirana")]
    assert len(told(cursor)) == 1
    assert not tidy_fields([site], database, now)


def test_what_is_brought_again_after_its_end_is_news(
    bring: Bring, fields_of: Callable[[], Any], a_year_later: Callable[[], None]
) -> None:
    bring(f"{ARTA},Tirana,1")
    a_year_later()
    assert "1 changed" in bring(f"{ARTA},Tirana,1")
    assert values(fields_of()[ARTA]) == {"city": "Tirana", "spent": 1}


def test_many_values_end_in_steps(
    bring: Bring, database: Database, site_file: Path, a_year_later: Callable[[], None]
) -> None:
    bring(*(f"a{at}@example.com,,1" for at in range(101)))
    a_year_later()
    site, now = load_site(site_file).site, int(datetime.now(UTC).timestamp())
    assert tidy_fields([site], database, now)
    assert len(stored(database)) == 1
    assert not tidy_fields([site], database, now)
    assert stored(database) == []


def test_a_field_that_is_no_longer_declared_is_told_at_an_export_of_everything(
    bring: Bring, run: Run, site_file: Path
) -> None:
    bring(f"{ARTA},Tirana,1", f"{BEN},,1")
    text = site_file.read_text(encoding="utf-8")
    site_file.write_text(text.replace('id = "spent"', 'id = "bought"'), encoding="utf-8")
    complaint = "no longer declares the field “spent”, held by 2. It has no column"
    assert complaint in run("export", site_file, "--fields", "all").stderr


# ── how much is asked ───────────────────────────────────────────────────────────────────────


def entry(email: str, **fields: Any) -> Entry:
    return Entry(2, email, "subscribed", (), {}, 1, fields=fields)


@pytest.mark.parametrize(
    ("fields", "asked"),
    [({}, []), ({"city": "Durrës"}, ["SELECT", "INSERT"])],
    ids=["none", "some"],
)
def test_fields_cost_one_query_a_batch_and_none_where_a_file_has_none(
    database: Database,
    site_file: Path,
    monkeypatch: pytest.MonkeyPatch,
    fields: dict[str, Any],
    asked: list[str],
) -> None:
    run = ImportRun(load_site(site_file).site, datetime.now(UTC), HASHES, ("offers",))
    people = [f"a{number}@example.com" for number in range(16)]
    import_entries(database, run, [entry(each, city="Tirana") for each in people], pace=Steady(16))
    execute, queries = database.execute_sql, []

    def counted(sql: str, *rest: Any) -> Any:
        if "fieldvalue" in sql:
            queries.append(sql.partition(" ")[0])
        return execute(sql, *rest)

    monkeypatch.setattr(database, "execute_sql", counted)
    import_entries(database, run, [entry(each, **fields) for each in people], pace=Steady(16))
    assert queries == asked
