"""A backup that cannot be restored is told in one line, and the database stays empty."""

from __future__ import annotations

from pathlib import Path

import pytest
from peewee import Database
from playhouse.migrations import Runner

from tests.support.backups import ALONE, KEY, OTHER_KEY, Restore, Run, rewritten
from widget_backend.store.database import FOLDER
from widget_backend.store.sqlite import SqliteFile

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
    restore: Restore, backup: Path, kind: str
) -> None:
    result = restore(ALONE, backup=bad(kind, backup))
    assert (result.exit_code, result.stderr.count("\n")) == (1, 1)
    assert BAD[kind] in result.stderr
    good = restore(ALONE)
    assert good.exit_code == 0, good.stderr


@pytest.mark.parametrize(
    "changed",
    [
        {"taken_at": "yesterday"},
        {"taken_at": "2026-12-01T03:00:00"},
        {"counts": {"profile": "many"}},
        {"counts": [1]},
        {"sites": None},
        {"sites": [1]},
        {"sites": ["\x1b[2Jshop"]},
        {"server": "sixteen"},
        {"signing_keys": [[1]]},
        {"migration": "\x1b[2J"},
        {"database": ["sqlite"]},
        {"software": " " * 1_000_000},
    ],
    ids=lambda changed: str(changed)[:40],
)
def test_a_manifest_that_is_none_is_told(
    restore: Restore, backup: Path, tmp_path: Path, changed: dict[str, object]
) -> None:
    other = rewritten(backup, tmp_path / "other.zip", **changed)
    result = restore(ALONE, backup=other)
    assert result.stderr == (
        f"{other}: is no backup of this software. name a file that preference-widget backup has "
        "written.\n"
    )


def test_other_keys_are_noticed(restore: Restore, backup: Path) -> None:
    other = {"WIDGET_SIGNING_KEYS": OTHER_KEY}
    result = restore(ALONE, **other)
    assert result.exit_code == 1
    assert (
        "which is not among those of the settings. add it to WIDGET_RETIRED_KEYS" in result.stderr
    )
    assert restore(ALONE, **other, WIDGET_RETIRED_KEYS=KEY).exit_code == 0


def test_the_tables_of_an_older_version_are_brought_up_to_date(
    run: Run, restore: Restore, empty_database: Database, new_url: str, file: Path
) -> None:
    if isinstance(empty_database, SqliteFile):
        empty_database.may_make_file = True
    with empty_database.connection_context():
        Runner(empty_database, str(FOLDER)).up("0017_evidence")
    assert run("backup", file).exit_code == 0
    result = restore(ALONE)
    assert result.exit_code == 0, result.stderr
    assert run("migrate", WIDGET_DATABASE_URL=new_url).stdout == "The database is up to date.\n"
