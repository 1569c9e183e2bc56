"""What a platform holds of people beside is kept if the site declares it, and goes out again."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from peewee import Database

from tests.support.contacts import ARTA, BEN, HASHES, Bring, Run, arta
from tests.support.exports import Told, cursor_in, exported
from tests.support.fields import stored, values
from tests.support.steady import Steady
from widget_backend.contacts.decisions import ImportRun
from widget_backend.contacts.entry import Entry
from widget_backend.contacts.imports import import_entries
from widget_backend.site.load import load_site
from widget_backend.store.models_of_nobody import Run as StoredRun


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


def test_a_bare_list_tells_of_no_fields(bring: Bring, database: Database) -> None:
    bring(f"{ARTA},Tirana,1")
    bring(f"{ARTA},Durrës,1", options=["--as", "unsubscribed"])
    assert stored(database) == [("city", "Tirana"), ("spent", 1)]


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
    assert (real["new"], real["changed"], real["unchanged"]) == (1, 2, 1)


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
