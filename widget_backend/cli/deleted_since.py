"""Who was deleted since a backup: by the file of suppressions, and by the database before."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from peewee import Database, PeeweeException

from widget_backend.calling import calling
from widget_backend.cli.database import database_errors
from widget_backend.cli.keys import suppression_file
from widget_backend.errors import (
    DatabaseMissing,
    DatabaseNewer,
    FileRefused,
    MigrationDue,
    SettingInvalid,
    WidgetError,
)
from widget_backend.store.backups import require_sound
from widget_backend.store.database import DATABASE, open_database, require_migrated
from widget_backend.store.sqlite import SqliteFile
from widget_backend.store.suppression_file import (
    Erased,
    SuppressionFile,
    deletions_not_among,
    erased_in,
    erased_in_newer,
)

SUPPRESSIONS, REPLACED = "WIDGET_SUPPRESSIONS", "--replaced"
IF_LOST = (
    "correct its name; or, if it is lost, leave WIDGET_SUPPRESSIONS out, and the database that "
    "--replace replaces, or --replaced names, says who was deleted; or let them come back with "
    "--without-suppressions"
)
THAT_WAS_IN_USE = "name the database that was in use"
NOBODY_NAMED = (
    "warning: nobody is named as deleted, ever. if somebody was, WIDGET_SUPPRESSIONS has lost its "
    "lines: restore again with the whole file."
)
UNREAD = (
    "warning: this version cannot read everybody who was deleted in the newer database. lines in "
    "WIDGET_SUPPRESSIONS: {lines}. if others were deleted, let the newer version run once on that "
    "database, which adds them, and restore again."
)


class Options(NamedTuple):
    """What `restore` was asked for; see there."""

    replaces: bool
    replaced: str | None
    goes_back: bool
    may_be_unknown: bool


class Deleted(NamedTuple):
    """Everybody of whom something says that they were deleted, and what the operator must know."""

    people: Sequence[Erased]
    warning: str


class _Before(NamedTuple):
    """Whom the database before names as deleted, None if it does not tell, and whether that is all
    that it knows."""

    people: list[Erased] | None = None
    is_all: bool = True


def deleted_since(database: Database, options: Options, newer: DatabaseNewer | None) -> Deleted:
    """`newer` is what `newer_there` says. Raises FileRefused, and SettingInvalid where nothing says
    who was deleted."""
    file = suppression_file()
    lines = _lines_in(file, may_be_lost=options.may_be_unknown) if file else None
    is_known = lines is not None or options.may_be_unknown
    before = _Before()
    if options.replaced:
        before = _in_replaced(options.replaced, options.goes_back, is_known)
    elif options.replaces and isinstance(database, SqliteFile) and database.path.exists():
        before = _there(database, newer, is_needed=not is_known)
    if before.people is None and not is_known:
        raise _unknown("is not set")
    people = [*(lines or []), *(before.people or [])]
    return Deleted(people, _warning(lines or [], people, before, options))


def _lines_in(file: SuppressionFile, may_be_lost: bool) -> list[Erased] | None:
    """None if there is no such file, and it `may_be_lost`. Raises FileRefused."""
    try:
        return file.read()
    except FileRefused as error:
        if not isinstance(error.__cause__, FileNotFoundError | NotADirectoryError):
            raise
        if may_be_lost:
            return None
        raise FileRefused(str(file.path), "there is no such file", IF_LOST) from error


def _warning(
    lines: Sequence[Erased], people: Sequence[Erased], before: _Before, options: Options
) -> str:
    if options.may_be_unknown:
        return ""
    if not before.is_all:
        return UNREAD.format(lines=_until_when(lines))
    return "" if people else NOBODY_NAMED


def _until_when(lines: Sequence[Erased]) -> str:
    """By which an operator can tell whether the file is old."""
    if not lines:
        return "0"
    newest = datetime.fromtimestamp(max(each.at for each in lines), UTC)
    return f"{len(lines):,}, the newest of {newest:%Y-%m-%d}"


# ── a database of a newer version ───────────────────────────────────────────────────────────


def newer_there(database: Database, options: Options) -> DatabaseNewer | None:
    """What is wrong with the file that is replaced, if a newer version has changed its tables.

    Raises SettingInvalid unless that is meant, and something else says who was deleted.
    """
    newer = _why_newer(database) if options.replaces else None
    if newer:
        is_known = bool(options.replaced or options.may_be_unknown or suppression_file())
        _require_meant(newer, DATABASE, options.goes_back, is_known)
    return newer


def _why_newer(database: Database) -> DatabaseNewer | None:
    if not isinstance(database, SqliteFile):
        return None
    try:
        with database_errors(database):
            require_migrated(database)
    except DatabaseNewer as newer:
        return newer
    except WidgetError:
        pass  # empty, older or damaged: it may be replaced
    return None


def _require_meant(newer: DatabaseNewer, name: str, is_meant: bool, is_known: bool) -> None:
    """Raises SettingInvalid about the setting or option of that name."""
    if not is_meant:
        cure = "restore with that version, or say --going-back if this one is to be used again"
        raise SettingInvalid(name, newer.reason, cure)
    if not is_known:
        reason = (
            "is not set, and this version may not read everybody who was deleted in the newer "
            "database"
        )
        cure = (
            "set it and start the newer version once, which adds them, or say "
            "--without-suppressions if that cannot be done"
        )
        raise SettingInvalid(SUPPRESSIONS, reason, cure)


# ── the database before ─────────────────────────────────────────────────────────────────────


def _there(database: SqliteFile, newer: DatabaseNewer | None, is_needed: bool) -> _Before:
    """What the file that is replaced says, unless it is damaged."""
    try:
        require_sound(database.path)
        return _in_newer(database) if newer else _Before(_erased_in(database))
    except MigrationDue as error:
        if is_needed:
            older = f"is of an older version (run {calling('migrate')} first)"
            state = "is empty" if error.is_empty else older
            raise _unknown(f"is not set, and {database.path} {state}") from error
    except (WidgetError, PeeweeException) as error:
        if is_needed:
            raise _unknown(f"is not set, and {database.path} is damaged") from error
    return _Before(is_all=not newer)


def _in_replaced(url: str, goes_back: bool, is_known: bool) -> _Before:
    """Raises SettingInvalid, which names the option."""
    with _about_the_option():
        database = _replaced_database(url)
        try:
            return _Before(_erased_in(database))
        except DatabaseNewer as error:
            newer = error
    _require_meant(newer, REPLACED, goes_back, is_known)
    with _about_the_option():
        return _in_newer(database)


@contextmanager
def _about_the_option() -> Iterator[None]:
    try:
        yield
    except DatabaseMissing as error:
        raise SettingInvalid(REPLACED, error.reason, THAT_WAS_IN_USE) from error
    except MigrationDue as error:
        if error.is_empty:
            reason = "it has no tables of ours, so it was never in use"
            raise SettingInvalid(REPLACED, reason, THAT_WAS_IN_USE) from error
        cure = f"{THAT_WAS_IN_USE}; if it is, set {DATABASE} to it and run {calling('migrate')}"
        raise SettingInvalid(REPLACED, error.reason, cure) from error
    except SettingInvalid as error:
        raise error.about(REPLACED) from error


def _replaced_database(url: str) -> Database:
    """Raises SettingInvalid."""
    if url == "-":
        return open_database(sys.stdin.readline().strip())
    database = open_database(url)
    if database.connect_params.get("password"):
        reason = "a password on the command line is shown to everybody on this machine"
        cure = "write the URL to a file that only you can read, and say --replaced - < FILE"
        raise SettingInvalid(REPLACED, reason, cure)
    return database


def _erased_in(database: Database) -> list[Erased]:
    with database_errors(database):
        require_migrated(database)
        with database.connection_context():
            return erased_in(database)


def _in_newer(database: Database) -> _Before:
    with database_errors(database):
        return _Before(*erased_in_newer(database))


# ── what nothing names ──────────────────────────────────────────────────────────────────────


def require_whole(file: Path, known: Sequence[Erased], restored: Database) -> None:
    """Whoever was deleted before the backup must be known, too: else lines were cut off, and nobody
    can tell how many of those after it. Raises FileRefused."""
    if lacking := deletions_not_among(known, restored):
        reason = (
            f"knows deletions of people that nothing here names ({lacking:,}), so others who were "
            "deleted since may be lacking, too: WIDGET_SUPPRESSIONS has lost lines, or is another’s"
        )
        cure = (
            "set it to the whole file; or name the database before with --replaced; or let them "
            "come back with --without-suppressions"
        )
        raise FileRefused(str(file), reason, cure)


def _unknown(reason: str) -> SettingInvalid:
    cure = (
        "set it to the file to which the server added them; or name the database before with "
        "--replaced; or let them come back with --without-suppressions"
    )
    reason = f"{reason}, so nothing says who was deleted since the backup"
    return SettingInvalid(SUPPRESSIONS, reason, cure)
