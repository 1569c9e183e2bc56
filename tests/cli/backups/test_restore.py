"""`restore`: the same rows again, in an empty database, or one line with what to do."""

from __future__ import annotations

import resource
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from peewee import Database
from playhouse.migrations import Runner

from tests.support.backups import (
    KEY,
    OTHER_KEY,
    Run,
    break_file,
    contents_of,
    rewritten,
)
from tests.support.houses import on_postgresql, on_sqlite
from tests.support.people import HASHES, crowd, how, person_of
from widget_backend.store import restoring
from widget_backend.store.database import FOLDER, open_database
from widget_backend.store.erasure import erase
from widget_backend.store.models import Identity
from widget_backend.store.profiles import read_profile
from widget_backend.store.sqlite import SqliteFile
from widget_backend.store.suppression_file import SuppressionFile

ALONE = "--without-suppressions"


@pytest.fixture
def full(database: Database) -> Database:
    """Somebody on two sites, and a crowd."""
    for site in ("inn", "shop"):
        person_of(database, site)
    crowd(database, "shop", 50)
    return database


def test_an_empty_database_gets_every_row_of_the_backup(
    run: Run, full: Database, database_url: str, new_url: str, file: Path
) -> None:
    run("backup", file)
    result = run("restore", file, ALONE, WIDGET_DATABASE_URL=new_url)
    assert result.exit_code == 0, result.stderr
    assert "restored 52 people and 52 records of inn, shop" in result.stdout
    assert contents_of(new_url) == contents_of(database_url)
    assert run("backup", f"{file}.again", WIDGET_DATABASE_URL=new_url).exit_code == 0


def test_the_same_backup_is_not_restored_over_it(
    run: Run, full: Database, new_url: str, file: Path
) -> None:
    run("backup", file)
    run("restore", file, ALONE, WIDGET_DATABASE_URL=new_url)
    before = contents_of(new_url)
    result = run("restore", file, ALONE, WIDGET_DATABASE_URL=new_url)
    assert (result.exit_code, contents_of(new_url)) == (1, before)
    assert "not empty" in result.stderr
    assert result.stderr.count("\n") == 1


# ── who was deleted since ───────────────────────────────────────────────────────────────────


def test_without_knowing_who_was_deleted_nothing_is_restored(
    run: Run, full: Database, new_url: str, file: Path
) -> None:
    run("backup", file)
    result = run("restore", file, WIDGET_DATABASE_URL=new_url)
    assert result.exit_code == 1
    assert result.stderr.startswith("WIDGET_SUPPRESSIONS: is not set, and nothing else says who")
    assert "--without-suppressions" in result.stderr


@pytest.mark.parametrize("source", ["file", "replaced", "both"])
def test_whoever_was_deleted_since_is_deleted_again(
    run: Run, database: Database, database_url: str, new_url: str, file: Path, source: str
) -> None:
    arta, blerim = person_of(database, "shop"), person_of(database, "shop", "blerim@example.com")
    without_email = person_of(database, "inn", "1@example.com")
    Identity.delete().where(Identity.profile == without_email.id).execute(database)
    run("backup", file)
    kept = SuppressionFile(file.with_name("suppressions"))
    for person in (arta, without_email):
        kept.add([erase(database, person, how(person.site), HASHES)])
    options = [] if source == "file" else ["--replaced", database_url]
    settings = {} if source == "replaced" else {"WIDGET_SUPPRESSIONS": str(kept.path)}
    result = run("restore", file, *options, WIDGET_DATABASE_URL=new_url, **settings)
    assert result.exit_code == 0, result.stderr
    assert "deleted again: 2." in result.stdout
    before, after = contents_of(database_url), contents_of(new_url)
    assert [row[2] for row in after["profile"]] == [blerim.handle]
    for table in ("identity", "ledgervalue", "preference"):
        assert after[table] == before[table]
    assert [row[:3] for row in after["suppression"]] == [row[:3] for row in before["suppression"]]


