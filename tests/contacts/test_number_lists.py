"""A bare list of phone numbers: whoever has one leaves the channel, and a number of nobody is kept
out."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from peewee import Database

from tests.support.contacts import ARTA, BEN, HASHES, OFFERS, Run, arta, found, say
from widget_backend.address_hashes import of_number
from widget_backend.store.database import write_transaction
from widget_backend.store.ledger import records
from widget_backend.store.models import Identity, Profile, Suppression
from widget_backend.store.models_of_runs import RunEffect
from widget_backend.store.new_contacts import NewContact, create_contacts
from widget_backend.store.suppression import suppressed

NUMBER, OTHER = "+355691234567", "+355697654321"
BY_SMS = {**OFFERS, "channel": "sms"}
CALLS = {"on": True, "channel": "phone", "frequency": "monthly"}
NEWS = {"on": True, "channel": "email", "frequency": "monthly"}
CHOICES = {"topic:offers": BY_SMS, "topic:calls": CALLS, "topic:news": NEWS}

List = Callable[..., dict[str, Any]]


@pytest.fixture
def listed(run: Run, site_file: Path, tmp_path: Path) -> List:
    """Import a list of this text, for sms unless it is said otherwise; returns the report."""

    def bring(text: str, *options: str, kind: str = "unsubscribed") -> dict[str, Any]:
        file = tmp_path / "numbers.csv"
        file.write_text(text, encoding="utf-8")
        of_sms = () if "--channel" in options else ("--channel", "sms")
        result = run("import", site_file, file, "--as", kind, *of_sms, *options, "--json")
        assert result.exit_code == 0, result.output
        report: dict[str, Any] = json.loads(result.stdout)
        return report

    return bring


@pytest.fixture
def people(database: Database) -> None:
    """Arta and Ben have one number, as it happens in a family."""
    with write_transaction(database):
        create_contacts(database, "shop", 1, [NewContact(ARTA), NewContact(BEN)])
    for email in (ARTA, BEN):
        say(database, {**CHOICES, "contact:phone": NUMBER}, email=email)


def counts(report: dict[str, Any]) -> dict[str, int]:
    names = ("new", "changed", "unchanged", "kept_out", "rejected")
    return {name: report[name] for name in names if report[name]}


def on(database: Database, email: str) -> set[str]:
    choices = found(database, email)[email].profile.state.preferences()
    return {topic for topic, choice in choices.items() if choice["on"]}


def test_everybody_with_the_number_leaves_the_channel_and_nothing_else(
    listed: List, people: None, database: Database
) -> None:
    report = listed(f"Phone\n{NUMBER}\n")
    assert counts(report) == {"changed": 1}
    assert report["columns"] == [{"column": "Phone", "uses": ["phone number"]}]
    for email in (ARTA, BEN):
        assert on(database, email) == {"calls", "news"}
    *_, record = records(database, arta(database).profile.ledger_key)
    assert (record.door, dict(record.evidence)) == (
        "import",
        {"file": "numbers.csv", "kind": "unsubscribed", "channel": "sms", "run": "1"},
    )
    assert counts(listed(f"Phone\n{NUMBER}\n")) == {"unchanged": 1}
    assert counts(listed(f"Phone\n{NUMBER}\n", "--channel", "phone")) == {"changed": 1}
    assert on(database, ARTA) == {"news"}


@pytest.mark.parametrize(
    "cell", ["'+355 69 123 4567", "00355691234567", '"+355 (69) 123-4567"', "+٣٥٥٦٩١٢٣٤٥٦٧"]
)
def test_a_number_is_known_however_it_is_written(
    cell: str, listed: List, people: None, database: Database
) -> None:
    assert counts(listed(f"id,mobile number\n1,{cell}\n")) == {"changed": 1}


def test_a_number_without_a_country_code_is_of_the_region(
    listed: List, people: None, site_file: Path, tmp_path: Path
) -> None:
    report = listed("Phone\n069 123 4567\n12\n,\n")
    assert counts(report) == {"rejected": 2}
    assert [each["reason"] for each in report["first_rejected"]] == [
        "is not a phone number that can be read",
        "is not a phone number that can be read",
    ]
    rejects = (tmp_path / "numbers.csv.rejects.csv").read_text(encoding="utf-8")
    assert "write it with its country code, as +355691234567" in rejects
    site_file.write_text(f'region = "AL"\n{site_file.read_text()}', encoding="utf-8")
    assert counts(listed("Phone\n069 123 4567\n")) == {"changed": 1}


def test_a_number_of_nobody_is_kept_out_and_makes_no_profile(
    listed: List, people: None, database: Database
) -> None:
    text = f"Phone,Name\n{OTHER},Somebody\n{OTHER},Again\n"
    assert counts(listed(text, "--dry-run")) == {"kept_out": 1, "rejected": 1}
    assert Suppression.select().count(database) == 0
    report = listed(text)
    assert counts(report) == {"kept_out": 1, "rejected": 1}
    (again,) = report["first_rejected"]
    assert again["reason"] == "repeats the phone number of line 2, which counts"
    assert Profile.select().count(database) == 2
    (kept,) = Suppression.select().execute(database)
    assert OTHER not in kept.digest
    assert suppressed(database, "shop", [of_number(OTHER), OTHER], HASHES) == {of_number(OTHER)}
    assert counts(listed(text)) == {"unchanged": 1, "rejected": 1}


def test_a_number_that_is_kept_out_is_left_out_of_later_imports(
    listed: List, run: Run, site_file: Path, tmp_path: Path, database: Database
) -> None:
    listed(f"Phone\n{OTHER}\n")
    ours = tmp_path / "ours.csv"
    ours.write_text(
        f"email,language,status,paused_until,phone\n{ARTA},,subscribed,,{OTHER}\n"
        f"{BEN},,subscribed,,{NUMBER}\n",
        encoding="utf-8",
    )
    assert "2 new" in run("import", site_file, ours).output
    kept = Identity.select(Identity.value).where(Identity.kind == "phone").tuples()
    assert list(kept.execute(database)) == [(NUMBER,)]


def test_messages_to_the_number_came_back(listed: List, people: None, database: Database) -> None:
    assert counts(listed(f"Phone\n{NUMBER}\n", "--dry-run", kind="undeliverable")) == {"changed": 1}
    assert counts(listed(f"Phone\n{NUMBER}\n", kind="undeliverable")) == {"changed": 1}
    assert back(database) == [("phone", True), ("phone", True)]
    assert on(database, ARTA) == {"offers", "calls", "news"}
    assert counts(listed(f"Phone\n{NUMBER}\n", kind="undeliverable")) == {"unchanged": 1}


def back(database: Database) -> list[Any]:
    columns = (Identity.kind, Identity.undeliverable)
    rows = Identity.select(*columns).where(Identity.undeliverable).order_by(Identity.id)
    return [(kind, bool(is_back)) for kind, is_back in rows.tuples().execute(database)]


@pytest.mark.parametrize("kind", ["unsubscribed", "undeliverable"])
def test_a_list_is_undone_as_any_import(
    kind: str, listed: List, people: None, run: Run, site_file: Path, database: Database
) -> None:
    text = f"Phone\n{NUMBER}\n{OTHER}\n"
    number = listed(text, kind=kind)["run"]
    assert RunEffect.select().count(database) == 2
    result = run("import", site_file, "--undo", number, "--by", "Mira", "--json")
    undone = json.loads(result.stdout)
    assert (undone["restored"], undone["let_in_again"], undone["left"]) == (2, 1, 0)
    assert on(database, ARTA) == {"offers", "calls", "news"}
    assert back(database) == []
    assert Suppression.select().count(database) == 0
    assert counts(listed(text, kind=kind)) == {"changed": 1, "kept_out": 1}


def test_the_column_may_have_any_name(
    listed: List, people: None, database: Database, tmp_path: Path
) -> None:
    assert counts(listed(f"Nr.\n{NUMBER}\n", "--dry-run")) == {"changed": 1}
    two = f"Nr.;Emri\n{NUMBER};Arta\n"
    columns = tmp_path / "columns.toml"
    columns.write_text('phone = "Nr."\nseparator = ";"\n', encoding="utf-8")
    assert counts(listed(two, "--columns", str(columns), "--dry-run")) == {"changed": 1}
    named = ("--address-column", "Nr.", "--dry-run")
    assert counts(listed(two.replace(";", ","), *named)) == {"changed": 1}


@pytest.mark.parametrize(
    ("text", "options", "says"),
    [
        (f"a,b\n{NUMBER},\n", (), "line 1: no column is called “Phone” or"),
        (f"{NUMBER}\n", (), "line 1: it holds a phone number itself. let the first line name"),
        ("Phone\n1\n", ("--address-column", "Tel"), "line 1: no column is called “Tel”"),
        ("Phone,Mobile\n1,2\n", (), "the columns “Phone” and “Mobile” could both be meant"),
        ("Phone\n1\n", ("--channel", "post"), "a list of postal addresses cannot be read; there"),
        ("Phone\n1\n", ("--channel", "email"), "leave it out for a list of email addresses"),
    ],
)
def test_what_is_no_list_of_numbers_is_refused(
    text: str,
    options: tuple[str, ...],
    says: str,
    run: Run,
    site_file: Path,
    tmp_path: Path,
) -> None:
    file = tmp_path / "numbers.csv"
    file.write_text(text, encoding="utf-8")
    channel = () if "--channel" in options else ("--channel", "sms")
    result = run("import", site_file, file, "--as", "unsubscribed", *channel, *options)
    assert result.exit_code != 0
    assert says in result.output
    alone = run("import", site_file, file, "--channel", "sms")
    assert "--channel is for lists: say which with --as" in alone.output


def test_a_map_of_a_list_of_numbers_names_their_column(
    run: Run, site_file: Path, tmp_path: Path
) -> None:
    file, columns = tmp_path / "numbers.csv", tmp_path / "columns.toml"
    file.write_text(f"Tel\n{NUMBER}\n", encoding="utf-8")
    columns.write_text('address = "Tel"\n', encoding="utf-8")
    of_sms = ("--as", "unsubscribed", "--channel", "sms")
    result = run("import", site_file, file, *of_sms, "--columns", columns)
    assert 'phone: is missing. add phone = "…".' in result.output
