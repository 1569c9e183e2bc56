"""How people came to agree, as each row of a file says it or whoever imports the file."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from peewee import Database

from tests.support.basis import HEAD, MAP, MAY, MORE, declare, ground
from tests.support.contacts import ARTA, BEN, OFFERS, Run, arta, evidence_of, found, table_of
from widget_backend.contacts.basis_column import EXPLAIN_IT, FILL_IT, SAY_DAY
from widget_backend.contacts.stated_consent import NO_TIME, STILL_TO_COME
from widget_backend.rules.basis import Ground
from widget_backend.site.model import Site
from widget_backend.store.ledger import records
from widget_backend.web.consents import consents_by_topic


def test_each_row_says_how_and_when_and_the_ledger_keeps_it(
    bring_rows: Any, database: Database
) -> None:
    bring_rows(f"{ARTA},2026-05-03,Order,,\n{BEN},2026-05-03,form,,")
    assert ground(database) == Ground("purchase", MAY)
    assert ground(database, BEN) == Ground()
    evidence = evidence_of(database)
    assert (evidence["basis"], evidence["Origin"]) == ("purchase", "Order")
    assert "agreed_at" not in evidence, "for they did not"
    (record,) = records(database, arta(database).profile.ledger_key)
    assert record.changes[0].after == {**OFFERS, "basis": "purchase", "basis_at": MAY}


def test_one_word_for_the_whole_file(bring_rows: Any, database: Database) -> None:
    bring_rows(f"{ARTA},2026-05-03,,,\n{BEN},2026-05-03,form,,", "--basis", "inquiry")
    assert ground(database) == Ground("inquiry", MAY)
    assert ground(database, BEN) == Ground(), "unless its row says another one"


def test_a_purchase_lasts_no_longer_than_from_the_day_that_is_stated(
    bring_rows: Any, database: Database
) -> None:
    stated = ("--consent", "Our till", "--consented-on", "2026-05-03")
    bring_rows(f"{ARTA},2026-06-01,order,,\n{BEN},2026-05-01,order,,", *stated)
    assert ground(database) == Ground("purchase", MAY)
    assert ground(database, BEN).at == MAY - 2 * 86_400


@pytest.mark.parametrize("zone", ["America/Los_Angeles", "Pacific/Kiritimati"])
@pytest.mark.parametrize("word", ["order", "form"])
def test_a_day_that_the_file_states_is_that_day_by_whatever_clock(
    bring_rows: Any, run: Run, site_file: Path, site: Site, database: Database, zone: str, word: str
) -> None:
    declare(site_file, f'countries = ["CA"]\ntime_zone = "{zone}"', MORE)
    bring_rows(f"{ARTA},2026-05-03,{word},,")
    there = replace(site, time_zone=zone)
    known = records(database, arta(database).profile.ledger_key)
    assert consents_by_topic(there, known)["offers"].day == date(2026, 5, 3)
    decided = run("decide", site_file, ARTA, "--campaign", "spring").stdout
    (line,) = [each for each in decided.splitlines() if "  consent  " in each]
    assert "on 3 May 2026" in line


@pytest.mark.parametrize("name", ["consent", "kind", "file", "run"])
def test_a_column_may_be_called_as_something_that_the_evidence_names_already(
    run: Run, site_file: Path, tmp_path: Path, database: Database, name: str
) -> None:
    columns, file = tmp_path / "columns.toml", tmp_path / "till.csv"
    columns.write_text(MAP.replace('"Origin"', f'"{name}"'), encoding="utf-8")
    head = HEAD.replace("Origin", name)
    file.write_text(f"{head}{ARTA},2026-05-03,order,,\n{BEN},,till,,\n", encoding="utf-8")
    stated = ("--consent", "Our till", "--consented-on", "2026-05-03")
    result = run("import", site_file, file, "--columns", columns, "--topic", "offers", *stated)
    assert "2 new, 0 changed, 0 unchanged, 0 rejected" in result.stdout, result.output
    assert ground(database) == ground(database, BEN) == Ground("purchase", MAY)
    (of_arta,) = records(database, arta(database).profile.ledger_key)
    (of_ben,) = records(database, found(database, BEN)[BEN].profile.ledger_key)
    assert of_arta.evidence[f"column {name}"] == "order"
    assert (
        of_ben.evidence.items()
        >= {
            "file": "till.csv",
            "kind": "subscribed",
            "consent": "Our till",
            f"column {name}": "till",
            "run": "1",
        }.items()
    )


def test_a_kept_column_may_be_called_so_too(
    run: Run, site_file: Path, tmp_path: Path, database: Database
) -> None:
    columns, file = tmp_path / "columns.toml", tmp_path / "shop.csv"
    columns.write_text('address = "email"\nkept = ["consent"]\n', encoding="utf-8")
    file.write_text(f"email,consent\n{ARTA},at the fair\n", encoding="utf-8")
    usual = ("--columns", columns, "--topic", "offers")
    result = run("import", site_file, file, *usual, "--consent", "By letter")
    assert "1 new" in result.stdout, result.output
    evidence = evidence_of(database)
    assert (evidence["consent"], evidence["column consent"]) == ("By letter", "at the fair")


REJECTED = {
    "an unknown word": ("2026-05-03,gift,,", (), EXPLAIN_IT),
    "no word": ("2026-05-03,,,", (), FILL_IT),
    "no day": (",order,,", (), SAY_DAY),
    "no day of a yes": (",form,,", (), NO_TIME),
    "a statement without a day": (",order,,", ("--consent", "at the till"), SAY_DAY),
    "a day still to come": ("2999-05-03,order,,", (), STILL_TO_COME),
    "such a day, and a statement": (
        "2999-05-03,order,,",
        ("--consent", "at the till", "--consented-on", "2026-01-01"),
        STILL_TO_COME,
    ),
}


@pytest.mark.parametrize("case", REJECTED)
def test_a_row_that_does_not_say_it_is_rejected_with_line_reason_and_cure(
    bring_rows: Any, case: str, database: Database, tmp_path: Path
) -> None:
    cells, options, reason = REJECTED[case]
    told = bring_rows(f"{ARTA},2026-05-03,order,,\n{BEN},{cells}", *options)
    assert (told["new"], told["rejected"]) == (1, 1)
    (row,) = table_of((tmp_path / "till.csv.rejects.csv").read_text("utf-8"))
    assert (row["line"], row["Email"]) == ("3", BEN)
    assert f"{row['reason']}; {row['cure']}".endswith(reason)
    assert BEN not in found(database, BEN)


@pytest.mark.parametrize("cell", ["+355 69 123 4567", "b@example.com", "Arta Hoxha"])
def test_a_report_repeats_no_cell_of_a_person(
    bring_rows: Any, run: Run, site_file: Path, tmp_path: Path, cell: str
) -> None:
    told = bring_rows(f"{ARTA},2026-05-03,{cell},,")
    assert told["rejected"] == 1
    assert cell not in json.dumps(told, ensure_ascii=False)
    reason = f"has a word in “Origin” that the map does not explain; {EXPLAIN_IT}"
    assert told["first_rejected"] == [{"line": 2, "reason": reason}]
    usual = ("--columns", tmp_path / "columns.toml", "--topic", "offers", "--dry-run")
    dry = run("import", site_file, tmp_path / "till.csv", *usual)
    assert (f"line 2: {reason}" in dry.stderr, cell in dry.output) == (True, False)
    (row,) = table_of((tmp_path / "till.csv.rejects.csv").read_text("utf-8"))
    assert row["Origin"].lstrip("'") == cell, "who has the file can see it there"


MISTAKES = {
    "a column that is not there": ('"Origin"', '"Source"', "has no column “Source”"),
    "two meanings": ('["form"]', '["Order"]', "basis: “order” has two meanings"),
    "an unknown key": ("inquiry =", "interest =", "basis.interest: is not a known key"),
}


@pytest.mark.parametrize("case", MISTAKES)
def test_a_mistake_in_the_map_is_one_line(
    run: Run, site_file: Path, tmp_path: Path, case: str
) -> None:
    before, after, reason = MISTAKES[case]
    columns, file = tmp_path / "columns.toml", tmp_path / "till.csv"
    columns.write_text(MAP.replace(before, after), encoding="utf-8")
    file.write_text(f"{HEAD}{ARTA},2026-05-03,order,,\n", encoding="utf-8")
    result = run("import", site_file, file, "--columns", columns, "--topic", "offers")
    assert result.exit_code == 1
    assert reason in result.stderr
    assert result.stderr.count("\n") == 1


def test_an_unknown_basis_is_one_line(run: Run, site_file: Path, tmp_path: Path) -> None:
    file = tmp_path / "till.csv"
    file.write_text(f"email\n{ARTA}\n", encoding="utf-8")
    for options in (("--basis", "gift"), ("--basis", "purchase", "--as", "unsubscribed")):
        result = run("import", site_file, file, *options)
        assert result.exit_code == 2
        assert "--basis" in result.stderr