def test_who_signed_up_again_after_they_were_deleted_stays(
    run: Run, database: Database, new_url: str, file: Path
) -> None:
    kept = SuppressionFile(file.with_name("suppressions"))
    kept.add([erase(database, person_of(database, "shop"), how("shop"), HASHES)])
    again = person_of(database, "shop")
    database.execute_sql("DELETE FROM suppression")
    run("backup", file)
    past = rewritten(file, file.with_name("later.zip"), taken_at="2030-01-01T00:00:00+00:00")
    run("restore", past, WIDGET_DATABASE_URL=new_url, WIDGET_SUPPRESSIONS=str(kept.path))
    after = contents_of(new_url)
    assert [row[2] for row in after["profile"]] == [again.handle]
    assert after["suppression"] == []


@pytest.mark.parametrize("text", ["no JSON\n", '{"at":1}\n', '{"at":1,"hashes":[],"peop', "\xff\n"])
def test_a_file_of_suppressions_that_is_damaged_is_refused(
    run: Run, database: Database, new_url: str, file: Path, tmp_path: Path, text: str
) -> None:
    run("backup", file)
    kept = tmp_path / "suppressions"
    kept.write_text(text, encoding="latin-1")
    result = run("restore", file, WIDGET_DATABASE_URL=new_url, WIDGET_SUPPRESSIONS=str(kept))
    assert result.stderr.startswith(f"{kept}: line 1 is not whole. ")
    missing = run("restore", file, WIDGET_DATABASE_URL=new_url, WIDGET_SUPPRESSIONS=f"{kept}.no")
    assert missing.stderr == f"{kept}.no: there is no such file. correct its name.\n"


# ── bad backups ─────────────────────────────────────────────────────────────────────────────

BAD = {
    "half": "is only a part of a backup. take another backup",
    "empty": "is no backup of this software. name a file that",
    "other zip": "is no backup of this software. name a file that",
    "newer": "is of a newer version of this software (9999_flying). install that version here, too",
    "newer format": "is a backup of another version (9.0). install that version",
    "checksum": "has a wrong checksum: something was changed in it. take another",
    "rows": "has other rows than it says. take another",
    "other kind": "name a database of that kind in WIDGET_DATABASE_URL",
    "damaged": "is damaged. take another",
}


