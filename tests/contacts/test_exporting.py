"""`export`: everyone's current choices, one column a topic."""

from __future__ import annotations

import io
import random
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from peewee import Database

from tests.support.contacts import ARTA, Export, Run, say, table_of
from widget_backend.contacts.export_fields import all_fields, usual_fields
from widget_backend.contacts.exports import CsvOutput, write_people
from widget_backend.rules.state import AS_CHOSEN, State
from widget_backend.site.model import Site
from widget_backend.store.database import write_transaction
from widget_backend.store.new_contacts import NewContact, create_contacts
from widget_backend.store.profiles import create_profile

HEADING = ["email", "language", "status", "paused_until", "offers", "news", "calls", "trade-lists"]


def test_export_tells_what_was_imported_and_then_what_people_changed(
    run: Run, database: Database, site_file: Path, export_of: Export
) -> None:
    run("import", site_file, export_of("subscribed", ARTA, "b@example.com"), "--topic", "offers")
    result = run("export", site_file)
    assert result.stdout == (
        f"{','.join(HEADING)}\n"
        "arta@example.com,,subscribed,,email weekly,,,\n"
        "b@example.com,,subscribed,,email weekly,,,\n"
    )
    assert result.stderr == "shop: choices of 2.\n"
    off = {"on": False, "channel": "email", "frequency": "weekly"}
    calls = {"on": True, "channel": "phone", "frequency": "monthly"}
    say(database, {"topic:offers": off, "topic:calls": calls, "language": "sq"})
    lines = run("export", site_file).stdout.splitlines()
    assert lines[1:] == [
        "arta@example.com,sq,subscribed,,off,,phone monthly,",
        "b@example.com,,subscribed,,email weekly,,,",
    ]


@pytest.mark.parametrize(
    ("kind", "overall", "status", "paused_until"),
    [
        ("subscribed", None, "subscribed", ""),
        ("subscribed", AS_CHOSEN, "subscribed", ""),
        ("subscribed", {"reach": "less", "until": None}, "less", ""),
        ("subscribed", {"reach": "paused", "until": "2026-11-23"}, "paused", "2026-11-23"),
        ("subscribed", {"reach": "paused", "until": "2026-11-22"}, "subscribed", ""),
        ("subscribed", {"reach": "off", "until": None}, "unsubscribed", ""),
        ("cleaned", None, "undeliverable", ""),
        ("cleaned", {"reach": "less", "until": None}, "undeliverable", ""),
        ("cleaned", {"reach": "off", "until": None}, "unsubscribed", ""),
        ("unsubscribed", None, "unsubscribed", ""),
    ],
)
def test_what_holds_above_the_topics_is_one_word_and_leaves_the_topics_as_they_are(
    run: Run,
    database: Database,
    site_file: Path,
    site: Site,
    export_of: Export,
    kind: str,
    overall: State | None,
    status: str,
    paused_until: str,
) -> None:
    run("import", site_file, export_of("subscribed", ARTA), "--topic", "news")
    run("import", site_file, export_of(kind, ARTA))
    if overall:
        say(database, {"overall": overall})
    text, at = io.StringIO(newline=""), datetime(2026, 11, 22, tzinfo=UTC)
    fields = usual_fields(site, all_fields(site, at))
    assert write_people(database, site, fields, CsvOutput(text, fields)) == 1
    (row,) = table_of(text.getvalue())
    assert (row["status"], row["paused_until"]) == (status, paused_until)
    assert (row["offers"], row["news"]) == ("", "email monthly")


def test_pending_people_are_not_exported(run: Run, database: Database, site_file: Path) -> None:
    create_profile(database, "shop", 1, pending=True)
    create_profile(database, "other", 1)
    assert run("export", site_file).stdout.splitlines() == [",".join(HEADING)]


def test_export_keeps_one_order_and_misses_nobody_across_batches(
    run: Run, database: Database, site_file: Path, export_of: Export
) -> None:
    emails = [f"a{number}@example.com" for number in range(1203)]
    random.Random(7).shuffle(emails)
    run("import", site_file, export_of("subscribed", *emails))
    create_profile(database, "shop", 1, pending=True)
    first, second = (run("export", site_file).stdout for _ in range(2))
    assert first == second
    assert [row["email"] for row in table_of(first)] == emails


def test_a_topic_that_vanished_is_no_column_but_a_warning(
    run: Run, site_file: Path, export_of: Export, shrink: Callable[[str], None]
) -> None:
    run("import", site_file, export_of("subscribed", ARTA), "--topic", "news")
    shrink("news")
    result = run("export", site_file)
    assert "news" not in result.stdout
    assert result.stderr.splitlines()[0] == (
        f"warning: {site_file} no longer declares the topic “news”, held by 1. "
        "It has no column; declare it again to see it."
    )


def test_an_export_is_safe_in_a_spreadsheet_also_with_addresses_that_were_taken_once(
    run: Run, database: Database, site_file: Path, export_of: Export
) -> None:
    run("import", site_file, export_of("subscribed", "c@example.com"))
    once = ["+arta@example.com", "=cmd|x!a1@example.com", "-b@example.com"]
    with write_transaction(database):
        create_contacts(database, "shop", 1, [NewContact(email) for email in once])
    rows = table_of(run("export", site_file).stdout)
    assert [row["email"] for row in rows] == ["c@example.com", *(f"'{each}" for each in once)]
