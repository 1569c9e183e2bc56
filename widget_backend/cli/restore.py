"""`restore`: a backup becomes the database, without anybody who was deleted since."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click
from peewee import Database, PostgresqlDatabase
from playhouse.migrations import Runner

from widget_backend.address_hashes import AddressHashes
from widget_backend.cli.backup import contents
from widget_backend.cli.database import database_errors
from widget_backend.cli.deleted_since import Options, deleted_since, newer_there, require_whole
from widget_backend.cli.group import FILE
from widget_backend.cli.keys import address_hashes, evidence_key_id
from widget_backend.config import read_setting
from widget_backend.errors import DatabaseNewer, FileRefused, SettingInvalid
from widget_backend.store.backup_file import Manifest, read_manifest
from widget_backend.store.backups import kind_of
from widget_backend.store.database import DATABASE, FOLDER, open_database
from widget_backend.store.erasure import erase_again
from widget_backend.store.restoring import require_place, restore_file
from widget_backend.store.restoring_postgres import restore_dump
from widget_backend.store.sqlite import SqliteFile

OTHERS = "Whoever else was deleted since then is back: delete by hand who asked for it."


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
    help="Let those come back of whom nothing says that they were deleted since the backup.",
)
@click.option(
    "--going-back",
    is_flag=True,
    help="The database before is of a newer version of this software. Go back to this one.",
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
    options = Options(replace, replaced, going_back, without_suppressions)
    newer = newer_there(database, options)
    deleted = deleted_since(database, options, newer)
    since, count = int(datetime.fromisoformat(manifest.taken_at).timestamp()), 0

    def finish(restored: Database) -> None:
        nonlocal count
        if not without_suppressions:
            require_whole(file, deleted.people, restored)
        count = erase_again(restored, deleted.people, since, hashes)

    with database_errors(database):
        if isinstance(database, SqliteFile):
            kept = restore_file(file, manifest, database, replace, finish)
        else:
            assert isinstance(database, PostgresqlDatabase)
            kept = None
            restore_dump(file, manifest, database, finish)
    click.echo(f"{file}: restored {contents(manifest)}.")
    others = f" {OTHERS}" if without_suppressions else ""
    click.echo(f"Deleted since then, and deleted again: {count:,}.{others}")
    if deleted.warning:
        click.echo(deleted.warning, err=True)
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