def bad(kind: str, file: Path) -> Path:
    to = file.with_name("bad.zip")
    content = file.read_bytes()
    if kind in {"half", "empty"}:
        to.write_bytes(content[: len(content) // 2 if kind == "half" else 0])
        return to
    if kind == "damaged":
        middle = len(content) // 2
        to.write_bytes(content[:middle] + bytes([content[middle] ^ 0xFF]) + content[middle + 1 :])
        return to
    other = "postgresql" if b"widget.db" in content else "sqlite"
    changes: dict[str, dict[str, object]] = {
        "other zip": {"format": "photographs"},
        "newer": {"migration": "9999_flying"},
        "newer format": {"format_version": 2, "software": "9.0"},
        "checksum": {"sha256": "0" * 64},
        "rows": {"counts": {"profile": 7}},
        "other kind": {"database": other},
    }
    return rewritten(file, to, **changes[kind])


@pytest.mark.parametrize("kind", BAD)
def test_a_bad_backup_is_told_and_leaves_the_database_empty(
    run: Run, full: Database, new_url: str, file: Path, kind: str
) -> None:
    run("backup", file)
    result = run("restore", bad(kind, file), ALONE, WIDGET_DATABASE_URL=new_url)
    assert (result.exit_code, result.stderr.count("\n")) == (1, 1)
    assert BAD[kind] in result.stderr
    good = run("restore", file, ALONE, WIDGET_DATABASE_URL=new_url)
    assert good.exit_code == 0, good.stderr


def test_other_keys_are_noticed(run: Run, full: Database, new_url: str, file: Path) -> None:
    run("backup", file)
    other = {"WIDGET_DATABASE_URL": new_url, "WIDGET_SIGNING_KEYS": OTHER_KEY}
    result = run("restore", file, ALONE, **other)
    assert result.exit_code == 1
    assert (
        "which is not among those of the settings. add it to WIDGET_RETIRED_KEYS" in result.stderr
    )
    assert run("restore", file, ALONE, **other, WIDGET_RETIRED_KEYS=KEY).exit_code == 0


def test_the_tables_of_an_older_version_are_brought_up_to_date(
    run: Run, empty_database: Database, new_url: str, file: Path
) -> None:
    if isinstance(empty_database, SqliteFile):
        empty_database.may_make_file = True
    with empty_database.connection_context():
        Runner(empty_database, str(FOLDER)).up("0017_evidence")
    assert run("backup", file).exit_code == 0
    result = run("restore", file, ALONE, WIDGET_DATABASE_URL=new_url)
    assert result.exit_code == 0, result.stderr
    assert run("migrate", WIDGET_DATABASE_URL=new_url).stdout == "The database is up to date.\n"


# ── SQLite: the file that is there ──────────────────────────────────────────────────────────


@on_sqlite
def test_a_file_that_is_replaced_is_kept_beside(
    run: Run, full: Database, new_url: str, file: Path
) -> None:
    run("backup", file)
    for _ in range(3):
        result = run("restore", file, ALONE, "--replace", WIDGET_DATABASE_URL=new_url)
        assert result.exit_code == 0, result.stderr
    folder = Path(new_url.removeprefix("sqlite:///")).parent
    names = sorted(each.name for each in folder.iterdir())
    assert names[0] == "widget.db"
    assert len(names) == 3
    assert all(contents_of(f"sqlite:///{folder}/{each}") == contents_of(new_url) for each in names)


@on_sqlite
def test_who_was_deleted_in_the_file_that_is_replaced_is_deleted_again(
    run: Run, full: Database, new_url: str, file: Path
) -> None:
    run("backup", file)
    run("restore", file, ALONE, WIDGET_DATABASE_URL=new_url)
    there = open_database(new_url)
    with there.connection_context():
        erase(there, person_of(there, "shop", "new@example.com"), how("shop"), HASHES)
        ((handle,),) = there.execute_sql("SELECT handle FROM profile WHERE site = 'inn'").fetchall()
        erase(there, read_profile(there, "inn", handle), how("inn"), HASHES)
    result = run("restore", file, "--replace", WIDGET_DATABASE_URL=new_url)
    assert "deleted again: 1." in result.stdout
    assert handle not in str(contents_of(new_url))


def holder(path: Path) -> subprocess.Popen[str]:
    """Another program that has the file open, as a server has, and does nothing."""
    code = (
        "import sqlite3, sys; c = sqlite3.connect(sys.argv[1]);"
        "c.execute('SELECT count(*) FROM profile').fetchone(); print(flush=True); input()"
    )
    pipe = subprocess.PIPE
    program = subprocess.Popen(
        [sys.executable, "-c", code, path], stdin=pipe, stdout=pipe, text=True
    )
    assert program.stdout
    program.stdout.readline()
    return program


@on_sqlite
@pytest.mark.parametrize("damage", ["none", "garbage", "cut"])
def test_a_server_that_runs_is_noticed_whatever_became_of_the_file(
    run: Run, full: Database, new_url: str, file: Path, tmp_path: Path, damage: str
) -> None:
    run("backup", file)
    run("restore", file, ALONE, WIDGET_DATABASE_URL=new_url)
    path = Path(new_url.removeprefix("sqlite:///"))
    program = holder(path)
    if damage == "garbage":
        break_file(path)
    elif damage == "cut":
        with path.open("r+b") as content:
            content.truncate(5000)
    result = run("restore", file, ALONE, "--replace", WIDGET_DATABASE_URL=new_url)
    assert result.stderr == (
        f"WIDGET_DATABASE_URL: somebody has {path} open. stop the server and every command that "
        "uses it, then run this command again.\n"
    )
    program.communicate("\n")
    assert run("restore", file, ALONE, "--replace", WIDGET_DATABASE_URL=new_url).exit_code == 0


@on_sqlite
def test_the_log_of_a_file_that_is_gone_is_not_played_into_the_restored_one(
    run: Run, full: Database, new_url: str, file: Path
) -> None:
    run("backup", file)
    run("restore", file, ALONE, WIDGET_DATABASE_URL=new_url)
    path, before = Path(new_url.removeprefix("sqlite:///")), contents_of(new_url)
    saves = "UPDATE profile SET language = 'ar'"
    code = f"import os, sqlite3; sqlite3.connect({str(path)!r}).execute({saves!r}).connection."
    subprocess.run([sys.executable, "-c", f"{code}commit(); os._exit(0)"], check=True)
    log = Path(f"{path}-wal")
    assert log.stat().st_size > 0
    path.unlink()
    assert run("restore", file, ALONE, WIDGET_DATABASE_URL=new_url).exit_code == 0
    assert contents_of(new_url) == before
    assert [each.name for each in path.parent.glob("*-wal") if each.stat().st_size] != [log.name]


@on_sqlite
def test_a_database_of_another_program_is_never_replaced(
    run: Run, full: Database, new_url: str, file: Path
) -> None:
    run("backup", file)
    path = Path(new_url.removeprefix("sqlite:///"))
    path.parent.mkdir()
    with sqlite3.connect(path) as other:
        other.execute("CREATE TABLE photographs (name)")
    other.close()
    result = run("restore", file, ALONE, "--replace", WIDGET_DATABASE_URL=new_url)
    assert result.stderr.endswith("is a database of another program. name another file.\n")


@on_sqlite
def test_a_disk_without_room_for_it_is_told_and_nothing_changes(
    run: Run, full: Database, new_url: str, file: Path
) -> None:
    run("backup", file)
    path = Path(new_url.removeprefix("sqlite:///"))

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))

    ran = subprocess.run(
        [
            sys.executable,
            "-c",
            "from widget_backend.cli import main; main()",
            "restore",
            file,
            ALONE,
        ],
        env={
            "WIDGET_DATABASE_URL": new_url,
            "WIDGET_SIGNING_KEYS": KEY,
            "PYTHONPATH": ":".join(sys.path),
        },
        preexec_fn=limit,
        capture_output=True,
        text=True,
    )
    assert ran.returncode == 1
    assert ran.stderr.startswith(f"{path}: cannot be written: ")
    assert ran.stderr.count("\n") == 1
    assert [*path.parent.iterdir()] == []


