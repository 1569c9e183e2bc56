"""Files of checkpoints that are damaged, of another database, or signed by somebody else."""

from __future__ import annotations

from pathlib import Path

import pytest
from peewee import Database

from tests.support.sealing import (
    ALL_IS_WELL,
    KEY,
    OTHER_KEY,
    OTHER_SECRET,
    SHOP,
    Run,
    prepare,
    record_some,
    refused,
)
from widget_backend.store.checkpoints import Checkpoint


def test_a_checkpoint_of_another_database_is_named(
    run: Run, database: Database, file: Path
) -> None:
    record_some(database, 2)
    run("checkpoint")
    other = Checkpoint.signed(KEY, site=SHOP, size=2, root="0" * 64, time="2026-01-01")
    file.write_text(f"{other.line}\n")
    result = run("verify")
    assert result.exit_code == 1
    assert result.stdout.splitlines()[-1] == (
        f"{file}: the checkpoint of 2 records (2026-01-01): root: it is of another database, or "
        "records were changed with their seals. take the database and the file that belong "
        "together, from a backup."
    )


def damaged(line: str) -> dict[str, tuple[str, str]]:
    return {
        "cut off": (line[:-20], "breaks off in the middle"),
        "no JSON": ("hello\n", "line 1: is no checkpoint"),
        "other JSON": ('{"site": "shop"}\n', "line 1: is no checkpoint"),
        "a list": ("[]\n", "line 1: is no checkpoint"),
        "another type": (line.replace('"size":2', '"size":"2"'), "line 1: is no checkpoint"),
        "no proof": (line.replace('"proof":[]', '"proof":7'), "line 1: is no checkpoint"),
        "another size": (line.replace('"size":2', '"size":3'), "line 1: signature: does not fit"),
        "another time": (line.replace("2027", "2026"), "line 1: signature: does not fit"),
        "an empty line": ("\n" + line, "line 1: is no checkpoint"),
    }


@pytest.mark.parametrize("name", damaged(""))
@pytest.mark.parametrize("doing", ["verify", "checkpoint"])
def test_a_damaged_file_is_told_by_its_line(
    run: Run, database: Database, file: Path, name: str, doing: str
) -> None:
    record_some(database, 2)
    run("checkpoint")
    text, words = damaged(file.read_text())[name]
    file.write_text(text)
    assert refused(run(doing)).startswith(
        f"{file}: {words}".replace(": breaks", ": line 1: breaks")
    )
    assert file.read_text() == text


def test_a_file_that_is_not_there_or_no_text(run: Run, database: Database, file: Path) -> None:
    assert f"{file}: there is no such file" in refused(run("verify"))
    file.write_bytes(b"\xff\xfe")
    assert "is no file of checkpoints" in refused(run("verify"))
    file.unlink()
    file.mkdir()
    assert "it is a folder" in refused(run("verify"))


def test_a_wrong_key_is_named(run: Run, database: Database, file: Path) -> None:
    record_some(database, 2)
    run("checkpoint")
    line = refused(run("verify", WIDGET_EVIDENCE_KEY=OTHER_SECRET))
    assert f"line 1: key: is signed with the key {KEY.public.id}" in line
    assert OTHER_KEY.public.id in line
    assert "with --key" in line


def test_the_public_half_is_enough_to_verify(run: Run, database: Database) -> None:
    record_some(database, 2)
    run("checkpoint")
    assert run("verify", "--key", KEY.public.text, WIDGET_EVIDENCE_KEY="").exit_code == 0
    assert "--key: “x” is no public half" in refused(run("verify", "--key", "x"))


def test_checkpoints_that_do_not_continue_one_another_are_told(
    run: Run, database: Database, file: Path
) -> None:
    prepare(run, database)
    first, second, third = map(Checkpoint.read, file.read_text().splitlines())
    other = Checkpoint.signed(
        KEY, site=SHOP, size=6, root="0" * 64, time=second.time, previous=3, proof=second.proof
    )
    file.write_text("".join(f"{each.line}\n" for each in (first, other, third)))
    assert "does not continue that of 3 records" in refused(run("verify"))
    file.write_text("".join(f"{each.line}\n" for each in (first, second, other)))
    assert "does not continue" in refused(run("verify"))


def test_without_a_setting_the_file_must_be_named(run: Run, database: Database) -> None:
    for name, option in (("verify", "--checkpoint"), ("checkpoint", "-o")):
        assert f"name the file with {option}" in refused(run(name, WIDGET_CHECKPOINTS=""))


def test_a_file_without_checkpoints_of_the_site_is_told(
    run: Run, database: Database, file: Path
) -> None:
    record_some(database, 2)
    run("checkpoint")
    file.write_text("")
    result = run("verify")
    assert f"{file} has no checkpoint of shop" in result.stderr
    assert ALL_IS_WELL not in result.stdout
