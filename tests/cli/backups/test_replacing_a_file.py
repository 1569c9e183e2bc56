"""`restore --replace` on SQLite: the file that is there is kept, unless somebody has it open."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from tests.support.backups import ALONE, Restore, break_file, contents_of, run_without_room
from tests.support.houses import on_sqlite
from tests.support.people import erase_people, person_of
from widget_backend.store import restoring
from widget_backend.store.database import open_database
from widget_backend.store.profiles import read_profile
from widget_backend.store.restoring import left_behind


@on_sqlite
def test_a_file_that_is_replaced_is_kept_beside(
    restore: Restore, backup: Path, new_url: str
) -> None:
    for _ in range(3):
        result = restore(ALONE, "--replace")
        assert result.exit_code == 0, result.stderr
    folder = Path(new_url.removeprefix("sqlite:///")).parent
    names = sorted(each.name for each in folder.iterdir())
    assert names[0] == "widget.db"
    assert len(names) == 3
    assert all(contents_of(f"sqlite:///{folder}/{each}") == contents_of(new_url) for each in names)


@on_sqlite
def test_who_was_deleted_in_the_file_that_is_replaced_is_deleted_again(
    restore: Restore, backup: Path, new_url: str
) -> None:
    restore(ALONE)
    there = open_database(new_url)
    with there.connection_context():
        erase_people(there, person_of(there, "shop", "new@example.com"))
        ((handle,),) = there.execute_sql("SELECT handle FROM profile WHERE site = 'inn'").fetchall()
        erase_people(there, read_profile(there, "inn", handle))
    result = restore("--replace")
    assert "deleted again: 1." in result.stdout
    assert handle not in str(contents_of(new_url))


@on_sqlite
def test_who_was_deleted_in_it_stays_deleted_where_the_file_of_suppressions_is_lost(
    restore: Restore, backup: Path, new_url: str
) -> None:
    lost = {"WIDGET_SUPPRESSIONS": f"{backup}.lost"}
    restore(ALONE)
    there = open_database(new_url)
    with there.connection_context():
        ((handle,),) = there.execute_sql("SELECT handle FROM profile WHERE site = 'inn'").fetchall()
        erase_people(there, read_profile(there, "inn", handle))
    before = contents_of(new_url)
    assert "if it is lost, leave WIDGET_SUPPRESSIONS out" in restore("--replace", **lost).stderr
    assert contents_of(new_url) == before
    result = restore("--replace", ALONE, **lost)
    assert result.exit_code == 0, result.stderr
    assert "deleted again: 1. Whoever else" in result.stdout
    assert handle not in str(contents_of(new_url))


@on_sqlite
def test_a_link_goes_on_leading_to_the_file_which_is_kept_beside_itself(
    restore: Restore, backup: Path, new_url: str, tmp_path: Path
) -> None:
    restore(ALONE)
    target, link = Path(new_url.removeprefix("sqlite:///")), tmp_path / "link.db"
    link.symlink_to(target)
    before = target.stat().st_ino
    result = restore(ALONE, "--replace", WIDGET_DATABASE_URL=f"sqlite:///{link}")
    assert result.exit_code == 0, result.stderr
    assert link.readlink() == target
    (kept,) = target.parent.glob("widget.db.replaced-*")
    assert (kept.stat().st_ino, kept.is_symlink()) == (before, False)
    assert f"The database before is {kept}" in result.stdout
    assert target.stat().st_ino != before


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
    restore: Restore, backup: Path, new_url: str, tmp_path: Path, damage: str
) -> None:
    restore(ALONE)
    path = Path(new_url.removeprefix("sqlite:///"))
    program = holder(path)
    if damage == "garbage":
        break_file(path)
    elif damage == "cut":
        with path.open("r+b") as content:
            content.truncate(5000)
    result = restore("--replace")  # before anything that one cannot mend while it runs
    assert result.stderr == (
        f"WIDGET_DATABASE_URL: somebody has {path} open. stop the server and every command that "
        "uses it, then run this command again.\n"
    )
    program.communicate("\n")
    assert restore(ALONE, "--replace").exit_code == 0


@on_sqlite
def test_what_a_killed_restore_has_left_is_deleted_by_the_next(
    restore: Restore, backup: Path, new_url: str
) -> None:
    """Its log, too, which SQLite would play into the file that is written now."""
    target = Path(new_url.removeprefix("sqlite:///"))
    target.parent.mkdir()
    left = [target.with_name(f"{target.name}.restoring{end}") for end in ("", "-wal", "-shm")]
    for each in left:
        each.write_bytes(b"\xa5" * 40_000)
    assert left_behind(target) == left
    assert restore(ALONE).exit_code == 0
    assert left_behind(target) == []


@pytest.fixture
def empty_file(new_url: str) -> Path:
    """In the place of the database."""
    path = Path(new_url.removeprefix("sqlite:///"))
    path.parent.mkdir()
    path.touch(mode=0o640)
    return path


@on_sqlite
@pytest.mark.parametrize("options", [(ALONE,), (ALONE, "--replace")])
def test_an_empty_file_holds_nobody_and_is_not_kept(
    restore: Restore, backup: Path, empty_file: Path, options: tuple[str, ...]
) -> None:
    result = restore(*options)
    assert result.exit_code == 0, result.stderr
    assert "The database before" not in result.stdout
    assert [*empty_file.parent.iterdir()] == [empty_file]


@on_sqlite
def test_a_file_of_an_older_version_is_not_called_damaged(
    restore: Restore, backup: Path, new_url: str
) -> None:
    restore(ALONE)
    there = open_database(new_url)
    with there.connection_context():
        there.execute_sql("DELETE FROM schema_migration WHERE id > 1")
    result = restore("--replace")
    path = new_url.removeprefix("sqlite:///")
    assert result.stderr.startswith(
        f"WIDGET_SUPPRESSIONS: is not set, and {path} is of an older version (run "
        "preference-widget migrate first), so nothing says who was deleted since the backup."
    )


@on_sqlite
def test_an_empty_file_that_is_replaced_does_not_name_who_was_deleted(
    restore: Restore, backup: Path, empty_file: Path
) -> None:
    result = restore("--replace")
    assert result.exit_code == 1
    assert result.stderr.startswith(
        f"WIDGET_SUPPRESSIONS: is not set, and {empty_file} is empty, so nothing says who"
    )


@on_sqlite
def test_the_log_of_a_file_that_is_gone_is_not_played_into_the_restored_one(
    restore: Restore, backup: Path, new_url: str
) -> None:
    restore(ALONE)
    path, before = Path(new_url.removeprefix("sqlite:///")), contents_of(new_url)
    saves = "UPDATE profile SET language = 'ar'"
    code = f"import os, sqlite3; sqlite3.connect({str(path)!r}).execute({saves!r}).connection."
    subprocess.run([sys.executable, "-c", f"{code}commit(); os._exit(0)"], check=True)
    log = Path(f"{path}-wal")
    assert log.stat().st_size > 0
    path.unlink()
    assert restore(ALONE).exit_code == 0
    assert contents_of(new_url) == before
    assert [each.name for each in path.parent.glob("*-wal") if each.stat().st_size] != [log.name]


@on_sqlite
@pytest.mark.parametrize("table", ["photographs (name)", "schema_migration (version)"])
def test_a_database_of_another_program_is_never_replaced(
    restore: Restore, backup: Path, new_url: str, table: str
) -> None:
    path = Path(new_url.removeprefix("sqlite:///"))
    path.parent.mkdir()
    with closing(sqlite3.connect(path)) as other:
        other.execute(f"CREATE TABLE {table}")
    before = path.read_bytes()
    result = restore(ALONE, "--replace")
    assert result.stderr.endswith("is a database of another program. name another file.\n")
    assert {each.name: each.read_bytes() for each in path.parent.iterdir()} == {path.name: before}


@on_sqlite
@pytest.mark.parametrize("content", [b"hi\n", b"\0" * 40_000], ids=["a text", "nothing but zeros"])
@pytest.mark.parametrize("options", [(), ("--replace",)])
def test_a_file_that_is_no_database_is_never_replaced(
    restore: Restore, backup: Path, new_url: str, content: bytes, options: tuple[str, ...]
) -> None:
    path = Path(new_url.removeprefix("sqlite:///"))
    path.parent.mkdir()
    path.write_bytes(content)
    result = restore(ALONE, *options)
    assert result.exit_code == 1
    assert result.stderr == (
        f"WIDGET_DATABASE_URL: {path} is no SQLite database. name another file; or, if it was the "
        "database before it was damaged, rename it and run this command again.\n"
    )
    assert {each.name: each.read_bytes() for each in path.parent.iterdir()} == {path.name: content}
    path.rename(path.with_suffix(".damaged"))
    assert restore(ALONE, *options).exit_code == 0


@on_sqlite
@pytest.mark.parametrize("lost", [(0, 8192), (16, 8192), (8192, 40_000)])
def test_a_damaged_database_is_replaced_also_where_its_beginning_is_lost(
    restore: Restore, backup: Path, new_url: str, lost: tuple[int, int]
) -> None:
    restore(ALONE)
    path, before = Path(new_url.removeprefix("sqlite:///")), contents_of(new_url)
    start, end = lost
    with path.open("r+b") as content:
        content.seek(start)
        content.write(b"\xa5" * (end - start))
    result = restore(ALONE, "--replace")
    assert result.exit_code == 0, result.stderr
    assert "The database before is " in result.stdout
    assert contents_of(new_url) == before


@on_sqlite
def test_a_disk_without_room_for_it_is_told_and_nothing_changes(
    restore: Restore, backup: Path, new_url: str
) -> None:
    path = Path(new_url.removeprefix("sqlite:///"))
    ran = run_without_room("restore", backup, ALONE, url=new_url)
    assert ran.returncode == 1
    assert ran.stderr.startswith(f"{path}: cannot be written: ")
    assert ran.stderr.count("\n") == 1
    assert [*path.parent.iterdir()] == []


@on_sqlite
def test_a_fault_after_everything_is_unpacked_changes_nothing(
    restore: Restore, backup: Path, new_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    restore(ALONE)
    before = contents_of(new_url)

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(restoring, "_give_to_owner", fail)
    result = restore(ALONE, "--replace")
    assert "no space left on device. make room on that disk" in result.stderr
    folder = Path(new_url.removeprefix("sqlite:///")).parent
    assert [each.name for each in folder.iterdir()] == ["widget.db"]
    assert contents_of(new_url) == before
