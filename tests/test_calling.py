"""What a message tells to type works where the command was called."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from widget_backend.calling import NAME, calling
from widget_backend.errors import CampaignUnknown, MigrationDue


def program_in(folder: Path) -> Path:
    folder.mkdir(parents=True)
    program = folder / NAME
    program.touch(mode=0o755)
    return program


@pytest.fixture
def ours(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The program that was called, which is not on the path."""
    program = program_in(tmp_path / "venv" / "bin")
    monkeypatch.setattr(sys, "argv", [str(program), "check"])
    monkeypatch.setenv("PATH", str(tmp_path))
    return program


def test_a_program_that_is_not_on_the_path_is_named_by_its_own(ours: Path) -> None:
    assert calling("migrate") == f"{ours} migrate"


def test_messages_tell_it(ours: Path) -> None:
    assert f"run {ours} migrate." in str(MigrationDue("WIDGET_DATABASE_URL", "lacks tables"))
    assert f"with {ours} campaigns add." in str(CampaignUnknown("spring"))


def test_one_that_is_on_the_path_is_named_by_its_name(
    ours: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(ours.parent))
    assert calling("migrate") == "preference-widget migrate"


def test_another_program_of_that_name_on_the_path_is_not_meant(
    ours: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(program_in(tmp_path / "older").parent))
    assert calling("migrate") == f"{ours} migrate"


def test_a_path_with_a_space_is_quoted(
    ours: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = program_in(tmp_path / "my site")
    monkeypatch.setattr(sys, "argv", [os.fspath(program)])
    assert calling("migrate") == f'"{program}" migrate'


def test_what_was_not_called_by_name_tells_the_name(monkeypatch: pytest.MonkeyPatch) -> None:
    """As `python -c`, or a test."""
    monkeypatch.setattr(sys, "argv", ["-c"])
    assert calling("migrate") == "preference-widget migrate"
