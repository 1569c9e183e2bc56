"""`backup`: one file, whole or not there at all, of one moment, whoever writes meanwhile."""

from __future__ import annotations

import shutil
import sqlite3
import stat
import subprocess
import sys
from itertools import islice
from pathlib import Path

from peewee import Database

from tests.support.backups import KEY, OTHER_KEY, Run, manifest_of, run_without_room
from tests.support.houses import on_postgresql, on_sqlite
from tests.support.people import person_of
from widget_backend.address_hashes import AddressHashes
from widget_backend.store.backup_file import FILES, read_manifest, unpack
from widget_backend.store.backups import facts_of
from widget_backend.store.database import open_database
from widget_backend.store.models import Profile

KEPT = {"WIDGET_SUPPRESSIONS": "/elsewhere/suppressions"}
"""Whoever is deleted is named outside of the database, too."""


def test_a_backup_is_a_zip_file_that_only_its_owner_reads(
    run: Run, database: Database, file: Path
) -> None:
    for site in ("inn", "shop"):
        person_of(database, site)
    result = run("backup", file, **KEPT)
    assert (result.exit_code, result.stderr) == (0, "")
    assert "2 people and 2 records of inn, shop, until 20" in result.stdout
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [each.name for each in file.parent.glob("*monday*")] == [file.name]
    manifest = manifest_of(file)
    assert (manifest["sites"], manifest["counts"]["ledger"]) == (["inn", "shop"], 2)
    assert manifest["migration"].startswith("00")


def test_who_keeps_no_list_of_deleted_people_is_warned_while_there_is_time(
    run: Run, database: Database, file: Path
) -> None:
    result = run("backup", file)
    assert result.exit_code == 0
    assert result.stderr.startswith("warning: WIDGET_SUPPRESSIONS is not set. if the database is")


def test_keys_are_named_by_fingerprints_and_stand_nowhere(
    run: Run, database: Database, file: Path
) -> None:
    secret = "5" * 64
    run("backup", file, WIDGET_RETIRED_KEYS=OTHER_KEY, WIDGET_EVIDENCE_KEY=secret)
    manifest = manifest_of(file)
    assert manifest["signing_keys"] == sorted(AddressHashes([KEY, OTHER_KEY]).key_ids)
    assert len(manifest["evidence_key"]) == 16
    content = file.read_bytes() + str(manifest).encode()
    assert not any(each.encode() in content for each in (KEY, OTHER_KEY, secret))


def test_nothing_is_overwritten(run: Run, database: Database, file: Path) -> None:
    file.write_text("mine")
    result = run("backup", file)
    assert (result.exit_code, file.read_text()) == (1, "mine")
    assert (
        result.stderr == f"{file}: is there already. name another one: no backup is overwritten.\n"
    )


def test_a_folder_that_is_not_there_is_told(run: Run, database: Database, tmp_path: Path) -> None:
    result = run("backup", tmp_path / "no" / "monday.zip")
    assert result.exit_code == 1
    assert result.stderr.endswith(
        "monday.zip: cannot be written: no such file or directory. make its folder first.\n"
    )


def test_a_database_that_is_not_there_has_no_backup(run: Run, file: Path, tmp_path: Path) -> None:
    result = run("backup", file, WIDGET_DATABASE_URL=f"sqlite:///{tmp_path}/no.db")
    assert result.stderr == (
        f"WIDGET_DATABASE_URL: there is no file {tmp_path}/no.db. put it back if it was moved, or "
        "name the right one; for a new database, run preference-widget migrate.\n"
    )
    assert [*tmp_path.iterdir()] == []


@on_sqlite
def test_a_damaged_database_is_told_and_leaves_no_file(
    run: Run, tables: None, file: Path, tmp_path: Path
) -> None:
    broken = tmp_path / "widget.db"
    content = bytearray(broken.read_bytes())
    content[4096 * 3 : 4096 * 5] = b"\xa5" * 8192
    broken.write_bytes(content)
    result = run("backup", file)
    assert result.exit_code == 1
    assert result.stderr.startswith("WIDGET_DATABASE_URL: ")
    assert result.stderr.endswith("take this one from a backup.\n")
    assert result.stderr.count("\n") == 1
    assert not file.exists()
    assert not [*tmp_path.glob("*.part")]


