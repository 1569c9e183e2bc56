"""SQLite's temporary files: where it makes them, and whether it can.

It needs them to sort much and to take back half a statement. Without any it says that the database
cannot be opened, or even that a savepoint is missing, which is true of nothing that an operator
could mend.
"""

from __future__ import annotations

import os
from pathlib import Path
from tempfile import TemporaryFile

VARIABLES = ("SQLITE_TMPDIR", "TMPDIR")
FOLDERS = ("/var/tmp", "/usr/tmp", "/tmp", ".")  # noqa: S108 - nothing is kept in them
"""Where SQLite looks after the folders that the variables name (sqlite.org/tempfiles.html, 5)."""


def what_is_wrong() -> str:
    """Why SQLite can make no temporary file; empty if it can, or if nobody knows."""
    if os.name != "posix":
        return ""
    named = [os.environ.get(name, "") for name in VARIABLES]
    for folder in map(Path, filter(None, (*named, *FOLDERS))):
        if folder.is_dir() and os.access(folder, os.W_OK | os.X_OK):
            return "" if _can_be_written(folder) else f"it can make no temporary file in {folder}"
    return "it finds no folder in which it may make temporary files"


def _can_be_written(folder: Path) -> bool:
    try:
        TemporaryFile(dir=folder).close()
    except OSError:
        return False
    return True
