"""What importing one part of the house brings along."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import pytest

import widget_backend
from widget_backend.cli import COMMANDS, main
from widget_backend.cli.group import LazyGroup

PACKAGE = Path(widget_backend.__file__).parent
WITHOUT = {
    "rules": {"flask", "peewee"},
    "site": {"flask", "peewee"},
    "i18n": {"flask", "peewee"},
    "cli": {"flask", "peewee"},
    "embed": {"flask"},
    "store": {"flask"},
    "actions": {"flask"},
    "contacts": {"flask"},
    "jobs": {"flask"},
    "mail": {"flask"},
    "planning": {"flask"},
}
"""What each room must do without: commands start at once, and any door can use what they hold."""


def modules_of(room: str) -> list[str]:
    files = [*PACKAGE.glob(f"{room}/*.py"), *PACKAGE.glob(f"{room}.py")]
    return sorted(f"widget_backend.{room}.{each.stem}".removesuffix(".__init__") for each in files)


def loaded_with(modules: Iterable[str]) -> set[str]:
    """The names of all modules that a new interpreter has after importing these."""
    code = f"import sys, {', '.join(modules)}; print(*sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(run.stdout.split())


@pytest.mark.parametrize("room", WITHOUT)
def test_a_room_does_without_the_libraries_of_rooms_above(room: str) -> None:
    modules = ["widget_backend.cli"] if room == "cli" else modules_of(room)
    assert modules
    assert not loaded_with(modules) & WITHOUT[room]


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_that_help_lists_is_there(name: str) -> None:
    assert isinstance(main, LazyGroup)
    command = main.load(name)
    assert command.name == name
    assert command.help
