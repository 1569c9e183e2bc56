"""Opening the database and keeping its promises: durable, one writer at a time, migrated."""

from __future__ import annotations

import os.path
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from peewee import Database, PeeweeException, PostgresqlDatabase
from playhouse.db_url import parse
from playhouse.migrations import Runner
from playhouse.pool import PooledPostgresqlDatabase

from widget_backend.errors import (
    DatabaseMissing,
    DatabaseNewer,
    DatabaseOfOthers,
    DatabaseUnavailable,
    MigrationDue,
    RestoreUnfinished,
    SettingInvalid,
)
from widget_backend.installation import installing
from widget_backend.store.database_errors import is_name_taken
from widget_backend.store.sqlite import SqliteFile

DATABASE = "WIDGET_DATABASE_URL"
OF_ITS_OWN = "name a database of its own, which createdb makes"
CURE = "write sqlite:////folder/file.db or postgresql://user@host/name"


def open_database(url: str) -> Database:
    """The database at `url` (`sqlite:///…` or `postgresql://…`), not connected yet.

    Raises SettingInvalid for anything else.
    """
    scheme = url.partition(":")[0]
    if scheme not in _OPEN:
        raise SettingInvalid(DATABASE, f"“{scheme}” is no database known here", CURE)
    return _OPEN[scheme](url)


def _open_sqlite(url: str) -> Database:
    """Raises SettingInvalid where each thread would have an empty database of its own."""
    file = url.removeprefix("sqlite:///")
    if file in {url, "", ":memory:"}:
        raise SettingInvalid(DATABASE, "names no file, and would forget everything", CURE)
    if "?" in file or "#" in file:
        raise SettingInvalid(DATABASE, "an SQLite file takes no options after its name", CURE)
    return SqliteFile(file)


def _open_postgres(url: str) -> Database:
    try:
        import_module("psycopg")
    except ImportError as error:
        cure = f"install it: {installing('postgres')}"
        raise SettingInvalid(
            DATABASE, "PostgreSQL needs psycopg, which is missing", cure
        ) from error
    from widget_backend.store.postgres import SETTINGS, Postgres

    return Postgres(**_parts_of(url), **SETTINGS)


def _parts_of(url: str) -> dict[str, Any]:
    """Raises SettingInvalid without a word of the address: any may be of a password."""
    try:
        parts = urlsplit(url)
        keys = [key for key, _ in parse_qsl(parts.query, keep_blank_values=True)]
        if not any("@" in each for each in (parts.path, parts.fragment, *keys)):
            known: dict[str, Any] = parse(url, unquote_password=True, unquote_user=True)
            return known
    except ValueError:
        pass
    cure = "in a password write %25 for %, %2F for /, %3F for ?, %23 for #, and %40 for @"
    raise SettingInvalid(DATABASE, "is no address of a database", f"{CURE}; {cure}")


_OPEN = {"sqlite": _open_sqlite, "postgres": _open_postgres, "postgresql": _open_postgres}


FOLDER = Path(__file__).parent / "migrations"
MIGRATING = 0x70726566
"""The name of PostgreSQL's lock: a number that nobody else is likely to choose."""
HISTORY = "schema_migration"
"""The table of the migrations; peewee’s name for it, so another program may have one, too."""
UNFINISHED = "unfinished_restore"
"""The table that stands in a database until a backup is restored to the end."""


def migrate(database: Database) -> list[str]:
    """Apply the migrations that are missing, all or none; returns their names.

    Processes that start together wait for each other.

    Raises DatabaseNewer, DatabaseOfOthers and RestoreUnfinished, and SettingInvalid when the folder
    of an SQLite file cannot be made.
    """
    if isinstance(database, SqliteFile):
        _make_folder(database.path.parent)
        _begin_wal(database)
    with database.connection_context(), write_transaction(database):
        return apply_migrations(database)


def apply_migrations(database: Database) -> list[str]:
    """The same in a transaction that is open."""
    if isinstance(database, PostgresqlDatabase):
        _require_finished(database)  # at once: a restore may hold the lock for minutes
        keep_others_from_migrating(database)
    _require_known(database)
    try:
        names: list[str] = Runner(database, str(FOLDER)).up()
    except PeeweeException as error:
        if not is_name_taken(error):
            raise
        what = str(error).partition("\n")[0]
        reason = f"something of another program is in the way: {what}"
        raise DatabaseOfOthers(DATABASE, reason, OF_ITS_OWN) from error
    return names


