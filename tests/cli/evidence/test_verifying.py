"""`evidence verify`: whoever can write to the database cannot hide it from who has a checkpoint."""

from __future__ import annotations

from pathlib import Path

import pytest
from peewee import Database

from tests.support.people import ARTA, HASHES, how, person_of
from tests.support.sealing import (
    ALL_IS_WELL,
    SHOP,
    TIME,
    Run,
    prepare,
    record_some,
    reseal,
    save_again,
    tamper,
)
from widget_backend.store import seals
from widget_backend.store.erasure import erase
from widget_backend.store.profiles import read_profile


def test_all_is_well(run: Run, database: Database) -> None:
    prepare(run, database)
    result = run("verify")
    assert result.exit_code == 0, result.output
    assert result.stdout.splitlines() == [
        "9 records of shop are sealed.",
        f"3 checkpoints hold, and each continues the one before: until {TIME} (9 records).",
        ALL_IS_WELL,
    ]


def test_what_was_recorded_since_is_told_apart(run: Run, database: Database) -> None:
    prepare(run, database)
    record_some(database, 2)
    assert "2 more were recorded since, without a seal yet." in run("verify").stdout


def test_the_values_of_erased_people_are_gone_and_their_records_hold(
    run: Run, database: Database
) -> None:
    arta = person_of(database, SHOP, ARTA)
    save_again(database, arta)
    prepare(run, database)
    erase(database, read_profile(database, SHOP, arta.handle), how(SHOP), HASHES)
    run("checkpoint")
    result = run("verify")
    assert result.exit_code == 0, result.output
    assert "Of 3 the values were erased with the person; the rest is there." in result.stdout
    assert result.stdout.splitlines()[-1] == ALL_IS_WELL


IN_ITS_PLACE = "UPDATE ledger SET {0} = (SELECT {0} FROM ledger AS other WHERE other.id = 6)"
TAMPERED = {
    "a door": (
        ["UPDATE ledger SET door = 'import' WHERE id = 5"],
        "leaf 4 (row 5 of table ledger): “door” was changed",
    ),
    "a site": (
        ["UPDATE ledger SET site = 'inn' WHERE id = 5"],
        "leaf 4 (row 5 of table ledger): “site” was changed",
    ),
    "a time": (
        ["UPDATE ledger SET at = at - 1 WHERE id = 5"],
        "leaf 4 (row 5 of table ledger): was changed, in more",
    ),
    "an undo": (
        ["UPDATE ledger SET undoes = 0 WHERE id = 5"],
        "leaf 4 (row 5 of table ledger): “undoes” was changed",
    ),
    "a digest": (
        [f"UPDATE ledger SET digest = '{'0' * 64}' WHERE id = 5"],
        "leaf 4 (row 5 of table ledger): “digest” was changed",
    ),
    "a choice": (
        ['UPDATE ledgervalue SET changes = \'[["language",null,"en"]]\' WHERE ledger_id = 5'],
        "leaf 4 (row 5 of table ledger): what was chosen was changed",
    ),
    "evidence": (
        ['UPDATE ledgervalue SET evidence = \'{"ip":"192.0.2.1"}\' WHERE ledger_id = 5'],
        "leaf 4 (row 5 of table ledger): what was chosen was changed",
    ),
    "a choice that is gone": (
        ["DELETE FROM ledgervalue WHERE ledger_id = 5"],
        "leaf 4 (row 5 of table ledger): what was chosen is gone",
    ),
    "a record that is gone": (
        ["DELETE FROM ledgervalue WHERE ledger_id = 5", "DELETE FROM ledger WHERE id = 5"],
        "leaf 4 (row 5 of table ledger): was deleted",
    ),
    "two that changed places": (
        [
            "UPDATE ledger SET id = 1000 WHERE id = 5",
            "UPDATE ledger SET id = 5 WHERE id = 7",
            "UPDATE ledger SET id = 7 WHERE id = 1000",
        ],
        "leaf 4 (row 5 of table ledger): the record of leaf 6 stands here",
    ),
    "a seal that is gone": (
        ["DELETE FROM seal WHERE leaf = 4"],
        "leaf 4: the seal is gone",
    ),
}


@pytest.mark.parametrize("name", TAMPERED)
def test_the_first_record_that_is_not_what_was_sealed_is_named(
    run: Run, database: Database, name: str
) -> None:
    statements, words = TAMPERED[name]
    prepare(run, database)
    tamper(database, *statements)
    result = run("verify")
    assert result.exit_code == 1
    assert result.stdout.splitlines()[1].startswith(words), result.stdout
    assert ALL_IS_WELL not in result.stdout


def test_a_record_that_was_put_in_later_is_named(run: Run, database: Database) -> None:
    prepare(run, database)
    tamper(database, "UPDATE ledger SET id = id + 100 WHERE id > 4")
    tamper(database, "UPDATE seal SET ledger_id = ledger_id + 100 WHERE ledger_id > 4")
    tamper(database, "UPDATE ledgervalue SET ledger_id = ledger_id + 100 WHERE ledger_id > 4")
    columns = "site, profile_key, revision, at, door, wording, language, digest"
    tamper(
        database,
        f"INSERT INTO ledger (id, {columns}) SELECT 50, site, 'k', revision, at, door, wording, "
        "language, digest FROM ledger WHERE id = 1",
    )
    result = run("verify")
    assert result.exit_code == 1
    words = "row 50 of table ledger, before leaf 4: was put in later: no seal knows it."
    assert words in result.stdout.splitlines()


def test_seals_that_were_moved_together_are_named(run: Run, database: Database) -> None:
    prepare(run, database)
    tamper(
        database,
        "UPDATE seal SET leaf = 1000 WHERE leaf = 4",
        "UPDATE seal SET leaf = 4 WHERE leaf = 5",
        "UPDATE seal SET leaf = 5 WHERE leaf = 1000",
    )
    result = run("verify")
    assert "leaf 5 (row 5 of table ledger): is out of order." in result.stdout.splitlines()


def test_who_changes_a_record_and_its_seal_is_found_by_a_checkpoint(
    run: Run, database: Database, file: Path
) -> None:
    prepare(run, database)
    tamper(database, "UPDATE ledger SET at = at - 1 WHERE id = 5")
    reseal(database, 5)
    result = run("verify")
    assert result.exit_code == 1
    _, second, third = result.stdout.splitlines()
    assert second.startswith("The checkpoint holds: until")
    assert third.startswith(f"{file}: the checkpoint of 6 records ({TIME}): ")
    assert "root: records from leaf 3 on were changed together with their seals" in third


def test_a_node_that_is_not_that_of_its_leaves_is_named(
    run: Run, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(seals, "BLOCK", 4)
    prepare(run, database)
    tamper(database, "UPDATE seal SET block = hash WHERE leaf = 3")
    result = run("verify")
    assert result.exit_code == 1
    words = "table seal: a “block” is not what follows from its leaves."
    assert words in result.stdout.splitlines()


def test_the_newest_records_cannot_be_cut_off(run: Run, database: Database, file: Path) -> None:
    prepare(run, database)
    tamper(
        database,
        "DELETE FROM seal WHERE leaf > 7",
        "DELETE FROM ledgervalue WHERE ledger_id > 8",
        "DELETE FROM ledger WHERE id > 8",
    )
    last = run("verify").stdout.splitlines()[-1]
    assert last.startswith(f"{file}: the checkpoint of 9 records")
    assert "size: there are only 8 sealed records" in last
