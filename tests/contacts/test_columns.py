"""Which column is read: by its exact name, by its content, or none that could be two."""

from __future__ import annotations

import csv
import random
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from peewee import Database

from tests.support.contacts import ARTA, WHEN, Run, Written, found, table_of
from widget_backend.contacts.csv_reader import CsvFile, open_csv
from widget_backend.contacts.entries import PlatformFile
from widget_backend.contacts.platforms import mailchimp
from widget_backend.errors import FileRefused
from widget_backend.signing import Signer

BESA = "besa@example.com"


@contextmanager
def table(header: list[str], *rows: list[str], named: str | None = None) -> Iterator[CsvFile]:
    with TemporaryDirectory() as folder:
        file = Path(folder) / "contacts.csv"
        with file.open("w", newline="", encoding="utf-8") as text:
            csv.writer(text).writerows([header, *rows])
        with open_csv(file, named) as opened:
            yield opened


# ── names ───────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("header", "at"),
    [
        (["Email Address", "Email"], 0),
        (["Email", "Email Address"], 1),
        (["EMAIL", "email"], 1),
        (["Name", "EMAIL  address "], 1),
        (["Name", "emailAddress"], 1),
        (["Name", "Second email", "Email"], 2),
    ],
)
def test_the_exact_name_counts_first_then_whatever_case_and_spaces(
    header: list[str], at: int
) -> None:
    with table(header) as opened:
        assert opened.address == at


@pytest.mark.parametrize(
    ("header", "reason"),
    [
        (["Email Address", "email"], "“Email Address” and “email” could both be meant"),
        (["Email", "N", "E mail"], "“Email” and “E mail” could both be meant"),
        (["Email Address", "Email Address"], "two columns are called “Email Address”"),
    ],
)
def test_two_columns_that_could_be_it_are_refused_by_both_names(
    header: list[str], reason: str
) -> None:
    refused = pytest.raises(FileRefused, match=f"line 1: (the columns )?{reason}.*--address-column")
    with refused, table(header, [ARTA, "", BESA]):
        pytest.fail("it was read")


@pytest.mark.parametrize("name", ["OPTIN_TIME", "CONFIRM_IP", "UNSUB_REASON", "TAGS"])
def test_the_same_holds_for_every_column_that_is_read(name: str) -> None:
    header = ["Email Address", "OPTIN_TIME", "CONFIRM_TIME", "UNSUB_TIME"]
    doubled = [*header, *([name] if name in header else [name, name])]
    with table(doubled) as opened, pytest.raises(FileRefused) as refused:
        PlatformFile(opened, mailchimp.PLATFORM)
    assert f"line 1: two columns are called “{name}”. rename the one" in str(refused.value)
    alike = [*header, *([name] if name not in header else []), name.lower()]
    with table(alike) as opened:
        assert opened.column(name) == alike.index(name)


PIECES = st.sampled_from(["Email Address", "email", "Email", "E MAIL", "Mail", "email 2"])


@settings(max_examples=200, deadline=None)
@given(st.lists(PIECES, min_size=1, max_size=4), st.randoms(use_true_random=False))
def test_in_whatever_order_columns_stand_the_same_one_is_read_or_none(
    header: list[str], chance: random.Random
) -> None:
    """A column's order is chance; which address is whose must not be."""

    def read(columns: list[tuple[str, str]]) -> str:
        try:
            with table([name for name, _ in columns], [cell for _, cell in columns]) as opened:
                (row,) = opened.rows()
                return row[opened.address]
        except FileRefused:
            return "refused"

    columns = [(name, f"a{at}@example.com") for at, name in enumerate(header)]
    once = read(columns)
    chance.shuffle(columns)
    assert read(columns) == once
    exact = {name for name in header if name in {"Email Address", "email"}}
    if once != "refused" and exact:
        assert [cell for name, cell in columns if name in exact] == [once]


def test_every_time_that_is_read_is_found_whatever_case_it_has() -> None:
    header = ["email", *(name.lower() for name in mailchimp.PLATFORM.times)]
    with table(header) as opened:
        assert [opened.column(name) for name in mailchimp.PLATFORM.times] == list(
            range(1, len(header))
        )


