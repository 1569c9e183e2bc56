"""`restore --replaced`: the database that was in use says who was deleted."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from peewee import Database

from tests.support.backups import KEY, Restore, Run, path_with_programs
from tests.support.houses import on_postgresql
from tests.support.people import erase_people, person_of


@pytest.fixture
def backup(run: Run, database: Database, file: Path) -> Path:
    """Somebody was deleted after it."""
    arta = person_of(database, "shop")
    run("backup", file)
    erase_people(database, arta)
    return file


def test_its_address_can_come_from_standard_input(
    backup: Path, database_url: str, new_url: str
) -> None:
    command = ["-c", "from widget_backend.cli import main; main()", "restore", str(backup)]
    settings = {
        "WIDGET_DATABASE_URL": new_url,
        "WIDGET_SIGNING_KEYS": KEY,
        "PATH": path_with_programs(database_url),
        "PYTHONPATH": ":".join(sys.path),
    }
    ran = subprocess.run(
        [sys.executable, *command, "--replaced", "-"],
        input=f"{database_url}\n",
        env=settings,
        capture_output=True,
        text=True,
    )
    assert ran.returncode == 0, ran.stderr
    assert "deleted again: 1." in ran.stdout


@on_postgresql
@pytest.mark.parametrize(
    "url", ["postgresql://arta:secret@localhost/widget", "postgresql:///widget?password=secret"]
)
def test_a_password_on_the_command_line_is_refused(
    restore: Restore, backup: Path, url: str
) -> None:
    result = restore("--replaced", url)
    assert result.exit_code == 1
    assert result.stderr == (
        "--replaced: a password on the command line is shown to everybody on this machine. write "
        "the URL to a file that only you can read, and say --replaced - < FILE.\n"
    )


def test_an_empty_one_was_not_in_use(
    restore: Restore, run: Run, backup: Path, new_url: str, tmp_path: Path
) -> None:
    if new_url.startswith("sqlite"):
        (tmp_path / "new").mkdir()
        (tmp_path / "new" / "widget.db").touch()
    result = restore("--replaced", new_url)
    assert result.exit_code == 1
    assert result.stderr == (
        "--replaced: it has no tables of ours, so it was never in use. name the database that was "
        "in use.\n"
    )
    none = restore("--replaced", f"sqlite:///{tmp_path}/none.db").stderr
    assert none == (
        f"--replaced: there is no file {tmp_path}/none.db. name the database that was in use.\n"
    )


def test_one_that_is_not_there_is_told_with_the_name_of_the_option(
    restore: Restore, backup: Path, tmp_path: Path
) -> None:
    for url in (f"sqlite:///{tmp_path}/none.db", "postgresql:///none?host=/none", "mysql://none"):
        result = restore("--replaced", url)
        assert result.exit_code == 1
        assert result.stderr.startswith("--replaced: ")
        assert result.stderr.count("\n") == 1