@on_sqlite
def test_a_disk_that_is_full_is_told_and_leaves_no_file(
    tables: None, tmp_path: Path, database_url: str, file: Path
) -> None:
    ran = run_without_room("backup", file, url=database_url)
    assert ran.returncode == 1
    assert ran.stderr.startswith(f"{file}: cannot be written: ")
    assert ran.stderr.count("\n") == 1
    assert [each.name for each in tmp_path.glob("*monday*")] == []
    assert not [*tmp_path.glob(".backup*")]


def test_people_whose_state_is_not_what_the_ledger_says_are_told_and_the_backup_is_kept(
    run: Run, database: Database, file: Path
) -> None:
    person_of(database, "shop")
    Profile.update(revision=7).execute(database)
    result = run("backup", file, **KEPT)
    assert (result.exit_code, file.exists()) == (1, True)
    assert result.stderr == (
        "warning: people whose choices are not what the ledger says: 1. run evidence verify.\n"
    )


ENOUGH = 100
"""Acknowledged saves before and after the backup."""


def test_a_backup_beside_traffic_is_of_one_moment(
    run: Run, database: Database, database_url: str, file: Path, tmp_path: Path
) -> None:
    people = [person_of(database, "shop", f"{number}@example.com") for number in range(4)]
    command = [sys.executable, "-m", "tests.support.saver", database_url]
    saver = subprocess.Popen(
        [*command, ",".join(each.handle for each in people)], stdout=subprocess.PIPE, text=True
    )
    assert saver.stdout
    before = dict(line.split() for line in islice(saver.stdout, ENOUGH))
    result = run("backup", file, **KEPT)
    after = [*islice(saver.stdout, ENOUGH)]
    saver.kill()
    saver.wait()
    saver.stdout.close()
    assert (result.exit_code, result.stderr, len(after)) == (0, "", ENOUGH), "nobody waits for it"
    if database_url.startswith("sqlite"):
        copy = tmp_path / "copy.db"
        unpack(file, read_manifest(file), copy)
        copied = open_database(f"sqlite:///{copy}")
        with copied.connection_context():
            assert facts_of(copied).unlike_ledger == 0
            kept = dict(Profile.select(Profile.handle, Profile.revision).tuples().execute(copied))
        assert all(kept[handle] >= int(revision) for handle, revision in before.items())


# ── PostgreSQL ──────────────────────────────────────────────────────────────────────────────


@on_postgresql
def test_only_pg_dump_of_another_version_is_refused(
    run: Run, database: Database, file: Path, tmp_path: Path
) -> None:
    other = tmp_path / "bin"
    other.mkdir()
    (other / "pg_dump").write_text("#!/bin/sh\necho 'pg_dump (PostgreSQL) 9.6'\n")
    (other / "pg_dump").chmod(0o755)
    result = run("backup", file, PATH=str(other))
    assert result.exit_code == 1
    assert "needs pg_dump of that version; only 9 is here. install it" in result.stderr
    assert "apt install postgresql-client-1" in result.stderr
    assert not file.exists()


@on_postgresql
def test_a_dump_is_one_that_pg_restore_lists(
    run: Run, database: Database, database_url: str, file: Path, tmp_path: Path
) -> None:
    from tests.support.backups import path_with_programs

    run("backup", file)
    dump = tmp_path / FILES["postgresql"]
    unpack(file, read_manifest(file), dump)
    program = shutil.which("pg_restore", path=path_with_programs(database_url))
    assert program
    listed = subprocess.run([program, "--list", dump], capture_output=True, text=True, check=True)
    assert "TABLE DATA public ledger" in listed.stdout


@on_sqlite
def test_the_copy_is_one_that_sqlite_opens_alone(
    run: Run, database: Database, file: Path, tmp_path: Path
) -> None:
    run("backup", file)
    copy = tmp_path / FILES["sqlite"]
    unpack(file, read_manifest(file), copy)
    assert sqlite3.connect(copy).execute("PRAGMA journal_mode").fetchone() == ("delete",)
    assert not [*tmp_path.glob("*-wal")][1:]