@on_sqlite
def test_a_fault_after_everything_is_unpacked_changes_nothing(
    run: Run, full: Database, new_url: str, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("backup", file)
    run("restore", file, ALONE, WIDGET_DATABASE_URL=new_url)
    before = contents_of(new_url)

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(restoring, "_give_to_owner", fail)
    result = run("restore", file, ALONE, "--replace", WIDGET_DATABASE_URL=new_url)
    assert "no space left on device. make room on that disk" in result.stderr
    folder = Path(new_url.removeprefix("sqlite:///")).parent
    assert [each.name for each in folder.iterdir()] == ["widget.db"]
    assert contents_of(new_url) == before


# ── PostgreSQL ──────────────────────────────────────────────────────────────────────────────


@on_postgresql
def test_a_database_that_somebody_uses_is_not_filled(
    run: Run, full: Database, new_url: str, file: Path
) -> None:
    run("backup", file)
    other = open_database(new_url)
    with other.connection_context():
        other.execute_sql("SELECT 1")
        result = run("restore", file, ALONE, WIDGET_DATABASE_URL=new_url)
    assert result.stderr.startswith("WIDGET_DATABASE_URL: somebody else is connected to it. stop")


@on_postgresql
def test_nothing_is_replaced_on_postgresql(
    run: Run, full: Database, new_url: str, file: Path
) -> None:
    run("backup", file)
    result = run("restore", file, ALONE, "--replace", WIDGET_DATABASE_URL=new_url)
    assert "name a new one, which createdb makes, and this one with --replaced" in result.stderr
