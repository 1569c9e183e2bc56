"""What commands that read a table of contacts have in common: options, progress, the rejects."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import click

from widget_backend.cli.usage import FILE
from widget_backend.contacts.csv_output import RejectsFile
from widget_backend.contacts.csv_reader import CsvFile

ADDRESS_COLUMN = click.option(
    "--address-column",
    metavar="NAME",
    help="The column that holds the addresses, as the first line of FILE calls it. "
    "Default: “Email Address” or “email”, else the only one that holds addresses only.",
)


def rejects_option(suffix: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """`--rejects`; of a name of its own, so that `links` leaves alone what `import` wrote."""
    help_ = f"Where rows that cannot be used go. Default: FILE.{suffix}.csv"
    return click.option("--rejects", type=FILE, help=help_)


def rejected_rows(rejects: RejectsFile) -> str:
    """How many rows were rejected, and where they are."""
    where = f" (see {rejects.path})" if rejects.count else ""
    return f"{rejects.count:,} rejected{where}"


def now() -> datetime:
    return datetime.now(UTC)


def bar_of(length: int, label: str, to_standard_output: bool = False) -> Any:
    """A bar on a terminal, unless that is where the result itself goes."""
    hidden = not sys.stderr.isatty() or (to_standard_output and sys.stdout.isatty())
    return click.progressbar(length=length, label=label, file=sys.stderr, hidden=hidden)


def follow(table: CsvFile, bar: Any) -> Callable[[], None]:
    """To be called after each step through the table: the bar shows bytes read."""
    return lambda: bar.update(table.position - bar.pos)
