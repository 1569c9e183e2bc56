"""Rows that an import cannot use: each with its line and the reason, in a file of its own."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from peewee import Database

from tests.support.contacts import ARTA, Export, Run, found


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
    )
    assert sorted(found(database, ARTA, "last@example.com")) == [ARTA, "last@example.com"]
    with rejects.open(encoding="utf-8", newline="") as text:
        header, *rows = csv.reader(text)
    assert header == ["line", "reason", "Email Address", "First Name", "OPTIN_TIME", "CONFIRM_TIME"]
    assert rows == [
        ["3", "has no email address", "", "No\naddress", "", ""],
        ["5", "is not an email address", "not-an-address", "'+1", "", ""],
        ["6", "repeats the address of line 2, which counts", "ARTA@example.com ", "Again",
         "2024-03-01 09:00:00", ""],
        ["7", "has 5 fields where the header has 4", "many@example.com", "Many", "", "", "5"],
        ["8", "a quotation mark opens or closes in the wrong place",
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
