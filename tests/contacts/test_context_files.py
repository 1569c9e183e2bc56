"""What people are busy with, from a file of another system."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from peewee import Database

from tests.support.contacts import ARTA, BEN, Run, found, table_of
from tests.support.steady import Steady
from widget_backend.contacts.context_file import Busy
from widget_backend.contacts.contexts import keep_contexts
from widget_backend.contacts.csv_reader import CsvRow
from widget_backend.store.current_contexts import contexts_of
from widget_backend.store.database import write_transaction
from widget_backend.store.models import Identity
from widget_backend.store.new_contacts import NewContact, create_contacts

HEADER = "email,context,until"
MIDNIGHT = 32_503_680_000
"""When the first day of the year 3000 begins."""
LATER, LATEST = 32_503_766_400, 32_503_852_800
"""When the first two days of the year 3000 end."""
CART = f"{ARTA},open-cart,3000-01-01"

Report = Callable[..., str]


@pytest.fixture
def report(run: Run, site_file: Path, tmp_path: Path, database: Database) -> Report:
    """Bring in what Arta and Ben, customer 007, are busy with; returns what is printed."""
    with write_transaction(database):
        people = create_contacts(database, "shop", 1, [NewContact(ARTA), NewContact(BEN)])
    known = {"site": "shop", "profile": people[BEN].id, "kind": "customer", "value": "007"}
    Identity.insert(**known, confirmed=True).execute(database)

    def bring(*rows: str, header: str = HEADER, options: tuple[Any, ...] = ()) -> str:
        file = tmp_path / "busy.csv"
        file.write_text("\n".join((header, *rows, "")), encoding="utf-8")
        return run("context", site_file, "--file", file, *options).output

    return bring


def busy(database: Database, email: str = ARTA) -> list[tuple[str, int]]:
    return [*contexts_of(database, found(database, email)[email].profile.id, 1_900_000_000)]


def test_a_file_says_what_many_people_are_busy_with(report: Report, database: Database) -> None:
    line = report(CART, f"{BEN},service-case,3000-01-02")
    assert line == "busy.csv: 2 new, 0 changed, 0 over, 0 known already, 0 rejected.\n"
    assert busy(database) == [("open-cart", LATER)]
    assert busy(database, BEN) == [("service-case", LATEST)]


def test_running_it_again_changes_nothing(report: Report, database: Database) -> None:
    report(CART)
    assert "0 new, 0 changed, 0 over, 1 known already" in report(CART)
    assert busy(database) == [("open-cart", LATER)]


def test_the_last_word_holds_in_one_file_and_in_several(report: Report, database: Database) -> None:
    later = CART.replace("01-01", "01-02")
    assert "1 new, 0 changed, 0 over, 1 known already" in report(CART, later)
    assert busy(database) == [("open-cart", LATEST)]
    assert "0 new, 1 changed" in report(CART)
    assert busy(database) == [("open-cart", LATER)]


def test_over_ends_it(report: Report, database: Database) -> None:
    report(CART)
    assert "1 over" in report(f"{ARTA},open-cart,Over")
    assert busy(database) == []
    assert "0 over, 1 known already" in report(f"{ARTA},open-cart,over")


@pytest.mark.parametrize("column", ["person", "customer"])
def test_a_person_can_be_named_by_their_id_or_customer_number(
    report: Report, database: Database, column: str
) -> None:
    names = {"person": found(database, BEN)[BEN].profile.ledger_key, "customer": "007"}
    line = f"{names[column]},open-cart,3000-01-01"
    assert "1 new" in report(line, header=f"{column},context,until")
    assert busy(database, BEN) == [("open-cart", LATER)]


@pytest.mark.parametrize(
    ("bad", "reason", "cure"),
    [
        ("b@example.com,open-cart,3000-01-01", "is about nobody who is known", "import this"),
        (",open-cart,3000-01-01", "names nobody", "write who it is about"),
        (f"{ARTA},holiday,3000-01-01", "has no context known here: open-cart", "write one of"),
        (f"{ARTA},open-cart,soon", "does not say until when", "write the time as"),
        (f"{ARTA},open-cart,", "does not say until when", "write the time as"),
        (f"{ARTA},open-cart,2020-01-01", "is past", "nothing to do, or write “over”"),
        (f"{ARTA},open-cart", "does not say until when", "write the time as"),
    ],
)
def test_a_row_that_cannot_be_used_is_rejected_with_the_reason_and_the_cure(
    report: Report, database: Database, tmp_path: Path, bad: str, reason: str, cure: str
) -> None:
    assert "1 new, 0 changed, 0 over, 0 known already, 1 rejected (see" in report(bad, CART)
    (rejected,) = table_of((tmp_path / "busy.csv.rejects.csv").read_text(encoding="utf-8"))
    assert rejected["reason"].startswith(reason)
    assert rejected["cure"].startswith(cure)
    assert rejected["line"] == "2"
    assert busy(database) == [("open-cart", LATER)]


def test_a_dry_run_says_the_same_and_writes_nothing(
    report: Report, database: Database, tmp_path: Path
) -> None:
    line = report(CART, f"{ARTA},open-cart,soon", options=("--dry-run",))
    assert line == (
        "busy.csv: 1 new, 0 changed, 0 over, 0 known already, 1 rejected. Nothing was written.\n"
        "busy.csv: line 3: does not say until when, in ISO 8601\n"
    )
    assert busy(database) == []
    assert not (tmp_path / "busy.csv.rejects.csv").exists()


MAP = 'separator = ";"\nemail = "Mail"\nof_context = "open-cart"\nuntil = "Ends"\n'


@pytest.mark.parametrize(
    ("before", "after", "answer"),
    [
        ("", "", "1 new, 0 changed"),
        ('"Mail"', '"Post"', "line 1: no column is called “person” or “Post” or “customer”"),
        ('of_context = "open-cart"', "", "line 1: no column is called “context”"),
        ('"Ends"', '"End"', "line 1: no column is called “End”"),
        ('"open-cart"', '"cart"', "of_context: “cart” is not a context"),
        ("until", "till", "till: is not a known key"),
    ],
)
def test_a_map_names_the_columns_of_another_file(
    report: Report, tmp_path: Path, before: str, after: str, answer: str
) -> None:
    column_map = tmp_path / "columns.toml"
    column_map.write_text(MAP.replace(before, after, 1) if before else MAP, encoding="utf-8")
    options = ("--columns", column_map)
    assert answer in report(f"{ARTA};3000-01-01", header="Mail;Ends", options=options)


def test_times_without_a_zone_are_by_the_sites_clock(
    report: Report, database: Database, site_file: Path
) -> None:
    text = site_file.read_text(encoding="utf-8")
    site_file.write_text(f'time_zone = "Asia/Riyadh"\n{text}', encoding="utf-8")
    report(f"{ARTA},open-cart,3000-01-01 00:00:00", f"{ARTA},service-case,3000-01-01T00:00Z")
    assert busy(database) == [("open-cart", MIDNIGHT - 3 * 3600), ("service-case", MIDNIGHT)]


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        ((), "name either an ADDRESS, or a file with --file"),
        ((ARTA, "--file", "x.csv"), "name either an ADDRESS, or a file with --file"),
        (("--file", "x.csv", "--over"), "are for one ADDRESS"),
        ((ARTA, "--dry-run"), "are for --file"),
    ],
)
def test_options_that_do_not_fit_are_refused(
    run: Run, site_file: Path, line: tuple[str, ...], answer: str
) -> None:
    result = run("context", site_file, *line)
    assert result.exit_code == 2
    assert answer in result.stderr


def test_rows_are_kept_in_durable_transactions_of_several(
    report: Report, database: Database
) -> None:
    row = CsvRow(2, ())
    rows = [Busy(row, "", ARTA, "", "open-cart", LATER + each) for each in range(7)]
    ends: list[int] = []
    keep_contexts(
        database,
        "shop",
        1_900_000_000,
        rows,
        reject=lambda *_: None,
        after_each=lambda: ends.append(busy(database)[0][1] - LATER),
        pace=Steady(3),
    )
    assert ends == [2, 5, 6]


def test_an_hour_is_that_hour_and_what_lies_where_calendars_end_is_rejected(
    report: Report, database: Database
) -> None:
    line = report(f"{ARTA},open-cart,3000-01-01 09:00", f"{BEN},open-cart,9999-12-31")
    assert "1 rejected" in line
    assert busy(database) == [("open-cart", MIDNIGHT + 9 * 3600)]
