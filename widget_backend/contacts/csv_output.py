"""Outputs: files that this software writes, whole or not at all, and the rows it had to reject."""

from __future__ import annotations

import csv
import errno
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from io import TextIOWrapper
from pathlib import Path
from types import TracebackType
from typing import Any, TextIO

from widget_backend.contacts.csv_reader import OF_REJECTS, Row, Table
from widget_backend.contacts.formula_guard import guard
from widget_backend.errors import FileRefused, unwritable


@contextmanager
def output(path: Path | None, *read: Path) -> Iterator[TextIO]:
    """A text in UTF-8 to write to: the standard output, or a file that appears when complete.

    What was in the file is replaced, unless it is one of those that are `read`: who mistypes -o
    must not lose a site file or a list of contacts. Raises FileRefused.
    """
    if path is None:
        yield from _standard_output()
        return
    with _named(path):
        if path.resolve() in {each.resolve() for each in read}:
            raise FileRefused(str(path), "it is read here", "name another file to write")
        whole = not path.exists() or path.is_file()
    written = path.with_name(f"{path.name}.part") if whole else path
    opened = _open(written)
    try:
        with _room_for(path), opened as text:
            yield text
    except BaseException:
        if whole:
            written.unlink(missing_ok=True)
        raise
    if whole:
        os.replace(written, path)


def _standard_output() -> Iterator[TextIO]:
    text = TextIOWrapper(sys.stdout.buffer, encoding="utf-8", newline="")
    try:
        yield text
    finally:
        text.detach()


def _open(path: Path) -> TextIO:
    with _named(path):
        return path.open("w", encoding="utf-8", newline="")


@contextmanager
def _named(path: Path) -> Iterator[None]:
    """Raises FileRefused for what the system says against a file to be written."""
    try:
        yield
    except OSError as error:
        raise FileRefused(str(path), *unwritable(error)) from error


@contextmanager
def _room_for(path: Path) -> Iterator[None]:
    """The same while others may be read: only a full disk speaks of what is written."""
    try:
        yield
    except OSError as error:
        if error.errno not in {errno.ENOSPC, errno.EDQUOT}:
            raise
        raise FileRefused(str(path), *unwritable(error)) from error


def csv_writer(text: TextIO) -> Any:
    return csv.writer(text, lineterminator="\n")


class Rejects:
    """The rows of a table that were not taken, each with its line and the reason.

    The file is only made when there is one, and a file of rejects that an earlier run left is
    removed when there is none, so that it always tells of the last run.
    """

    def __init__(self, table: Table, path: Path | None = None, suffix: str = "rejects") -> None:
        """`suffix` is for the name beside the table's file when no path is given."""
        self.path = path or table.path.with_name(f"{table.path.name}.{suffix}.csv")
        self.count = 0
        self._table = table
        self._text: TextIO | None = None
        if (reason := self._against()) is not None:
            raise FileRefused(str(self.path), reason, "name another --rejects")

    def _against(self) -> str | None:
        """Why the file cannot hold the rejects."""
        try:
            if not self.path.exists():
                return None
            if self.path.samefile(self._table.path):
                return "it is the file being read"
            reason = "it exists and holds something else than rejects"
            return None if _may_replace(self.path) else reason
        except OSError as error:
            return unwritable(error)[0]

    def __enter__(self) -> Rejects:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._text:
            with _room_for(self.path):
                self._text.close()
        elif error is None and _is_of_rejects(self.path):
            self.path.unlink()

    def add(self, row: Row, reason: str) -> None:
        if self._text is None:
            self._text = _open(self.path)
            csv_writer(self._text).writerow((*OF_REJECTS, *self._table.header))
        cells = map(guard_once, row.cells)
        with _room_for(self.path):
            csv_writer(self._text).writerow((row.line, reason, *cells))
        self.count += 1


def guard_once(cell: str) -> str:
    """A cell that may have been guarded by whoever wrote the file."""
    return cell if cell.startswith("'") else guard(cell)


def _may_replace(path: Path) -> bool:
    """Devices such as the standard output too; a file only if an earlier run made it, or empty."""
    return not path.is_file() or not path.stat().st_size or _is_of_rejects(path)


def _is_of_rejects(path: Path) -> bool:
    if not path.is_file():
        return False
    with path.open(encoding="utf-8", errors="replace") as text:
        return text.readline(64).startswith(",".join((*OF_REJECTS, "")))
