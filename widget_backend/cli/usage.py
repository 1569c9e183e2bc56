"""How commands are called: what a file is to them, and one line for whatever is refused."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any

import click

from widget_backend.errors import WidgetError, unwritable

FILE = click.Path(path_type=Path, readable=False)
"""Any name: whoever reads the file knows better than click what to do when it cannot be read."""


class LazyGroup(click.Group):
    """Imports a command when it is called, and turns what is refused into one line.

    `commands_in` maps a name to where the command is (`file:function` in this folder) and to the
    line that says what it does.
    """

    def __init__(
        self, *arguments: Any, commands_in: Mapping[str, tuple[str, str]], **more: Any
    ) -> None:
        super().__init__(*arguments, **more)
        self.places = {name: place for name, (place, _) in commands_in.items()}
        for name, (_, line) in commands_in.items():
            self.add_command(click.Command(name, short_help=line))

    def resolve_command(
        self, context: click.Context, arguments: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        name, command, rest = super().resolve_command(context, arguments)
        return name, self.load(name) if name in self.places else command, rest

    def load(self, name: str) -> click.Command:
        """The command itself, imported now."""
        file, _, function = self.places[name].partition(":")
        command: click.Command = getattr(import_module(f"{__package__}.{file}"), function)
        return command

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
