"""The file of suppressions: whoever is erased is in it before that is acknowledged."""

from __future__ import annotations

import json
import logging
import stat
from dataclasses import replace
from pathlib import Path
from threading import Thread

import pytest
from peewee import Database

from tests.support.people import ARTA, AT, HASHES, how, person_of
from widget_backend.actions.account import erase
from widget_backend.address_hashes import AddressHash
from widget_backend.context import Context
from widget_backend.jobs.schedule import suppression_task
from widget_backend.signing import Signer
from widget_backend.store import suppression_file
from widget_backend.store.ledger import Door
from widget_backend.store.models import Profile
from widget_backend.store.suppression import suppress
from widget_backend.store.suppression_file import Erased, SuppressionFile

SIGNER = Signer(["a key of the tests that is long enough"])
SOMEBODY = Erased("shop", AT, "hosted", ("a" * 32,), (AddressHash("12345678", "f" * 64),))


@pytest.fixture
def kept(tmp_path: Path) -> SuppressionFile:
    return SuppressionFile(tmp_path / "suppressions")


def context_with(database: Database, kept: SuppressionFile) -> Context:
    return Context({}, database, SIGNER, suppressions=kept)


def test_whoever_deletes_their_data_is_in_the_file_and_nothing_leads_to_them(
    database: Database, kept: SuppressionFile
) -> None:
    arta = person_of(database, "shop")
    erase(context_with(database, kept), arta, how("shop"))
    newest = HASHES.newest("shop", ARTA)
    assert kept.read() == [Erased("shop", AT, "hosted", (arta.ledger_key,), (newest,))]
    assert stat.S_IMODE(kept.path.stat().st_mode) == 0o600
    text = kept.path.read_text()
    assert text.count("\n") == 1
    assert ARTA not in text
    assert arta.handle not in text


def test_deleting_twice_adds_one_line(database: Database, kept: SuppressionFile) -> None:
    arta = person_of(database, "shop")
    for _ in range(2):
        erase(context_with(database, kept), arta, how("shop"))
    assert len(kept.read()) == 1


