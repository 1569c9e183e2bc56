"""Who runs a command, and what a run keeps of how it was called."""

from __future__ import annotations

import getpass
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from widget_backend.text import first_control, without_addresses

LONGEST_NAME = 100
"""Characters."""

BY = click.option(
    "--by",
    metavar="NAME",
    help="Who does this, for the list of runs. Default: the name you are logged in with.",
)


def staff_name(by: str | None) -> str | None:
    """The name as it was given, or that of whoever is logged in; None if the system has none.

    Raises click's UsageError.
    """
    name = (_login_name() or "") if by is None else by.strip()
    if by is not None and not name:
        raise click.UsageError("--by is empty: name the person who does this")
    if control := first_control(name):
        raise click.UsageError(f"--by holds {control}: write the name in one line")
    if len(name) > LONGEST_NAME:
        raise click.UsageError(f"--by is longer than {LONGEST_NAME} characters: shorten the name")
    return name or None


def _login_name() -> str | None:
    try:
        return getpass.getuser()[:LONGEST_NAME]
    except (OSError, KeyError, ImportError):  # a container may have no name for its user
        return None


def run_row(
    file: Path,
    platform: str,
    topics: tuple[str, ...],
    mapping: Path | None,
    list_name: str | None,
    consent: str | None,
    consented_on: datetime | None,
) -> dict[str, Any]:
    """What a run keeps of its file and options: nothing that leads to a person."""
    options = {
        "topics": list(topics),
        "map": mapping and without_addresses(mapping.name),
        "list": list_name,
        "consent": consent is not None,
        "consented_on": consented_on and consented_on.date().isoformat(),
    }
    kept = {name: value for name, value in options.items() if value}
    name = without_addresses(file.name)
    return {"file": name[:255], "platform": platform, "options": kept}
