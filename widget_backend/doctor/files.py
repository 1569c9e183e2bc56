"""Files of the server: who can read them, and how much room there is for them."""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path

from widget_backend.doctor.outcomes import Outcome, ok, unsure, wrong

ROOM = 200 * 1024 * 1024
"""Bytes that should be free at least."""
COPIES = 3
"""How often the database should fit in what is free: a backup needs two copies for a moment."""


SECRETS = (
    "WIDGET_SIGNING_KEYS",
    "WIDGET_RETIRED_KEYS",
    "WIDGET_EVIDENCE_KEY",
    "WIDGET_SMTP_URL",
    "WIDGET_DATABASE_URL",
    "WIDGET_METRICS_KEY",
)
"""Settings that nobody else may know, some of them for a password in them."""


def secret_files() -> Iterator[Outcome]:
    """Whether only the server can read the files that hold settings."""
    for name in SECRETS:
        file = os.environ.get(f"{name}_FILE", "")
        if file and not os.environ.get(name) and Path(file).exists():
            yield privacy(f"{name}_FILE", Path(file))


def privacy(what: str, file: Path) -> Outcome:
    """Whether only its owner and group can read a file, by its own rights or those of its folders.

    The file must be there.
    """
    if everybody_reads(file):
        if hasattr(os, "geteuid") and file.stat().st_uid != os.geteuid():
            # With mode 600 this user could not read it either.
            reason = f"{file} belongs to another user, and everybody here can read it"
            cure = "except in a container, give it to the user of the server, with mode 600"
            return unsure(what, reason, cure)
        return wrong(what, f"everybody on this machine can read {file}", f"run chmod 600 {file}")
    return ok(what, f"not everybody can read {file}")


def everybody_reads(file: Path) -> bool:
    is_open = bool(file.stat().st_mode & stat.S_IROTH)
    folders = file.resolve().parents
    return is_open and all(each.stat().st_mode & stat.S_IXOTH for each in folders)


def can_be_written(what: str, file: Path) -> Outcome:
    """Whether this user can add to a file, or make it."""
    place = file if file.exists() else file.parent
    if not os.access(place, os.W_OK):
        return wrong(what, f"{place} cannot be written", "let the user of the server write there")
    return ok(what, f"{file} can be written")


def room(files: Iterable[Path], size: int) -> Iterator[Outcome]:
    """How much is free on each disk with one of the files, for a database of `size` bytes."""
    seen: set[int] = set()
    needed = max(ROOM, COPIES * size)
    for each in files:
        folder = next(place for place in each.absolute().parents if place.exists())
        if (disk := folder.stat().st_dev) in seen:
            continue
        seen.add(disk)
        free = shutil.disk_usage(folder).free
        text = f"{_megabytes(free)} are free"
        if free < needed:
            yield wrong(f"disk of {folder}", text, f"make room: {_megabytes(needed)} are needed")
        else:
            yield ok(f"disk of {folder}", text)


def _megabytes(size: int) -> str:
    return f"{size // 1024**2:,} MB"
