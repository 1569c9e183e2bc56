"""Restoring an SQLite file: a backup becomes it, complete and up to date, or nothing changes."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing, suppress
from datetime import UTC, datetime
from importlib import import_module
from itertools import chain, count
from mmap import ACCESS_READ, mmap
from pathlib import Path

from peewee import Database, PeeweeException

from widget_backend.errors import DatabaseUnavailable, FileRefused, SettingInvalid
from widget_backend.file_errors import unwritable
from widget_backend.store.backup_file import ANOTHER, Manifest, sync, unpack
from widget_backend.store.backups import counts_of, require_sound
from widget_backend.store.database import (
    DATABASE,
    HISTORY,
    migrate,
    open_database,
    require_ours,
)
from widget_backend.store.folder_lock import one_at_a_time
from widget_backend.store.sqlite import BESIDE, SqliteFile

Finish = Callable[[Database], None]
"""What is still to be done in the restored database before anybody else sees it."""
RESTORING = ".restoring"
"""The end of the name of what is not restored to the end yet."""
STOP = "stop the server and every command that uses it, then run this command again"
BEGINNING = b"SQLite format 3\0"
"""Of every file of SQLite (sqlite.org/fileformat2.html, 1.3.1)."""
SHARED = 0x40000002, 510
"""The bytes of its file that SQLite locks for who has it open (sqlite.org/src, `os.h`)."""


def restore_file(
    file: Path, manifest: Manifest, database: SqliteFile, replaces: bool, finish: Finish
) -> Path | None:
    """Put the backup in the place of the SQLite file, which is kept beside if it `replaces` one:
    returns its new name then. Until the last moment everything is done in another file.

    Raises FileRefused, SettingInvalid and DatabaseUnavailable, with nothing changed.
    """
    # A link goes on leading to the file, and SQLite keeps the log beside the file, not the link.
    target = Path(os.path.realpath(database.path)) if database.path.is_symlink() else database.path
    require_place(target, replaces)
    part = target.with_name(f"{target.name}{RESTORING}")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with one_at_a_time(part):
            _delete(part)  # what a restore has left that was killed
            part.touch(mode=0o600)
            try:
                unpack(file, manifest, part)
                _complete(file, manifest, part, finish)
                require_place(target, replaces)
                return _swap(part, target)
            finally:
                _delete(part)
    except OSError as error:
        raise FileRefused(str(target), *unwritable(error)) from error


def _delete(file: Path) -> None:
    """With its logs: SQLite would play those of an earlier file into a new one of this name."""
    for end in (*BESIDE, ""):
        Path(f"{file}{end}").unlink(missing_ok=True)


def left_behind(database: Path) -> list[Path]:
    """What a restore has left that was killed: it holds people, also some who were deleted."""
    target = os.path.realpath(database)
    parts = [Path(f"{target}{RESTORING}{end}") for end in ("", *BESIDE)]
    return [each for each in parts if each.exists()]


def _complete(file: Path, manifest: Manifest, part: Path, finish: Finish) -> None:
    require_sound(part)
    database = open_database(f"sqlite:///{part}")
    assert isinstance(database, SqliteFile)
    try:
        with database.connection_context():
            require_counts(file, manifest, database)
        migrate(database)
        with database.connection_context():
            finish(database)
            database.empty_log()
    except DatabaseUnavailable as error:
        if error.kind in {"full", "disk"}:
            reason = f"cannot be written: {error.text}"
            raise FileRefused(str(part), reason, "make room on that disk") from error
        raise


def require_counts(file: Path, manifest: Manifest, database: Database) -> None:
    """Raises FileRefused unless every table has the rows that the manifest says."""
    if counts_of(database) != manifest.counts:
        raise FileRefused(str(file), "has other rows than it says", ANOTHER)


def require_place(target: Path, replaces: bool) -> None:
    """Raises SettingInvalid unless the file may be replaced, or there is none."""
    try:
        is_empty = target.stat().st_size == 0
    except OSError:
        return
    if is_in_use(target):
        raise SettingInvalid(DATABASE, f"somebody has {target} open", STOP)
    if is_empty:
        return
    _require_ours(target)
    if not replaces:
        cure = "name a new file, or say --replace, which keeps this one beside it"
        raise SettingInvalid(DATABASE, f"{target} is not empty", cure)


def _require_ours(target: Path) -> None:
    """Raises SettingInvalid. One that is damaged may be replaced, too."""
    database = SqliteFile(str(target))
    try:
        with database.connection_context():
            require_ours(database)
    except (DatabaseUnavailable, PeeweeException) as error:
        if not _was_database(target):
            reason = f"{target} is no SQLite database"
            cure = (
                "name another file; or, if it was the database before it was damaged, rename it "
                "and run this command again"
            )
            raise SettingInvalid(DATABASE, reason, cure) from error


def _was_database(target: Path) -> bool:
    """Whether a file that SQLite cannot read begins as its files do or, where that is lost, names a
    table of ours. Anything else may be somebody's only copy of something."""
    with target.open("rb") as content:
        if content.read(len(BEGINNING)) == BEGINNING:
            return True
        with mmap(content.fileno(), 0, access=ACCESS_READ) as whole:
            return whole.find(HISTORY.encode()) >= 0


