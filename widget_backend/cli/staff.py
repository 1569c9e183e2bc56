"""Who runs a command."""

from __future__ import annotations

import getpass

import click

from widget_backend.text import first_control

LONGEST_NAME = 100
"""Characters."""

BY = click.option(
    "--by",
    metavar="NAME",
    help="Who does this, for the record. Default: the name you are logged in with.",
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


def required_staff(by: str | None) -> str:
    """The same where somebody must be named. Raises click's UsageError."""
    if staff := staff_name(by):
        return staff
    raise click.UsageError("--by is missing: name the person who does this")


def _login_name() -> str | None:
    try:
        return getpass.getuser()[:LONGEST_NAME]
    except (OSError, KeyError, ImportError):  # a container may have no name for its user
        return None
