"""How commands are called: what a file is to them, and one line for whatever is refused."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from widget_backend.errors import WidgetError, unwritable

FILE = click.Path(path_type=Path, readable=False)
"""Any name: whoever reads the file knows better than click what to do when it cannot be read."""


class OneLineErrors(click.Group):
    """Turns what was mistyped or refused into one line, without a traceback."""

    def make_context(self, *arguments: Any, **more: Any) -> click.Context:
        with _one_line():
            return super().make_context(*arguments, **more)

    def invoke(self, context: click.Context) -> object:
        with _one_line():
            return super().invoke(context)


@contextmanager
def _one_line() -> Iterator[None]:
    try:
        yield
    except click.exceptions.NoArgsIsHelpError:
        raise
    except click.UsageError as error:
        raise _ended(_usage(error), error.exit_code) from error
    except WidgetError as error:
        raise _ended(str(error)) from error
    except OSError as error:
        if error.filename:
            raise _ended(f"{error.filename}: {error.strerror}. see that it may be used.") from error
        if error.errno != errno.ENOSPC:
            raise  # also when who reads what we print has seen enough: click knows that one
        _forget_what_is_printed()
        reason, cure = unwritable(error)
        raise _ended(f"the standard output: {reason}. {cure}.") from error


def _ended(line: str, code: int = 1) -> SystemExit:
    click.echo(line, err=True)
    return SystemExit(code)


def _usage(error: click.UsageError) -> str:
    command = error.ctx.command_path if error.ctx else "preference-widget"
    said = " ".join(error.format_message().split()).rstrip(".")
    end = "" if said.endswith("?") else "."
    return f"{command}: {said[0].lower()}{said[1:]}{end} see {command} --help."


def _forget_what_is_printed() -> None:
    """Else Python tries to print it again when it ends, and says that it cannot."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
