"""What commands for files of contacts share: options, progress, and the line about rejects."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic
from typing import Any

import click

from widget_backend.cli.output_paths import FILE_ON_DISK
from widget_backend.contacts.csv_output import STANDARD_OUTPUT, Rejects, RejectsFile
from widget_backend.contacts.csv_reader import CsvFile

ADDRESS_COLUMN = click.option(
    "--address-column",
    metavar="NAME",
    help="The column that holds the addresses, as the first line of FILE calls it. "
    "Default: “Email Address” or “email”, else the only one that holds addresses only.",
)


def rejects_option(suffix: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """`--rejects`. Each command has a suffix of its own, so that none replaces another’s file."""
    text = f"Where rows that cannot be used go. Default: FILE.{suffix}.csv"
    return click.option("--rejects", type=FILE_ON_DISK, help=text)


def rejected_text(rejects: Rejects) -> str:
    """How many rows were rejected, and where they are."""
    where = f" (see {rejects.path})" if isinstance(rejects, RejectsFile) and rejects.count else ""
    return f"{rejects.count:,} rejected{where}"


def first_rejected(rejects: Rejects) -> Iterator[str]:
    """What a dry run, which writes no file of them, says of the first rejected rows."""
    for row in rejects.first:
        yield f"line {row.line}: {row.reason}"
    if (more := rejects.count - len(rejects.first)) > 0:
        yield f"{more:,} more would be rejected"


def now() -> datetime:
    return datetime.now(UTC)


def progress_bar(length: int, label: str, out: Path | None = None) -> Any:
    """A bar, if standard error is a terminal to which `out`, the result, is not written as well."""
    hidden = not sys.stderr.isatty() or (out == STANDARD_OUTPUT and sys.stdout.isatty())
    shows: dict[str, Any] = {"item_show_func": lambda rows: rows}
    return click.progressbar(length=length, label=label, file=sys.stderr, hidden=hidden, **shows)


def follow(csv_file: CsvFile, bar: Any) -> Callable[[], None]:
    """A function that moves the bar to how many bytes of the file have been read, and says how many
    rows these are, and how many a second."""
    began_at = monotonic()

    def move() -> None:
        rate = csv_file.count / max(monotonic() - began_at, 0.001)
        bar.update(csv_file.position - bar.pos, f"{csv_file.count:,} rows, {rate:,.0f} a second")

    return move
