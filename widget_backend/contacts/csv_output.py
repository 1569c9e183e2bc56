"""CSV output: files that appear when they are complete, and files of rejected rows."""

from __future__ import annotations

import csv
import errno
import os
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import TextIOWrapper
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple, Self, TextIO

from widget_backend.contacts.csv_reader import REJECTS_COLUMNS, CsvFile, CsvRow
from widget_backend.contacts.cures import with_cure
from widget_backend.contacts.formula_guard import escape_formula_once
from widget_backend.errors import FileRefused
from widget_backend.file_errors import unwritable

STANDARD_OUTPUT = Path("-")
"""What stands for it where a file to write is named."""

FOR_ITS_OWNER = 0o600
"""The permissions of a new file: it holds people, and links that open what they chose."""


@contextmanager
def output_file(path: Path, *inputs: Path) -> Iterator[TextIO]:
    """A text in UTF-8 to write to: STANDARD_OUTPUT, or a file that appears when it is complete.

    It replaces the file of this name, whose permissions stay, but never one of the `inputs`: a
    mistyped -o must not destroy a site file or a list of contacts. Raises FileRefused.
    """
    if path == STANDARD_OUTPUT:
        standard_output = TextIOWrapper(sys.stdout.buffer, encoding="utf-8", newline="")
        try:
            yield standard_output
        finally:
            standard_output.detach()
        return
    with _refusing_unwritable(path):
        if path.resolve() in {each.resolve() for each in inputs}:
            raise FileRefused(str(path), "it is read here", "name another file to write")
        is_replaced = not path.exists() or path.is_file()  # a device such as /dev/null is not
    # Two commands that write the same file at once have each a part of their own.
    part = path.with_name(f"{path.name}.{os.getpid()}.part") if is_replaced else path
    opened = _open(part, path)
    if is_replaced:
        _keep_permissions(path, part)
    try:
        with _refusing_full_disk(path), opened as text:
            yield text
            if is_replaced:
                text.flush()
                os.fsync(text.fileno())  # else a power failure could leave an empty file
    except BaseException:
        if is_replaced:
            part.unlink(missing_ok=True)
        raise
    if is_replaced:
        os.replace(part, path)


def _open(path: Path, named: Path) -> TextIO:
    """Errors name the file by the name that somebody knows."""
    with _refusing_unwritable(named):
        return open(path, "w", encoding="utf-8", newline="", opener=_for_its_owner)


def _for_its_owner(path: str, flags: int) -> int:
    """Nobody else may read a new file; Windows knows no such permissions."""
    return os.open(path, flags, FOR_ITS_OWNER)


def _keep_permissions(path: Path, part: Path) -> None:
    """Let the same people read what replaces a file, if there is one; another group may not."""
    with suppress(FileNotFoundError):
        before = path.stat()
        mode = stat.S_IMODE(before.st_mode)
        if before.st_gid != part.stat().st_gid:
            try:
                os.chown(part, -1, before.st_gid)
            except OSError:
                mode &= ~stat.S_IRWXG
        part.chmod(mode)


@contextmanager
def _refusing_unwritable(path: Path) -> Iterator[None]:
    """Turns errors of the system about a file to be written into FileRefused."""
    try:
        yield
    except OSError as error:
        raise FileRefused(str(path), *unwritable(error)) from error


@contextmanager
def _refusing_full_disk(path: Path) -> Iterator[None]:
    """The same while other files are read: only a full disk is certainly about the written one."""
    try:
        yield
    except OSError as error:
        if error.errno not in {errno.ENOSPC, errno.EDQUOT}:
            raise
        raise FileRefused(str(path), *unwritable(error)) from error


def csv_writer(text: TextIO, separator: str = ",", line_end: str = "\n") -> Any:
    return csv.writer(text, delimiter=separator, lineterminator=line_end)


class Rejected(NamedTuple):
    """A row that was rejected: its line, and why."""

    line: int
    reason: str


MOST_NAMED = 5
"""Rejected rows of which a report says why."""


class Rejects:
    """The rows that were rejected: how many, and the `first` of them."""

    def __init__(self) -> None:
        self.count = 0
        self.first: list[Rejected] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Nothing is open."""

    def add(self, row: CsvRow, reason: str) -> None:
        self.count += 1
        if len(self.first) < MOST_NAMED:
            self.first.append(Rejected(row.line, reason))

    def add_entry(self, row: CsvRow | None, reason: str) -> None:
        """The same for an entry, which may come from no row."""
        if row:
            self.add(row, reason)


class RejectsFile(Rejects):
    """The rows of a CSV file that were rejected, each with its line, the reason and the cure.

    It always tells about the last run: it is created with the first rejected row, and if there is
    none, the rejects file of an earlier run is removed.
    """

    def __init__(
        self, csv_file: CsvFile, path: Path | None = None, suffix: str = "rejects"
    ) -> None:
        """Without a path it lies beside the CSV file, with this suffix. Raises FileRefused."""
        super().__init__()
        self.path = path or csv_file.path.with_name(f"{csv_file.path.name}.{suffix}.csv")
        self._header = csv_file.header
        self._text: TextIO | None = None
        if (reason := self._unusable_because(csv_file)) is not None:
            raise FileRefused(str(self.path), reason, "name another --rejects")

    def _unusable_because(self, csv_file: CsvFile) -> str | None:
        """Devices such as standard output can be used, and files that are empty or hold rejects."""
        try:
            if not self.path.exists():
                return None
            if self.path.samefile(csv_file.path):
                return "it is the file being read"
            if self.path.is_file() and self.path.stat().st_size and not holds_rejects(self.path):
                return "it exists and holds something else than rejects"
            return None
        except OSError as error:
            return unwritable(error)[0]

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._text:
            with _refusing_full_disk(self.path):
                self._text.close()
        elif error is None and holds_rejects(self.path):
            self.path.unlink()

    def add(self, row: CsvRow, reason: str) -> None:
        if self._text is None:
            self._text = _open(self.path, self.path)
            csv_writer(self._text).writerow((*REJECTS_COLUMNS, *self._header))
        cells = map(escape_formula_once, row.cells)
        with _refusing_full_disk(self.path):
            csv_writer(self._text).writerow((row.line, *with_cure(reason), *cells))
        super().add(row, reason)


def holds_rejects(path: Path) -> bool:
    """Whether it begins as our own rejects do, which have commas and are in UTF-8."""
    if not path.is_file():
        return False
    with path.open(encoding="utf-8", errors="replace") as text:
        return text.readline(64).startswith(",".join((*REJECTS_COLUMNS[:2], "")))
