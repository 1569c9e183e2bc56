"""Opening the database for a command, with one line for whatever is wrong with it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from peewee import Database, DatabaseError, IntegrityError, InterfaceError
from playhouse.pool import PooledPostgresqlDatabase

from widget_backend.errors import SettingInvalid
from widget_backend.store.database import DATABASE, migrate, open_database


@contextmanager
def opened(url: str) -> Iterator[Database]:
    """The database at a URL, migrated and connected.

    Raises SettingInvalid when it does not answer, without what it said about anybody's data.
    """
    database = open_database(url)
    try:
        migrate(database)
        with database.connection_context():
            yield database
    except (DatabaseError, InterfaceError) as error:
        said = "somebody else writes the same contacts"
        if not isinstance(error, IntegrityError):
            said = str(error).partition("\n")[0] or "it does not answer"
        cure = "see that the database runs and is the right one, then run the command again"
        raise SettingInvalid(DATABASE, said, cure) from error
    finally:
        if isinstance(database, PooledPostgresqlDatabase):
            database.close_all()