# ── links ───────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("other", ["Email", "EMAIL", "Second email"])
def test_nobodys_links_stand_in_the_row_of_another(
    run: Run, database: Database, site_file: Path, written: Written, key: str, other: str
) -> None:
    """Arta's row also names Besa, who is a contact herself."""
    file = written(
        f"Email Address,{other},OPTIN_TIME,CONFIRM_TIME\n"
        f"{ARTA},{BESA},{WHEN},{WHEN}\n{BESA},,{WHEN},{WHEN}\n"
    )
    assert "2 new" in run("import", site_file, file).output
    people = found(database, ARTA, BESA)
    rows = table_of(run("links", site_file, file).stdout)
    assert [row["Email Address"] for row in rows] == [ARTA, BESA]
    for row in rows:
        token = row["preferences_url"].rpartition("/")[2]
        link = Signer([key]).read("preferences", token)
        assert link.handle == people[row["Email Address"]].profile.handle
    assert [row[other] for row in rows] == [BESA, ""]


def test_import_and_links_refuse_the_same_two_columns_until_one_is_named(
    run: Run, database: Database, site_file: Path, written: Written
) -> None:
    file = written(f"email,Email Address,OPTIN_TIME,CONFIRM_TIME\n{BESA},{ARTA},{WHEN},{WHEN}\n")
    for command in ("import", "links"):
        result = run(command, site_file, file)
        assert result.exit_code == 1
        assert "line 1: the columns “email” and “Email Address” could both be" in result.output
    named = ("--address-column", "Email Address")
    assert "1 new" in run("import", site_file, file, *named).output
    assert list(found(database, ARTA, BESA)) == [ARTA]
    assert "links for 1, 0 rejected" in run("links", site_file, file, *named).stderr


# ── the address under another name ──────────────────────────────────────────────────────────

ITALIAN = "Nome,Indirizzo email,Città,OPTIN_TIME,CONFIRM_TIME\n"


def test_the_address_may_stand_anywhere(
    run: Run, database: Database, site_file: Path, written: Written
) -> None:
    file = written(f"Name,OPTIN_TIME,CONFIRM_TIME,Email Address\nArta,{WHEN},,{ARTA}\n")
    assert "1 new, 0 changed, 0 unchanged, 0 rejected" in run("import", site_file, file).output
    assert found(database, ARTA)
    assert "links for 1, 0 rejected" in run("links", site_file, file).stderr


@pytest.mark.parametrize("named", [(), ("--address-column", "Indirizzo email")])
def test_a_header_in_the_accounts_language_is_read(
    run: Run, database: Database, site_file: Path, written: Written, named: tuple[str, ...]
) -> None:
    file = written(f"{ITALIAN}Arta,{ARTA},Tirana,{WHEN},{WHEN}\n,{BESA},,{WHEN},\n,,Durrës,,\n")
    said = run("import", site_file, file, *named).output
    assert "2 new, 0 changed, 0 unchanged, 1 rejected" in said
    assert len(found(database, ARTA, BESA)) == 2
    assert "links for 2, 1 rejected" in run("links", site_file, file, *named).stderr


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        (f"Arta,{ARTA},Tirana\n" * 300 + f"Besa,none,{BESA}\n",
         "and “Indirizzo email” holds no address in line 302. name it with --address-column"),
        (f"Arta,{ARTA},{BESA}\n", "both “Indirizzo email” and “Città” hold addresses. name the"),
        ("Arta,,Tirana\n", "“Email Address” or “email”. name it with --address-column"),
        ("", "“Email Address” or “email”. name it with --address-column"),
    ],
)  # fmt: skip
def test_a_column_that_is_not_full_of_addresses_to_the_end_is_not_guessed(
    run: Run, database: Database, site_file: Path, written: Written, rows: str, reason: str
) -> None:
    file = written(ITALIAN + rows)
    result = run("import", site_file, file)
    assert result.exit_code == 1
    assert "line 1: no column is called “Email Address” or “email”" in result.output
    assert reason in result.output


@pytest.mark.parametrize("contacts", [["arta@example"], ["arta@exa", ARTA]])
def test_friends_are_not_subscribed_where_the_column_that_is_meant_has_a_mistyped_address(
    run: Run, database: Database, site_file: Path, written: Written, contacts: list[str]
) -> None:
    rows = "".join(f"{contact},{BESA},{WHEN},{WHEN}\n" for contact in contacts)
    file = written(f"Contatto,Amico,OPTIN_TIME,CONFIRM_TIME\n{rows}")
    result = run("import", site_file, file, "--topic", "offers")
    assert "both “Contatto” and “Amico” hold addresses" in result.output
    assert not found(database, BESA)


def test_a_name_that_no_column_has_is_told(run: Run, site_file: Path, written: Written) -> None:
    file = written(f"{ITALIAN}Arta,{ARTA},Tirana,,\n")
    for command in ("import", "links"):
        result = run(command, site_file, file, "--address-column", "E-Mail")
        assert result.output == (
            f"{file}: line 1: no column is called “E-Mail”. "
            "write the name as it stands in the first line.\n"
        )