def keep_others_from_migrating(database: PostgresqlDatabase) -> None:
    """Until the end of the transaction they wait, or this one does until they are done."""
    database.execute_sql("SELECT pg_advisory_xact_lock(%s)", [MIGRATING])


def is_unfinished(database: Database) -> bool:
    """Whether a restore has begun there that was not done to the end."""
    return bool(database.table_exists(UNFINISHED))


def require_migrated(database: Database) -> None:
    """Raises MigrationDue, DatabaseNewer, DatabaseOfOthers or RestoreUnfinished unless the tables
    are those of this version.

    Changes nothing, and makes no file.
    """
    # Not path.exists(), which raises for a name that is too long.
    if isinstance(database, SqliteFile) and not os.path.exists(database.path):
        raise DatabaseMissing(DATABASE, str(database.path))
    with database.connection_context():
        require_known_migrations(database)


def require_known_migrations(database: Database) -> None:
    """The same for a database that is open already."""
    _require_known(database)
    known = Runner(database, str(FOLDER)).status()
    missing = [each.name for each in known if not each.applied]
    if len(missing) == len(known):
        raise MigrationDue(DATABASE, "it has no tables of ours yet", is_empty=True)
    if missing:
        raise MigrationDue(DATABASE, f"its tables are older than this version ({missing[0]})")


def require_ours(database: Database) -> None:
    """Raises DatabaseOfOthers where our tables have no place, or would never be found again.

    An SQLite file belongs to one program. Several may share a database of PostgreSQL, as long as no
    other keeps its migrations in a table of the same name. It must be connected.
    """
    tables = {*database.get_tables()}
    applied = _applied(database) if HISTORY in tables else set()
    if applied & {each.name for each in Runner(database, str(FOLDER)).migrations()}:
        return
    if isinstance(database, SqliteFile):
        if applied or tables - {HISTORY}:
            reason = f"{database.path} is a database of another program"
            raise DatabaseOfOthers(DATABASE, reason, "name another file")
    elif applied:
        reason = f"its table {HISTORY} is of another program"
        raise DatabaseOfOthers(DATABASE, reason, OF_ITS_OWN)


def _applied(database: Database) -> set[str]:
    """The names of the migrations, whoever’s: those of its columns where they are not as ours."""
    columns = {each.name for each in database.get_columns(HISTORY)}
    is_like_ours = columns >= {"id", "name", "applied"}
    return {*Runner(database, str(FOLDER)).applied()} if is_like_ours else columns


def _require_finished(database: Database) -> None:
    if is_unfinished(database):
        reason = "a backup was not restored to the end, and deleted people may be in it"
        raise RestoreUnfinished(DATABASE, reason, "run restore again, which begins anew")


def _require_known(database: Database) -> None:
    """Raises DatabaseNewer when a migration was applied that this version does not have,
    DatabaseOfOthers and RestoreUnfinished."""
    _require_finished(database)
    require_ours(database)
    unknown = [each.name for each in Runner(database, str(FOLDER)).status() if each.path is None]
    if unknown:
        reason = f"a newer version of this software has changed its tables ({unknown[-1]})"
        raise DatabaseNewer(DATABASE, reason, "install that version here, too")


def _begin_wal(database: SqliteFile) -> None:
    """Make the file, and switch it outside of a transaction, as SQLite demands.

    Raises DatabaseOfOthers, and DatabaseUnavailable when somebody has held the file for ten
    seconds.
    """
    for tries_left in (1, 0):
        try:
            database.may_make_file = True
            with database.connection_context():
                require_ours(database)
                database.execute_sql("PRAGMA journal_mode = wal")
                return
        except DatabaseUnavailable as error:
            if error.kind != "held" or not tries_left:
                raise
        finally:
            database.may_make_file = False


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        reason = f"the folder {folder} cannot be made: {(error.strerror or '').lower()}"
        cure = "name a folder that can be written"
        raise SettingInvalid(DATABASE, reason, cure) from error


@contextmanager
def write_transaction(database: Database) -> Iterator[None]:
    """A transaction of the caller's own, where `write` cannot be used: all or nothing.

    On SQLite it takes the write lock at once, so that it never fails midway. Nobody else's action
    is committed with it.
    """
    if not isinstance(database, SqliteFile) or database.in_transaction():
        with database.atomic():
            yield
    else:
        with database.writing.alone(), database.atomic("IMMEDIATE"):
            yield


def release(database: Database) -> None:
    """At the end of a request: give a pooled connection back, keep a thread's SQLite file open."""
    if isinstance(database, PooledPostgresqlDatabase) and not database.is_closed():
        database.close()
