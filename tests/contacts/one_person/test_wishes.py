"""`contact wish`: what somebody says on the phone is their own word, of that moment."""

from __future__ import annotations

from pathlib import Path

import pytest
from peewee import Database

from tests.support.contacts import ARTA, NEWS, Run, say, table_of
from tests.support.one_person import EARLIER, WORDS, Contact, Uses, last_record, shown_of


def test_several_things_are_one_record(contact: Contact, database: Database) -> None:
    say(database, {"topic:news": NEWS}, EARLIER)
    before = last_record(database).revision
    contact("wish", ARTA, "--off", "offers", "--off", "news", "--do-not-track")
    record = last_record(database)
    assert record.revision == before + 1
    subjects = {each.subject for each in record.changes}
    assert subjects == {"topic:offers", "topic:news", "do_not_track"}


@pytest.mark.parametrize("wish", [(), ("--words", "hello"), ("--off", "news", "--words", "a\x07b")])
def test_a_wish_that_says_nothing_changes_nothing(
    contact: Contact, database: Database, wish: tuple[str, ...]
) -> None:
    before = last_record(database)
    result = contact("wish", ARTA, *wish)
    assert (result.exit_code, result.output.count("\n")) == (2, 1)
    assert last_record(database) == before


def test_it_stands_in_the_history_with_who_was_told(contact: Contact, uses: Uses) -> None:
    words = f"{WORDS[1]}, to arta@example.com"
    contact("wish", ARTA, "--on", "offers", "--words", words)
    assert uses() == []
    history = shown_of(contact)["history"]
    assert any("how: by phone, to Mira" in line for line in history)
    assert any("words: Yes, send me that again, to •••@•••" in line for line in history)


def test_it_is_among_the_changes_that_other_systems_are_told(
    contact: Contact, run: Run, site_file: Path
) -> None:
    before = run("export", site_file, "--cursor", "start").stderr.split()[-1]
    contact("wish", ARTA, "--leave")
    (row,) = table_of(run("export", site_file, "--cursor", before).stdout)
    assert row["email"] == ARTA
