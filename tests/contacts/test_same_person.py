"""The same person however they are written: by address or customer number, never by phone."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from peewee import Database

from tests.support.contacts import ARTA, BEN, HASHES, Run, Written, arta, found, say, table_of
from tests.support.exports import exported
from widget_backend.address_hashes import of_number
from widget_backend.store.database import write_transaction
from widget_backend.store.models import Identity, Profile
from widget_backend.store.suppression import suppress

NUMBER, OTHER = "+355691234567", "+355697654321"
HEADER = "Email,Customer,Phone,CONFIRM_TIME,OPTIN_TIME\n"
AT = "2026-01-02 10:00:00"
MAP = '[contacts]\ncustomer = "Customer"\nphone = "Phone"\n'

Import = Callable[..., dict[str, Any]]


@pytest.fixture
def bring_in(run: Run, site_file: Path, tmp_path: Path) -> Import:
    """Import these rows, everyone to the offers; returns the report."""

    def bring(rows: str, *options: str, header: str = HEADER) -> dict[str, Any]:
        file, numbers = tmp_path / "list.csv", tmp_path / "numbers.toml"
        file.write_text(header + rows, encoding="utf-8")
        numbers.write_text(MAP, encoding="utf-8")
        mapped = () if "--columns" in options else ("--map", numbers)
        result = run("import", site_file, file, "--topic", "offers", *mapped, *options, "--json")
        assert result.exit_code == 0, result.output
        report: dict[str, Any] = json.loads(result.stdout)
        return report

    return bring


def counts(report: dict[str, Any]) -> dict[str, int]:
    names = ("new", "changed", "unchanged", "rejected")
    return {name: report[name] for name in names if report[name]}


def numbers(run: Run, site_file: Path) -> list[list[str]]:
    rows = exported(run, site_file, "--fields", "email,customer,phone,phone_confirmed")
    return [[*row.values()] for row in rows]


# ── a customer number ───────────────────────────────────────────────────────────────────────


def test_numbers_come_in_with_the_person(bring_in: Import, run: Run, site_file: Path) -> None:
    report = bring_in(f"{ARTA},K-1,+355 69 123 4567,{AT}\n{BEN},,,{AT}\n")
    assert counts(report) == {"new": 2}
    assert {each["column"]: each["uses"] for each in report["columns"]} == {
        "Email": ["address"],
        "Customer": ["customer number"],
        "Phone": ["phone number"],
        "CONFIRM_TIME": ["when they agreed"],
        "OPTIN_TIME": ["when they agreed"],
    }
    assert numbers(run, site_file) == [[ARTA, "K-1", f"'{NUMBER}", "no"], [BEN, "", "", ""]]
    assert counts(bring_in(f"{ARTA},K-1,00355691234567,{AT}\n")) == {"unchanged": 1}


def test_a_row_without_an_address_is_the_person_of_its_customer_number(
    bring_in: Import, database: Database
) -> None:
    bring_in(f"{ARTA},K-1,,{AT}\n")
    assert counts(bring_in(f",K-1,{NUMBER},{AT}\n")) == {"changed": 1}
    assert Profile.select().count(database) == 1
    phones = Identity.select(Identity.value).where(Identity.kind == "phone")
    assert list(phones.tuples().execute(database)) == [(NUMBER,)]


def test_rows_of_one_person_are_joined_within_a_file(bring_in: Import, database: Database) -> None:
    later = "2026-03-02 10:00:00"
    rows = f"{ARTA},K-1,,{AT}\n,K-1,,{later}\n,K-1,,{later}\n"
    for more in (("--dry-run",), ()):
        report = bring_in(rows, *more)
        assert counts(report) == {"new": 1, "changed": 1, "rejected": 1}
        assert report["first_repeated"] == [{"line": 3, "earlier": 2, "counts": True}]
        (again,) = report["first_rejected"]
        assert again == {"line": 4, "reason": "repeats the address of line 3, which counts"}
    assert arta(database).times.topic("offers") == 1772445600


def test_a_customer_number_of_nobody_is_rejected(
    bring_in: Import, reason: Callable[[], str], database: Database
) -> None:
    assert counts(bring_in(f",K-1,,{AT}\n")) == {"rejected": 1}
    assert reason() == "has no email address, and its customer number leads to no address here"
    assert counts(bring_in(f",,,{AT}\n")) == {"rejected": 1}
    assert reason() == "has no email address"
    assert Profile.select().count(database) == 0


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        (
            f"{ARTA},K-1,,{AT}\n{BEN},K-1,,{AT}\n",
            "has the customer number of line 2, which has another address",
        ),
        (
            f"{ARTA},K-1,,{AT}\n{ARTA},K-2,,{AT}\n",
            "has the address of line 2, which has another customer number",
        ),
    ],
)
def test_rows_that_contradict_each_other_are_told_with_both_lines(
    rows: str, says: str, bring_in: Import, tmp_path: Path, database: Database
) -> None:
    report = bring_in(rows)
    assert counts(report) == {"new": 1, "rejected": 1}
    assert report["first_rejected"] == [{"line": 3, "reason": says}]
    (row,) = table_of((tmp_path / "list.csv.rejects.csv").read_text(encoding="utf-8"))
    assert row["cure"].startswith("put right")
    kept = Identity.select(Identity.value).where(Identity.kind == "customer")
    assert list(kept.tuples().execute(database)) == [("K-1",)]


@pytest.mark.parametrize(
    ("email", "customer"), [(BEN, "K-1"), (ARTA, "K-2"), (ARTA, "K-3"), ("c@example.com", "K-1")]
)
def test_a_number_and_an_address_of_different_people_are_a_clash(
    email: str, customer: str, bring_in: Import, run: Run, site_file: Path
) -> None:
    bring_in(f"{ARTA},K-1,,{AT}\n{BEN},K-2,,{AT}\n")
    before = numbers(run, site_file)
    for more in (("--dry-run",), ()):
        report = bring_in(f"{email},{customer},,{AT}\n", *more)
        assert counts(report) == {"rejected": 1}
        assert report["first_rejected"][0]["reason"] == (
            "has a customer number and an address that lead to different people here"
        )
    assert numbers(run, site_file) == before


def test_a_person_who_is_known_gets_their_customer_number(
    bring_in: Import, run: Run, site_file: Path
) -> None:
    bring_in(f"{ARTA},,,{AT}\n")
    assert counts(bring_in(f"{ARTA},K-1,,{AT}\n")) == {"changed": 1}
    assert numbers(run, site_file) == [[ARTA, "K-1", "", ""]]
    run("import", site_file, "--undo", "2", "--by", "Mira")
    assert numbers(run, site_file) == [[ARTA, "", "", ""]]


def test_a_map_of_columns_names_the_numbers_and_needs_no_address(
    bring_in: Import, run: Run, site_file: Path, tmp_path: Path
) -> None:
    bring_in(f"{ARTA},K-1,,{AT}\n")
    columns = tmp_path / "columns.toml"
    columns.write_text('customer = "Nr"\nphone = "Tel"\nseparator = ";"\n', encoding="utf-8")
    rows = f"K-1;{NUMBER}\nK-2;{OTHER}\n"
    more = ("--columns", str(columns), "--consent", "card at the till")
    report = bring_in(rows, *more, header="Nr;Tel\n")
    assert counts(report) == {"changed": 1, "rejected": 1}
    assert report["columns"] == [
        {"column": "Nr", "uses": ["customer number"]},
        {"column": "Tel", "uses": ["phone number"]},
    ]
    assert numbers(run, site_file) == [[ARTA, "K-1", f"'{NUMBER}", "no"]]


# ── a phone number ──────────────────────────────────────────────────────────────────────────


def test_a_phone_number_joins_nobody(bring_in: Import, database: Database) -> None:
    assert counts(bring_in(f"{ARTA},,{NUMBER},{AT}\n{BEN},,{NUMBER},{AT}\n")) == {"new": 2}
    assert counts(bring_in(f",,{NUMBER},{AT}\n")) == {"rejected": 1}


def test_a_newer_file_replaces_a_number_of_a_file_and_an_undo_restores_it(
    bring_in: Import, run: Run, site_file: Path
) -> None:
    bring_in(f"{ARTA},,{NUMBER},{AT}\n")
    assert counts(bring_in(f"{ARTA},,{OTHER},{AT}\n")) == {"changed": 1}
    assert numbers(run, site_file) == [[ARTA, "", f"'{OTHER}", "no"]]
    run("import", site_file, "--undo", "2", "--by", "Mira")
    assert numbers(run, site_file) == [[ARTA, "", f"'{NUMBER}", "no"]]


def test_no_file_replaces_a_number_that_its_owner_typed_or_confirmed(
    bring_in: Import, run: Run, site_file: Path, database: Database
) -> None:
    bring_in(f"{ARTA},,{OTHER},{AT}\n{BEN},,{NUMBER},{AT}\n")
    say(database, {"contact:phone": NUMBER})
    theirs = Identity.profile == found(database, BEN)[BEN].profile.id
    Identity.update(confirmed=True).where(theirs).execute(database)
    assert counts(bring_in(f"{ARTA},,{OTHER},{AT}\n{BEN},,{OTHER},{AT}\n")) == {"unchanged": 2}
    assert numbers(run, site_file) == [
        [ARTA, "", f"'{NUMBER}", "no"],
        [BEN, "", f"'{NUMBER}", "yes"],
    ]


def test_a_number_that_is_kept_out_is_left_out(
    bring_in: Import, run: Run, site_file: Path, database: Database
) -> None:
    with write_transaction(database):
        suppress(database, "shop", [of_number(NUMBER)], HASHES, 1)
    assert counts(bring_in(f"{ARTA},,{NUMBER},{AT}\n")) == {"new": 1}
    assert numbers(run, site_file) == [[ARTA, "", "", ""]]


def test_numbers_that_cannot_be_read_are_told_and_the_person_comes_in(
    bring_in: Import, site_file: Path, run: Run
) -> None:
    report = bring_in(f"{ARTA},,069 123 4567,{AT}\n{BEN},,ask Ben,{AT}\n")
    assert counts(report) == {"new": 2}
    (warning,) = report["warnings"]
    assert warning == (
        "2 phone numbers could not be read, the first in line 2 (Phone); the rest of the row "
        "counts. write them with their country codes, or add region to the site file."
    )
    site_file.write_text(f'region = "AL"\n{site_file.read_text()}', encoding="utf-8")
    report = bring_in(f"{ARTA},,069 123 4567,{AT}\n{BEN},,ask Ben,{AT}\n")
    assert counts(report) == {"changed": 1, "unchanged": 1}
    (warning,) = report["warnings"]
    assert warning.endswith("counts. write them with their country codes.")
    assert numbers(run, site_file)[0] == [ARTA, "", f"'{NUMBER}", "no"]


@pytest.mark.parametrize(
    ("table", "says"),
    [
        ('[contacts]\nphone = "Tel"\n', "line 1: no column is called “Tel”"),
        ('[contacts]\nmobile = "Phone"\n', "contacts.mobile: names no column of numbers"),
        ("[contacts]\nphone = 1\n", "contacts.phone: names no column of numbers"),
    ],
)
def test_a_map_that_names_no_column_is_refused(
    table: str, says: str, run: Run, site_file: Path, written: Written, tag_file: Path
) -> None:
    tag_file.write_text(table, encoding="utf-8")
    file = written(f"{HEADER}{ARTA},,,{AT}\n")
    result = run("import", site_file, file, "--map", tag_file)
    assert result.exit_code == 1
    assert says in result.output
