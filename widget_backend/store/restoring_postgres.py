"""Restoring to PostgreSQL: a backup fills an empty database, which nobody may use until it is done.

Until then the table `UNFINISHED` stands in it, and every command refuses it (`database.py`). That
table goes in the transaction that brings the others up to date and deletes whoever was deleted
since the backup. So a restore that was killed shows nobody, and can be run again.
"""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic
from typing import NamedTuple

from peewee import PeeweeException, PostgresqlDatabase

from widget_backend.errors import DatabaseUnavailable, FileRefused, SettingInvalid
from widget_backend.file_errors import unwritable
from widget_backend.store.backup_file import Manifest, unpack
from widget_backend.store.database import (
    DATABASE,
    UNFINISHED,
    apply_migrations,
    is_unfinished,
    keep_others_from_migrating,
)
from widget_backend.store.postgres_tools import find_program, run_program, server_version
from widget_backend.store.restoring import STOP, Finish, require_counts

LEAVING = 2.0
"""Seconds for which PostgreSQL may still count a connection that was just closed."""


def restore_dump(
    file: Path, manifest: Manifest, database: PostgresqlDatabase, finish: Finish
) -> None:
    """Fill a database that is empty, or that an earlier restore has left unfinished.

    Raises FileRefused, SettingInvalid, ToolMissing and DatabaseUnavailable. What was restored is
    deleted again then; if that is not possible either, the database stays unfinished.
    """
    with database.connection_context():
        _begin(database)
    try:
        with database.connection_context(), TemporaryDirectory(prefix="preference-widget-") as temp:
            _fill(file, manifest, database, Path(temp) / "dump")
        with database.connection_context(), database.atomic():
            database.execute_sql(f"DROP TABLE public.{UNFINISHED}")
            require_counts(file, manifest, database)
            apply_migrations(database)
            finish(database)
    except BaseException:
        # What went wrong first is what the user must know.
        with suppress(PeeweeException, DatabaseUnavailable), database.connection_context():
            _delete_ours(database)
        raise


def _begin(database: PostgresqlDatabase) -> None:
    """From now on the database is unfinished, and empty besides. Raises SettingInvalid where
    anything of others is in it, or anybody else connected to it."""
    _require_alone(database)
    with database.atomic():
        keep_others_from_migrating(database)
        if is_unfinished(database):
            _delete_ours(database)
        if there := _objects(database):
            cure = "name a new one, which createdb makes; this one stays as it is"
            reason = f"it is not empty: it has the {there[0].kind} {there[0].name}"
            raise SettingInvalid(DATABASE, reason, cure)
        database.execute_sql(f"CREATE TABLE public.{UNFINISHED} ()")


def _require_alone(database: PostgresqlDatabase) -> None:
    """Raises SettingInvalid when anybody else is connected, and stays so."""
    until = monotonic() + LEAVING
    while database.execute_sql(OTHERS).fetchone()[0]:
        if monotonic() >= until:
            raise SettingInvalid(DATABASE, "somebody else is connected to it", STOP)
        database.execute_sql("SELECT pg_sleep(0.1)")


def _fill(file: Path, manifest: Manifest, database: PostgresqlDatabase, dump: Path) -> None:
    version = server_version(database)
    if version < manifest.server:
        reason = f"is of PostgreSQL {manifest.server}, and this server is {version}"
        raise FileRefused(str(file), reason, f"restore it to PostgreSQL {manifest.server}")
    program = find_program("pg_restore", version)
    try:
        unpack(file, manifest, dump)
    except OSError as error:
        raise FileRefused(str(dump), *unwritable(error)) from error
    options = ("--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges")
    name = str(database.connection().info.dbname)
    run_program(database, program, *options, f"--dbname={name}", str(dump))


class _Object(NamedTuple):
    """A table, view, sequence or function, as PostgreSQL calls it, and whether it is this user's:
    so is everything that was restored."""

    kind: str
    name: str
    is_ours: bool


def _objects(database: PostgresqlDatabase) -> list[_Object]:
    """Everything in it, tables first, without what belongs to an extension."""
    return [_Object(*row) for row in database.execute_sql(OBJECTS).fetchall()]


def _delete_ours(database: PostgresqlDatabase) -> None:
    """There was nothing in it when the restore began."""
    with database.atomic():
        for each in _objects(database):
            if each.is_ours:
                database.execute_sql(f"DROP {each.kind} IF EXISTS {each.name} CASCADE")


OTHERS = """SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()
  AND pid <> pg_backend_pid() AND backend_type = 'client backend'"""
OBJECTS = """SELECT it.type, it.identity, pg_get_userbyid(known.owner) = current_user
  FROM (
    SELECT 'pg_class'::regclass AS catalog, oid, relnamespace AS space, relowner AS owner
      FROM pg_class WHERE relkind IN ('r', 'p', 'v', 'm', 'S', 'f')
    UNION ALL SELECT 'pg_proc'::regclass, oid, pronamespace, proowner FROM pg_proc
  ) AS known
  JOIN pg_namespace ON pg_namespace.oid = known.space,
  pg_identify_object(known.catalog, known.oid, 0) AS it
  WHERE nspname !~ '^pg_' AND nspname <> 'information_schema' AND NOT EXISTS (
    SELECT FROM pg_depend
    WHERE classid = known.catalog AND objid = known.oid AND deptype = 'e')
  ORDER BY it.type <> 'table', it.type, it.identity"""
