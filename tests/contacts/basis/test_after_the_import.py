"""What follows where somebody was not simply asked: what the law, files and audiences say of it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from peewee import Database

from tests.support.basis import MAP, MAY, MORE, declare, ground
from tests.support.contacts import ARTA, BEN, OFFERS, Run, arta, say
from widget_backend.contacts.basis_column import WORDS
from widget_backend.contacts.platform_output import NO_CONSENT
from widget_backend.rules.basis import Ground
from widget_backend.store.models import Preference


def test_what_the_person_chooses_here_replaces_it(bring_rows: Any, database: Database) -> None:
    bring_rows(f"{ARTA},2026-05-03,order,,")
    say(database, {"topic:offers": OFFERS})  # type: ignore[arg-type]
    assert ground(database) == Ground()
    told = bring_rows(f"{ARTA},2026-06-03,order,,")
    assert told["unchanged"] == 1
    assert ground(database) == Ground()


def test_a_no_stays_a_no(bring_rows: Any, database: Database) -> None:
    bring_rows(f"{ARTA},2026-05-03,form,,")
    say(database, {"topic:offers": {**OFFERS, "on": False}})  # type: ignore[arg-type]
    told = bring_rows(f"{ARTA},2026-11-03,order,,")
    assert told["held_back"] == 1
    assert not arta(database).profile.state.is_subscribed("offers")


def test_undoing_the_run_brings_back_what_held_before(
    bring_rows: Any, run: Run, site_file: Path, database: Database
) -> None:
    bring_rows(f"{ARTA},2026-05-03,order,,")
    told = bring_rows(f"{ARTA},2026-06-03,form,,")
    assert ground(database) == Ground()
    assert run("import", site_file, "--undo", told["run"]).exit_code == 0
    assert ground(database) == Ground("purchase", MAY)


def test_a_dry_run_says_how_many_were_not_asked_and_for_how_many_the_law_knows_no_such_consent(
    bring_rows: Any, run: Run, site_file: Path, tmp_path: Path, database: Database
) -> None:
    declare(site_file, 'countries = ["CA", "AL"]', MORE)
    columns = tmp_path / "columns.toml"
    columns.write_text(f'{MAP}[fields]\n"Checked" = "country"\n'.replace("phone_evidence", "# "))
    rows = (
        f"{ARTA},2026-05-03,order,,CA\n{BEN},2023-05-03,order,,CA\n"
        "c@example.com,2026-05-03,order,,AL\nd@example.com,2026-05-03,form,,AL\n"
        "e@example.com,2026-05-03,question,,"
    )
    told = bring_rows(rows, "--dry-run")
    assert told["bases"] == {"purchase": 3, "inquiry": 1}
    assert told["unlawful"] == {"no implied consent": 2, "ended": 1}
    file = tmp_path / "till.csv"
    usual = ("--columns", columns, "--topic", "offers")
    text = run("import", site_file, file, *usual, "--dry-run").stderr
    assert f"3 people {WORDS['purchase']}" in text
    run("import", site_file, file, *usual)
    made = run("audience", site_file, "--campaign", "spring")
    assert "spring: 2 may get it, 3 may not:" in made.stderr
    checked = run("check", site_file)
    assert f"3 people (email): {WORDS['purchase']}, which is no consent by the law of Albania" in (
        checked.stderr
    )
    law = run("law", site_file).stdout
    assert "    Canada: consent for 24 months\n    Albania: no consent\n" in law


def test_a_file_for_a_platform_subscribes_nobody_whose_consent_is_none(
    bring_rows: Any, run: Run, site_file: Path, tag_file: Path
) -> None:
    declare(site_file, 'countries = ["AL"]')
    bring_rows(f"{ARTA},2026-05-03,order,,\n{BEN},2026-05-03,form,,")
    result = run("export", site_file, "--for", "brevo", "--map", tag_file)
    rows = {row.split(";")[0]: row.split(";")[1] for row in result.stdout.splitlines()[1:]}
    assert rows == {ARTA: "Yes", BEN: "No"}
    assert f"1 {NO_CONSENT}" in result.stderr
    assert NOT_ASKED not in result.stderr


NOT_ASKED = "some subscribed people were not simply asked (1)"


def test_a_file_for_a_platform_that_forgets_the_basis_comes_with_a_warning(
    bring_rows: Any, run: Run, site_file: Path, tag_file: Path
) -> None:
    declare(site_file, 'countries = ["CA"]')
    bring_rows(f"{ARTA},2026-05-03,order,,\n{BEN},2026-05-03,form,,")
    result = run("export", site_file, "--for", "brevo", "--map", tag_file)
    assert f"warning: {NOT_ASKED}. If this list comes back" in result.stderr


def test_who_left_everything_is_not_counted_among_those_who_were_not_asked(
    bring_rows: Any, run: Run, site_file: Path, database: Database
) -> None:
    bring_rows(f"{ARTA},2026-05-03,order,,\n{BEN},2026-05-03,order,,")
    say(database, {"overall": {"reach": "off", "until": None}})  # type: ignore[arg-type]
    assert f"1 person (email): {WORDS['purchase']}" in run("law", site_file).stdout


def test_an_export_of_ours_carries_it_there_and_back(
    bring_rows: Any, run: Run, site_file: Path, tmp_path: Path, database: Database
) -> None:
    bring_rows(f"{ARTA},2026-05-03,order,,")
    (line,) = run(
        "export", site_file, "--fields", "offers", "--format", "ndjson"
    ).stdout.splitlines()
    assert json.loads(line)["topics"]["offers"]["basis"] == "purchase"
    file = tmp_path / "ours.csv"
    run("export", site_file, "--fields", "all", "-o", file)
    assert "email weekly, purchase 2026-05-03T00:00:00Z" in file.read_text("utf-8")
    Preference.delete().execute(database)
    assert "1 changed" in run("import", site_file, file).stdout
    assert ground(database) == Ground("purchase", MAY)


CELLS = {
    "an unknown basis": "email weekly, gift 2026-05-03",
    "no day where one is needed": "email weekly, purchase",
    "a day still to come": "email weekly, purchase 2999-05-03",
    "what is no day": "email weekly, pre_ticked soon",
}


@pytest.mark.parametrize("case", CELLS)
def test_a_cell_of_an_export_that_says_it_wrongly_is_rejected(
    run: Run, site_file: Path, tmp_path: Path, case: str
) -> None:
    file = tmp_path / "ours.csv"
    head = "email,language,status,paused_until,offers,offers:at"
    text = f'{head}\n{ARTA},en,subscribed,,"{CELLS[case]}",2026-05-03\n'
    file.write_text(text, encoding="utf-8")
    told = json.loads(run("import", site_file, file, "--json").stdout)
    assert (told["new"], told["rejected"]) == (0, 1)
    assert "“offers”" in told["first_rejected"][0]["reason"]
