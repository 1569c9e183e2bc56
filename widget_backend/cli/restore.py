"""`restore`: a backup becomes the database, without anybody who was deleted since."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import click
from peewee import Database, PeeweeException, PostgresqlDatabase
from playhouse.migrations import Runner

from widget_backend.address_hashes import AddressHashes
from widget_backend.cli.backup import contents
from widget_backend.cli.database import database_errors
from widget_backend.cli.group import FILE
from widget_backend.cli.keys import address_hashes, evidence_key_id, suppression_file
from widget_backend.config import read_setting
from widget_backend.errors import (
    DatabaseNewer,
    FileRefused,
    MigrationDue,
    SettingInvalid,
    WidgetError,
)
from widget_backend.store.backup_file import Manifest, read_manifest
from widget_backend.store.backups import kind_of, require_sound
from widget_backend.store.database import DATABASE, FOLDER, open_database, require_migrated
from widget_backend.store.erasure import erase_again
from widget_backend.store.restoring import require_place, restore_file
from widget_backend.store.restoring_postgres import restore_dump
from widget_backend.store.sqlite import SqliteFile
from widget_backend.store.suppression_file import Erased, erased_in, people_not_among

NOBODY_NAMED = (
    "warning: nobody is named as deleted, ever. if somebody was, WIDGET_SUPPRESSIONS has lost its "
    "lines: restore again with the whole file."
)


@click.command()
@click.argument("file", type=FILE)
@click.option("--replace", is_flag=True, help="SQLite: keep the file that is there beside it.")
@click.option(
    "--replaced",
    metavar="URL",
    help="The database that the restored one follows; who was deleted in it is deleted again. With "
    "“-” the URL is read from standard input: a command line shows a password to everybody here.",
)
@click.option(
    "--without-suppressions",
    is_flag=True,
    help="Nothing says who was deleted since the backup: let them come back.",
)
@click.option(
    "--going-back",
    is_flag=True,
    help="SQLite: the file that is there is of a newer version of this software. Go back to this "
    "one.",
)
@click.option("--other-keys", is_flag=True, help="The keys that belong to the backup are lost.")
def restore(
    file: Path,
    replace: bool,
    replaced: str | None,
    without_suppressions: bool,
    going_back: bool,
    other_keys: bool,
) -> None:
    """Make the backup FILE the database of WIDGET_DATABASE_URL, which must be empty.

    Whoever was deleted since is deleted in it, too: WIDGET_SUPPRESSIONS or the database that it
    replaces says who. Its tables are brought to this version. If anything is wrong, nothing
    changes. Stop the server first.
    """
    manifest, hashes = read_manifest(file), address_hashes()
    database = open_database(read_setting(DATABASE))
    _require_fitting(file, manifest, database, replace)
    _require_keys(file, manifest, hashes, other_keys)
    is_known = bool(replaced or without_suppressions or suppression_file())
    newer = _newer(database, going_back, is_known) if replace else None
    earlier = _erased(database, replace and not newer, replaced, without_suppressions)
    since, count = int(datetime.fromisoformat(manifest.taken_at).timestamp()), 0

    def finish(restored: Database) -> None:
        nonlocal count
        if not without_suppressions:
            _require_whole(file, earlier, restored)
        count = erase_again(restored, earlier, since, hashes)

    with database_errors(database):
        if isinstance(database, SqliteFile):
            kept = restore_file(file, manifest, database, replace, finish)
        else:
            assert isinstance(database, PostgresqlDatabase)
            kept = None
            restore_dump(file, manifest, database, finish)
    click.echo(f"{file}: restored {contents(manifest)}.")
    if not without_suppressions:
        click.echo(f"Deleted since then, and deleted again: {count:,}.")
        if not earlier:
            click.echo(NOBODY_NAMED, err=True)
    _say(manifest, kept, newer)


def _say(manifest: Manifest, kept: Path | None, newer: DatabaseNewer | None) -> None:
    if kept:
        click.echo(f"The database before is {kept}: it holds people, so delete it in time.")
    if newer:
        click.echo("It is of a newer version: only that version can read it.", err=True)
    line = (
        f"Choices after {manifest.taken_at} are not in it. Do not write to anybody before you have"
    )
    click.echo(f"{line} imported who left since.", err=True)


def _require_fitting(file: Path, manifest: Manifest, database: Database, replace: bool) -> None:
    kind = kind_of(database)
    if manifest.database != kind:
        cure = f"name a database of that kind in {DATABASE}"
        raise FileRefused(str(file), f"is of {manifest.database}, not of {kind}", cure)
    if replace and kind != "sqlite":
        reason = "--replace is for SQLite: nothing could keep this database beside it"
        cure = "name a new one, which createdb makes, and this one with --replaced"
        raise SettingInvalid(DATABASE, reason, cure)
    if manifest.migration not in {each.name for each in Runner(database, str(FOLDER)).migrations()}:
        reason = f"is of a newer version of this software ({manifest.migration})"
        raise FileRefused(str(file), reason, "install that version here, too")
    if isinstance(database, SqliteFile):
        require_place(database.path, replace)


def _newer(database: Database, is_meant: bool, is_known: bool) -> DatabaseNewer | None:
    """What is wrong with the file that is replaced, if a newer version has changed its tables.

    Raises SettingInvalid unless that is meant, and it is known from elsewhere who was deleted.
    """
    newer = _why_newer(database)
    if newer and not is_meant:
        cure = "restore with that version, or say --going-back if this one is to be used again"
        raise SettingInvalid(DATABASE, newer.reason, cure)
    if newer and not is_known:
        reason = "is not set, and this version cannot read who was deleted in the newer database"
        cure = (
            "set it and start the newer version once, which adds them, or say "
            "--without-suppressions if that cannot be done"
        )
        raise SettingInvalid("WIDGET_SUPPRESSIONS", reason, cure)
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


def _require_keys(
    file: Path, manifest: Manifest, hashes: AddressHashes, may_be_others: bool
) -> None:
    """Other keys would open no link, and recognise nobody who was deleted."""
    lacking = sorted({*manifest.signing_keys} - hashes.key_ids)
    if lacking and not may_be_others:
        reason = (
            f"belongs to the signing key {lacking[0]}, which is not among those of the settings"
        )
        cure = "add it to WIDGET_RETIRED_KEYS, or say --other-keys if it is lost"
        raise FileRefused(str(file), reason, cure)
    if manifest.evidence_key and manifest.evidence_key != evidence_key_id():
        line = f"warning: WIDGET_EVIDENCE_KEY is not that of the backup, {manifest.evidence_key}."
        click.echo(line, err=True)


# ── who was deleted since ───────────────────────────────────────────────────────────────────


def _erased(
    database: Database, may_be_read: bool, replaced: str | None, may_be_unknown: bool
) -> Sequence[Erased]:
    """Raises SettingInvalid where nothing says it. `may_be_read`: the file that is replaced."""
    file = suppression_file()
    known = [file.read()] if file else []
    if replaced:
        known.append(_erased_in_replaced(replaced))
    elif may_be_read and isinstance(database, SqliteFile) and database.path.exists():
        known += _erased_there(database, is_needed=not known and not may_be_unknown)
    if not known and not may_be_unknown:
        raise _unknown("is not set")
    return [each for some in known for each in some]


def _erased_there(database: SqliteFile, is_needed: bool) -> list[list[Erased]]:
    """What the file that is replaced says, unless it is damaged."""
    try:
        require_sound(database.path)
        return [_erased_in(database)]
    except (WidgetError, PeeweeException) as error:
        if is_needed:
            raise _unknown(f"is not set, and {database.path} is damaged") from error
    return []


def _erased_in_replaced(url: str) -> list[Erased]:
    """Raises SettingInvalid, which names the option."""
    try:
        if url == "-":
            return _erased_in(open_database(sys.stdin.readline().strip()))
        database = open_database(url)
        if database.connect_params.get("password"):
            reason = "a password on the command line is shown to everybody on this machine"
            cure = "write the URL to a file that only you can read, and say --replaced - < FILE"
            raise SettingInvalid("--replaced", reason, cure)
        return _erased_in(database)
    except MigrationDue as error:
        cure = f"name the database that was in use; if it is, set {DATABASE} to it and run migrate"
        raise SettingInvalid("--replaced", error.reason, cure) from error
    except SettingInvalid as error:
        raise error.about("--replaced") from error


def _erased_in(database: Database) -> list[Erased]:
    with database_errors(database):
        require_migrated(database)
        with database.connection_context():
            return erased_in(database)


def _require_whole(file: Path, known: Sequence[Erased], restored: Database) -> None:
    """Whoever was deleted before the backup must be known, too: else lines were cut off, and nobody
    can tell how many of those after it. Raises FileRefused."""
    if lacking := people_not_among(known, restored):
        reason = (
            f"knows people as deleted whom nothing here names ({lacking:,}), so others who were "
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
    return SettingInvalid("WIDGET_SUPPRESSIONS", reason, cure)
