"""Where commands write: a file, or the standard output, for which “-” stands."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import click

from widget_backend.contacts.csv_output import STANDARD_OUTPUT


class OutputPath(click.Path):
    """The path of a file to write, or STANDARD_OUTPUT. A file of that name is called “./-”."""

    def convert(
        self, value: Any, parameter: click.Parameter | None, context: click.Context | None
    ) -> Path:
        if value == str(STANDARD_OUTPUT):
            return STANDARD_OUTPUT
        path = Path(os.fsdecode(super().convert(value, parameter, context)))
        return path.absolute() if path == STANDARD_OUTPUT else path


class DiskPath(OutputPath):
    """The path of a file to write that cannot be the standard output: it is read again."""

    def convert(
        self, value: Any, parameter: click.Parameter | None, context: click.Context | None
    ) -> Path:
        path = super().convert(value, parameter, context)
        if path == STANDARD_OUTPUT:
            reason = "“-” is the standard output, and this must be a file: name one"
            self.fail(reason, parameter, context)
        return path


OUTPUT = OutputPath(path_type=Path, readable=False)
FILE_ON_DISK = DiskPath(path_type=Path, readable=False)

OUT = click.option(
    "-o",
    "--out",
    type=OUTPUT,
    default=str(STANDARD_OUTPUT),
    help="File to write, replaced once the new one is complete; none of those that are read. "
    "Default: “-”, the standard output.",
)


def require_other_output(option: str, path: Path | None, taken: Path | None) -> None:
    """Raises click's UsageError if two texts would be mixed on the standard output."""
    if path == taken == STANDARD_OUTPUT:
        raise click.UsageError(f"{option} -: the standard output is taken: name a file")
