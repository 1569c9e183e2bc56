"""SQLite without a folder for temporary files: that is told, and not what SQLite says itself."""

from __future__ import annotations

import os
import sqlite3
import subprocess
from pathlib import Path

import pytest
from peewee import OperationalError

from tests.support.lone_processes import read_only
from tests.support.processes import COMMAND
from widget_backend.store import temporary_files
from widget_backend.store.database_errors import fault_of, fault_of_sqlite

CURE = "set TMPDIR to a folder that this user may write, then run the command again."


def error_of(code: int) -> sqlite3.OperationalError:
    error = sqlite3.OperationalError("unable to open database file")
    error.sqlite_errorcode = code
    return error


@pytest.fixture
def folders(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Where SQLite looks: nowhere but in a folder that is not there yet."""
    for name in temporary_files.VARIABLES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(temporary_files, "FOLDERS", (str(tmp_path / "temporary"),))
    return tmp_path / "temporary"


@pytest.mark.parametrize("code", [1, 10, 14, 10 | 25 << 8])
def test_whatever_sqlite_says_then_it_is_told_that_the_folder_is_missing(
    folders: Path, code: int
) -> None:
    text = "it finds no folder in which it may make temporary files"
    error = error_of(code)
    for fault in (fault_of_sqlite(error), fault_of(OperationalError(error))):
        assert fault
        assert (fault.kind, fault.text) == ("temporary", text)


def test_with_such_a_folder_and_for_other_faults_it_is_what_sqlite_says(folders: Path) -> None:
    assert fault_of_sqlite(error_of(11)).kind == "damaged"
    folders.mkdir()
    assert fault_of_sqlite(error_of(14)).kind == "refused"
    assert fault_of_sqlite(error_of(10)).kind == "disk"


def test_tables_are_made_only_where_there_is_room_for_temporary_files(tmp_path: Path) -> None:
    """A container whose files are all read-only, and that has no /tmp."""
    data, home = tmp_path / "data", tmp_path / "home"
    data.mkdir()
    home.mkdir()
    known = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(Path(__file__).parents[2]),
        "WIDGET_DATABASE_URL": f"sqlite:///{data}/widget.db",
    }

    def migrate(**more: str) -> subprocess.CompletedProcess[str]:
        command = read_only(data, [*COMMAND, "migrate"])
        return subprocess.run(
            command, env=known | more, cwd=home, capture_output=True, text=True, check=False
        )

    refused = migrate()
    assert refused.returncode == 1
    assert refused.stderr == (
        "WIDGET_DATABASE_URL: it finds no folder in which it may make temporary files. "
        + CURE
        + "\n"
    )
    assert migrate(TMPDIR=str(data)).returncode == 0
