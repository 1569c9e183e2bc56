"""Cursors as text, and the file in which a nightly export finds and keeps its own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TextIO

from widget_backend.contacts.csv_output import output_file
from widget_backend.errors import CursorRefused, FileRefused
from widget_backend.file_errors import unreadable
from widget_backend.site.values import IDENTIFIER
from widget_backend.store.changes import Cursor

START = "start"
"""The cursor before everything: it tells everyone."""

_CURSOR = re.compile(
    rf"({IDENTIFIER})\.([0-9]{{1,18}})\.([0-9]{{1,18}})\.([0-9-]{{10}})\.([0-9a-f]{{8}})?"
)


def read_cursor(text: str, site: str) -> Cursor | None:
    """The cursor of a text, None for START. Raises CursorRefused."""
    if text == START:
        return None
    match = _CURSOR.fullmatch(text)
    if not match or not _is_day(match[4]):
        reason = "is none that an export has printed"
        raise CursorRefused(reason, "copy it whole, or export everyone with --cursor start")
    if match[1] != site:
        raise CursorRefused(f"is of the site “{match[1]}”", f"name one of “{site}”")
    return Cursor(site, int(match[2]), int(match[3]), match[4], match[5] or "")


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


@dataclass
class CursorFile:
    """Where an export goes on, and where the next one will.

    `before` is what the file held; a file that is empty, or not there, stands for everyone.
    """

    path: Path
    before: str
    _text: TextIO

    def refused(self, error: CursorRefused) -> FileRefused:
        cure = "name another file, or delete this one to export everyone once more"
        return FileRefused(str(self.path), f"the cursor in it {error.reason}", cure)

    def keep(self, cursor: Cursor) -> None:
        """For the next export, if this one ends well.

        Raises FileRefused when another one has ended meanwhile, which began at the same cursor.
        """
        if _read(self.path) != self.before:
            reason = "another export has changed it meanwhile"
            raise FileRefused(str(self.path), reason, "run this one again")
        self._text.write(f"{cursor}\n")


@contextmanager
def cursor_file(path: Path, *others: Path) -> Iterator[CursorFile]:
    """The file of a cursor, which is replaced when the block ends well. `others` are never written.

    Whatever the block writes elsewhere must be complete when it ends. Raises FileRefused.
    """
    before = _read(path)
    with output_file(path, *others) as text:
        yield CursorFile(path, before, text)


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace")[:200].strip()
    except FileNotFoundError:
        return ""
    except OSError as error:
        raise FileRefused(str(path), *unreadable(error)) from error