def _opened(target: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{target.as_uri()}?mode=rw", uri=True, timeout=0, isolation_level=None)


def is_in_use(target: Path) -> bool:
    """Whether another program has an SQLite file open, even if it is damaged by now.

    In WAL mode, everybody who has it open holds a lock, and who wants it alone is refused.
    """
    try:
        with closing(_opened(target)) as connection:
            connection.execute("PRAGMA locking_mode = exclusive")
            connection.execute("BEGIN EXCLUSIVE")
            connection.execute("ROLLBACK")
            return False
    except sqlite3.Error as error:
        if error.sqlite_errorcode & 0xFF in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
            return True
        return _is_locked(target)


def _is_locked(target: Path) -> bool:
    """The same of a file that SQLite no longer reads."""
    try:
        locks = import_module("fcntl")
    except ImportError:  # Windows, which does not move what is open
        return False
    start, length = SHARED
    with target.open("r+b") as content:
        try:
            locks.lockf(content, locks.LOCK_EX | locks.LOCK_NB, length, start)
        except OSError:
            return True
    return False


def _swap(part: Path, target: Path) -> Path | None:
    """Give each its name; what was there before stays, with what belongs to it, unless it is empty.

    Also where only the log of a file is left: SQLite would play it into the restored one.
    """
    kept = _kept_name(target)
    _rename(target, kept)
    is_kept, holds_nothing = kept.exists(), _holds_nothing(kept)
    try:
        _give_to_owner(part, kept if is_kept else target.parent)
        part.replace(target)
    except OSError:
        _rename(kept, target)
        raise
    if holds_nothing:
        _delete(kept)
    sync(target.parent)
    return kept if is_kept and not holds_nothing else None


def _holds_nothing(file: Path) -> bool:
    """Whether it is empty, and no log beside it has what it lacks."""
    is_empty = file.exists() and file.stat().st_size == 0
    return is_empty and not Path(f"{file}-wal").exists()


def _rename(file: Path, to: Path) -> None:
    for end in (*BESIDE, ""):
        with suppress(FileNotFoundError):
            Path(f"{file}{end}").rename(f"{to}{end}")


def _kept_name(target: Path) -> Path:
    """A name that no file has."""
    name = f"{target.name}.replaced-{datetime.now(UTC):%Y%m%dT%H%M%S}"
    names = chain([name], (f"{name}-{number}" for number in count(2)))
    return next(file for each in names if not (file := target.with_name(each)).exists())


def _give_to_owner(part: Path, like: Path) -> None:
    """An administrator restores it for the server, which is somebody else."""
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        owner = like.stat()
        os.chown(part, owner.st_uid, owner.st_gid)
