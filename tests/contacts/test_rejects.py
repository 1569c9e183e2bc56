"""Rows that an import cannot use: each with its line and the reason, in a file of its own."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from peewee import Database

from tests.support.contacts import ARTA, Bring, Export, Run, found, table_of


def test_bad_rows_go_to_a_file_with_line_and_reason_and_the_others_come_in(
    run: Run, database: Database, site_file: Path, tmp_path: Path
) -> None:
    file = tmp_path / "export.csv"
    file.write_text(
        "Email Address,First Name,OPTIN_TIME,CONFIRM_TIME\n"
        "arta@example.com,=1+1,2024-03-01 09:00:00,\n"
        ',"No\naddress",,\n'
        "not-an-address,+1,,\n"
        "ARTA@example.com ,Again,2024-03-01 09:00:00,\n"
        "many@example.com,Many,,,5\n"
        'swallow@example.com,"Open,,\n'
        "last@example.com,Last,2024-03-01 09:00:00\n",
        encoding="utf-8",
    )
    result = run("import", site_file, file, "--topic", "offers")
    rejects = tmp_path / "export.csv.rejects.csv"
    assert result.output == (
        f"export.csv (subscribed): 2 new, 0 changed, 0 unchanged, 5 rejected (see {rejects}).\n"
        "export.csv: “offers” on for 2\n"
        "export.csv: 1 column was not read: “First Name”\n"
    )
    assert sorted(found(database, ARTA, "last@example.com")) == [ARTA, "last@example.com"]
    with rejects.open(encoding="utf-8", newline="") as text:
        header, *rows = csv.reader(text)
    cures = [row.pop(2) for row in rows]
    assert cures[0] == "write the address into this row"
    assert cures[-1].startswith("close it where its cell ends, or take it out")
    assert header == [
        "line",
        "reason",
        "cure",
        "Email Address",
        "First Name",
        "OPTIN_TIME",
        "CONFIRM_TIME",
    ]
    assert rows == [
        ["3", "has no email address", "", "No\naddress", "", ""],
        ["5", "is not an email address", "not-an-address", "'+1", "", ""],
        ["6", "repeats the address of line 2, which counts", "ARTA@example.com ", "Again",
         "2024-03-01 09:00:00", ""],
        ["7", "has 5 fields where the header has 4", "many@example.com", "Many", "", "", "5"],
        ["8", "a quotation mark opens in line 8, and its text does not end there",
         'swallow@example.com,"Open,,'],
    ]  # fmt: skip


def test_a_file_of_rejects_is_made_only_when_there_is_one_and_tells_of_the_last_run(
    run: Run, site_file: Path, export_of: Export, tmp_path: Path
) -> None:
    rejects = tmp_path / "bad.csv"
    file = export_of("subscribed", ARTA, "nonsense")
    run("import", site_file, file, "--rejects", rejects)
    assert rejects.exists()
    run("import", site_file, export_of("subscribed", ARTA), "--rejects", rejects)
    assert not rejects.exists()
    for other in ("something else\n", "line,reasons\n"):
        rejects.write_text(other)
        run("import", site_file, export_of("subscribed", ARTA), "--rejects", rejects)
        assert rejects.read_text() == other


def test_rejects_do_not_overwrite_the_file_they_come_from(
    run: Run, site_file: Path, export_of: Export
) -> None:
    file = export_of("subscribed", "nonsense")
    before = file.read_bytes()
    result = run("import", site_file, file, "--rejects", file)
    assert result.exit_code == 1
    assert result.output == f"{file}: it is the file being read. name another --rejects.\n"
    assert file.read_bytes() == before


@pytest.mark.parametrize("cell", ["+arta@example.com", "'+arta@example.com", "＝a@example.com"])
def test_what_a_spreadsheet_could_run_is_no_address(
    run: Run, database: Database, site_file: Path, export_of: Export, cell: str
) -> None:
    result = run("import", site_file, export_of("subscribed", cell, ARTA))
    assert "1 new" in result.output
    assert "1 rejected" in result.output
    assert list(found(database, ARTA)) == [ARTA]


def test_each_reason_has_a_cure_which_stands_in_its_own_column(
    bring: Bring, tmp_path: Path
) -> None:
    when = "2024-01-01 09:00:00"
    text = f"""Email Address,Status,CONFIRM_TIME
nobody,subscribed,{when}
,subscribed,{when}
a@example.com,,{when}
b@example.com,pending,{when}
c@example.com,subscribed,
d@example.com,subscribed,{when}
d@example.com,subscribed,{when}
e@example.com,subscribed,{when},more
f@example.com,transactional,
"g@example.com,subscribed,{when}
"""
    bring(text)
    rows = table_of((tmp_path / "list.csv.rejects.csv").read_text())
    assert [row["line"] for row in rows] == ["2", "3", "4", "5", "6", "8", "9", "10", "11"]
    assert all(row["cure"] and "; " not in row["reason"] for row in rows)
    assert rows[0]["cure"] == "write the address in full, as name@example.com"


def test_rejects_of_an_earlier_version_are_read_too(bring: Bring, tmp_path: Path) -> None:
    text = "line,reason,email,Notes\n2,is not an email address,a@example.com,x\n"
    assert "1 new" in bring(text, "--consent", "at the till", name="old.rejects.csv")