def test_a_file_that_cannot_be_written_keeps_nobody_from_deleting_and_gets_the_line_later(
    database: Database, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    kept = SuppressionFile(tmp_path / "away" / "suppressions")
    arta = person_of(database, "shop")
    erase(context_with(database, kept), arta, how("shop"))
    assert Profile.select().count(database) == 0
    (record,) = caplog.records
    assert record.levelno == logging.ERROR
    assert record.getMessage().startswith(f"{kept.path}: cannot be written: no such file")
    assert ARTA not in caplog.text
    kept.path.parent.mkdir()
    task = suppression_task(kept)
    task.step(database, AT)
    task.step(database, AT + 3600)
    lines = kept.read()
    assert [key for each in lines for key in each.people] == [arta.ledger_key]
    assert [each for line in lines for each in line.hashes] == [HASHES.newest("shop", ARTA)]


def test_the_task_says_why_it_fails(
    database: Database, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    erase(Context({}, database, SIGNER), person_of(database, "shop"), how("shop"))
    suppression_task(SuppressionFile(tmp_path / "away" / "file")).step(database, AT)
    assert "may come back from a backup" in caplog.text
    assert "make its folder first" in caplog.text


def test_the_file_is_there_from_the_start(database: Database, kept: SuppressionFile) -> None:
    """So that a restore tells that nobody was deleted from a name that is wrong."""
    suppression_task(kept).step(database, AT)
    assert kept.read() == []


def test_a_new_file_gets_everybody_who_was_deleted_before(
    database: Database, kept: SuppressionFile
) -> None:
    people = [person_of(database, "shop", f"{number}@example.com") for number in range(3)]
    for person in people[:2]:
        erase(Context({}, database, SIGNER), person, how("shop"))
    suppress(database, "shop", ["list@example.com"], HASHES, AT, run=None)
    assert not suppression_task(kept).step(database, AT)
    keys = {key for each in kept.read() for key in each.people}
    assert keys == {each.ledger_key for each in people[:2]}
    assert sum(len(each.hashes) for each in kept.read()) == 3


def test_a_file_that_was_cut_between_two_lines_is_whole_again_and_the_log_says_so(
    database: Database, kept: SuppressionFile, caplog: pytest.LogCaptureFixture
) -> None:
    for number in range(3):
        person = person_of(database, "shop", f"{number}@example.com")
        erase(context_with(database, kept), person, how("shop"))
    whole = kept.read()
    suppression_task(kept).step(database, AT)
    assert caplog.text == ""
    kept.path.write_text(kept.path.read_text().partition("\n")[0] + "\n")
    suppression_task(kept).step(database, AT)
    (record,) = caplog.records
    assert record.getMessage().startswith(f"{kept.path} lacked deletions of people (2), and")
    keys = {key for each in kept.read() for key in each.people}
    assert keys == {key for each in whole for key in each.people}


def test_who_was_deleted_twice_counts_as_two_deletions_and_an_address_alone_as_none(
    database: Database, kept: SuppressionFile, caplog: pytest.LogCaptureFixture
) -> None:
    kept.add([])
    for _ in range(2):
        erase(Context({}, database, SIGNER), person_of(database, "shop"), how("shop"))
    suppress(database, "shop", ["former@example.com"], HASHES, AT)
    suppression_task(kept).step(database, AT)
    (record,) = caplog.records
    assert record.getMessage().startswith(f"{kept.path} lacked deletions of people (2), and")
    assert len(kept.read()) == 4


def test_lines_that_are_added_again_name_the_door_by_which_they_were_deleted(
    database: Database, kept: SuppressionFile
) -> None:
    doors: tuple[Door, ...] = ("my-data", "letter", "phone", "my-data")
    for number, door in enumerate(doors):
        person = person_of(database, "shop", f"{number}@example.com")
        said = replace(how("shop"), at=AT + min(number, 2), door=door)
        erase(Context({}, database, SIGNER), person, said)
    suppress(database, "shop", ["former@example.com"], HASHES, AT + 9)
    suppression_task(kept).step(database, AT)
    lines = kept.read()
    assert sorted(each.door for each in lines if each.people) == sorted(doors)
    known = {each.at: each.door for each in lines if not each.people}
    page = "my-data"  # where people delete and move, for two of one second and for nobody
    assert known == {AT: "my-data", AT + 1: "letter", AT + 2: page, AT + 9: page}


def test_a_file_that_is_new_has_lost_nothing(
    database: Database, kept: SuppressionFile, caplog: pytest.LogCaptureFixture
) -> None:
    erase(Context({}, database, SIGNER), person_of(database, "shop"), how("shop"))
    suppression_task(kept).step(database, AT)
    assert (len(kept.read()), caplog.text) == (2, "")


def test_whoever_is_being_deleted_just_now_is_not_lost(
    database: Database, kept: SuppressionFile, caplog: pytest.LogCaptureFixture
) -> None:
    kept.add([])
    erase(Context({}, database, SIGNER), person_of(database, "shop"), how("shop"))
    at = suppression_file.erased_in(database)[0].at
    suppression_task(kept).step(database, at + 1)
    assert (len(kept.read()), caplog.text) == (2, "")


def test_what_a_power_cut_has_left_of_a_line_goes_with_the_next(kept: SuppressionFile) -> None:
    kept.add([SOMEBODY])
    with kept.path.open("a") as file:
        file.write(SOMEBODY.line[:40])
    kept.add([SOMEBODY])
    assert kept.read() == [SOMEBODY, SOMEBODY]


def test_a_disk_that_fills_up_leaves_no_part_of_a_line(
    kept: SuppressionFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept.add([SOMEBODY])
    write = suppression_file.os.write
    room = [20]

    def write_little(descriptor: int, text: bytes) -> int:
        if not room:
            raise OSError(28, "No space left on device")
        return write(descriptor, text[: room.pop()])

    monkeypatch.setattr(suppression_file.os, "write", write_little)
    with pytest.raises(suppression_file.FileRefused, match="make room on that disk"):
        kept.add([SOMEBODY])
    assert kept.read() == [SOMEBODY]


def test_many_who_are_deleted_at_once_have_a_line_each(kept: SuppressionFile) -> None:
    threads = [Thread(target=kept.add, args=[[SOMEBODY] * 5]) for _ in range(8)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert kept.read() == [SOMEBODY] * 40


def test_a_line_is_json_with_a_keyed_hash(kept: SuppressionFile) -> None:
    kept.add([SOMEBODY])
    assert json.loads(kept.path.read_text()) == {
        "at": AT,
        "door": "hosted",
        "hashes": [f"12345678:{'f' * 64}"],
        "people": ["a" * 32],
        "site": "shop",
    }
