"""Uses by the staff: who looked at the data of a person, or did something for them, and when."""

from peewee import Database, SqliteDatabase
from playhouse.migrate import SchemaMigrator


def up(migrator: SchemaMigrator, db: Database) -> None:
    is_sqlite = isinstance(db, SqliteDatabase)
    serial = "INTEGER NOT NULL PRIMARY KEY" if is_sqlite else "SERIAL PRIMARY KEY"
    # That somebody of the staff looked is kept without the person.
    db.execute_sql(
        f"CREATE TABLE staffuse (id {serial}, site VARCHAR(40) NOT NULL, "
        "profile_id INTEGER REFERENCES profile (id) ON DELETE SET NULL, "
        "what VARCHAR(20) NOT NULL, at BIGINT NOT NULL, staff VARCHAR(100) NOT NULL)"
    )
    db.execute_sql("CREATE INDEX staffuse_profile ON staffuse (profile_id)")
