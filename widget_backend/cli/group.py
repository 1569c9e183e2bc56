"""The group of commands: it imports a command when it is called, and shows errors as one line."""

from __future__ import annotations

import errno
import gc
import os
import signal
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from importlib import import_module
from pathlib import Path
from threading import current_thread, main_thread
from typing import Any

import click

from widget_backend.errors import WidgetError
from widget_backend.file_errors import unwritable
from widget_backend.text import one_way

FILE = click.Path(path_type=Path, readable=False)
"""Any path. What reads the file says why it cannot be read, and the cure, which click does not."""


class SitePath(click.Path):
    """The path of a site file. A folder stands for the SITE.toml in it, as in `preview`."""

    def convert(
        self, value: Any, parameter: click.Parameter | None, context: click.Context | None
    ) -> Any:
        path = Path(os.fsdecode(super().convert(value, parameter, context)))
        inside = path / SITE_TOML
        # Unlike Path.is_file, it raises no error for names that no file can have.
        return inside if os.path.isfile(inside) else path


SITE_TOML = "SITE.toml"
SITE_FILE = SitePath(path_type=Path, readable=False)
"""A site file, or its folder."""

RELOADING = {"serve", "worker"}
"""Commands that read their files anew at SIGHUP, as soon as they are ready."""


class LazyGroup(click.Group):
    """Imports a command when it is called, and shows errors as one line.

    `commands_in` maps the name of a command to its place (`file:function` in this folder) and to
    the line that describes it.
    """

    def __init__(
        self, *arguments: Any, commands_in: Mapping[str, tuple[str, str]], **options: Any
    ) -> None:
        super().__init__(*arguments, **options)
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
        if name in RELOADING:
            _outlive_hangups()
        file, _, function = self.places[name].partition(":")
        command: click.Command = getattr(import_module(f"{__package__}.{file}"), function)
        collect_rarely()
        return command

    def make_context(self, *arguments: Any, **options: Any) -> click.Context:
        with _printing_one_way(), _errors_as_one_line():
            return super().make_context(*arguments, **options)

    def invoke(self, context: click.Context) -> object:
        with _printing_one_way(), _errors_as_one_line():
            return super().invoke(context)


class UsualGroup(click.Group):
    """A group that does what is usual where no subcommand is named."""

    usual: str

    def parse_args(self, context: click.Context, arguments: list[str]) -> list[str]:
        is_named = bool(arguments) and arguments[0] in {*self.commands, "--help"}
        return super().parse_args(context, arguments if is_named else [self.usual, *arguments])


def collect_rarely() -> None:
    """Look for garbage less often, and never among what was imported: commands make many objects
    that go by themselves, and looking took a sixth of the time of an audience."""
    gc.freeze()
    gc.set_threshold(50_000)


class _OneWay:
    """A text stream that turns nothing round on a terminal, whatever the texts of a site hold."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        written: int = self._stream.write(one_way(text))
        return written

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


def _outlive_hangups() -> None:
    """SIGHUP is for whoever has read files. Until then it would end the process."""
    number = getattr(signal, "SIGHUP", None)
    # SIG_IGN would be handed on to programs that are started.
    if number is not None and current_thread() is main_thread():
        signal.signal(number, lambda *_: None)


@contextmanager
def _printing_one_way() -> Iterator[None]:
    """Files that are written to the standard output as bytes stay as they are."""
    out: Any = _OneWay(sys.stdout)
    err: Any = _OneWay(sys.stderr)
    with redirect_stdout(out), redirect_stderr(err):
        yield


@contextmanager
def _errors_as_one_line() -> Iterator[None]:
    try:
        yield
    except click.exceptions.NoArgsIsHelpError:
        raise
    except click.UsageError as error:
        raise _exit_with(_usage_line(error), error.exit_code) from error
    except WidgetError as error:
        raise _exit_with(str(error)) from error
    except OSError as error:
        if error.filename:
            line = f"{error.filename}: {error.strerror}. see that it may be used."
            raise _exit_with(line) from error
        if error.errno != errno.ENOSPC:
            raise  # such as a closed pipe, which click handles
        # Otherwise Python tries to print the rest when it ends, and fails with an error.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        reason, cure = unwritable(error)
        raise _exit_with(f"the standard output: {reason}. {cure}.") from error


def _exit_with(line: str, code: int = 1) -> SystemExit:
    click.echo(line, err=True)
    return SystemExit(code)


def _usage_line(error: click.UsageError) -> str:
    command = error.ctx.command_path if error.ctx else "preference-widget"
    message = " ".join(error.format_message().split()).rstrip(".")
    end = "" if message.endswith("?") else "."
    return f"{command}: {message[0].lower()}{message[1:]}{end} see {command} --help."
