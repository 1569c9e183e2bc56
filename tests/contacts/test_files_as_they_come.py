"""Our own files, and rows whose ends a spreadsheet dropped, are read as they come."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from peewee import Database

from tests.support.contacts import ARTA, WHEN, Run, Written, found, table_of

BESA = "besa@example.com"


# ── files of our own ────────────────────────────────────────────────────────────────────────


def test_rejects_that_were_put_right_come_in(
    run: Run, database: Database, site_file: Path, written: Written, tmp_path: Path
) -> None:
    file = written(f"Name,Email Address,OPTIN_TIME,CONFIRM_TIME\nArta,arta,{WHEN},{WHEN}\n")
    assert "1 rejected" in run("import", site_file, file).output
    rejects = tmp_path / "contacts.csv.rejects.csv"
    put_right = rejects.read_text().replace(",arta,", f",{ARTA},")
    rejects.write_text(put_right + "4,has no email address,,Besa,,,\n")
    again = run("import", site_file, rejects)
    assert "1 new, 0 changed, 0 unchanged, 1 rejected" in again.output
    assert found(database, ARTA)
    assert rejects.read_text().startswith(put_right)
    left = tmp_path / "contacts.csv.rejects.csv.rejects.csv"
    assert list(csv.reader(io.StringIO(left.read_text()))) == [
        ["line", "reason", "cure", "Name", "Email Address", "OPTIN_TIME", "CONFIRM_TIME"],
        ["3", "has no email address", "write the address into this row", "Besa", "", "", ""],
    ]


@pytest.mark.usefixtures("database")
def test_links_of_rejects_that_came_in_later_have_the_columns_of_the_file(
    run: Run, site_file: Path, written: Written, tmp_path: Path
) -> None:
    file = written(f"Name,Email Address,OPTIN_TIME,CONFIRM_TIME\nArta,{ARTA},{WHEN},{WHEN}\n")
    header = run("links", site_file, file).stdout
    run("import", site_file, file)
    result = run("links", site_file, tmp_path / "contacts.csv.links.rejects.csv")
    assert result.stdout.startswith(header)
    assert [row["Name"] for row in table_of(result.stdout)] == ["Arta"]


def test_links_read_our_own_export(
    run: Run, site_file: Path, written: Written, tmp_path: Path
) -> None:
    run("import", site_file, written(f"email,OPTIN_TIME,CONFIRM_TIME\n{ARTA},{WHEN},\n"))
    out = tmp_path / "choices.csv"
    run("export", site_file, "-o", out)
    (row,) = table_of(run("links", site_file, out).stdout)
    assert (row["email"], row["status"]) == (ARTA, "subscribed")


# ── rows of uneven length ───────────────────────────────────────────────────────────────────


def test_rows_that_lack_or_add_only_empty_cells_are_read(
    run: Run, database: Database, site_file: Path, written: Written
) -> None:
    header = "Email Address,OPTIN_TIME,CONFIRM_TIME,NOTES,TAGS\n"
    rows = f'{ARTA},{WHEN},{WHEN}\n{BESA},,{WHEN},"one\ntwo"\nc@example.com,{WHEN},,,,,\n'
    said = run("import", site_file, written(header + rows)).output
    assert "3 new, 0 changed, 0 unchanged, 0 rejected" in said
    assert len(found(database, ARTA, BESA, "c@example.com")) == 3


def test_a_row_that_lost_cells_that_are_never_empty_is_rejected(
    run: Run, site_file: Path, written: Written, tmp_path: Path
) -> None:
    header = "Email Address,OPTIN_TIME,CONFIRM_TIME,LEID,EUID,NOTES,TAGS\n"
    rows = f"{ARTA},{WHEN},{WHEN}\n{BESA},{WHEN},{WHEN},5,6\n"
    assert (
        "1 new, 0 changed, 0 unchanged, 1 rejected"
        in run("import", site_file, written(header + rows)).output
    )
    (row,) = table_of((tmp_path / "contacts.csv.rejects.csv").read_text())
    assert row["reason"] == "has 3 fields where the header has 7"


def test_semicolons_are_told_by_name_whatever_the_columns_are_called(
    run: Run, site_file: Path, written: Written
) -> None:
    file = written(f"EMAIL;LASTNAME;FIRSTNAME;AGE\n{ARTA};Hoxha;Arta;30\n")
    for command in ("import", "links"):
        result = run(command, site_file, file, "--address-column", "EMAIL")
        assert result.exit_code == 1
        assert "its columns are separated by semicolons (;)" in result.output
