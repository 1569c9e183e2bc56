"""Requests: what people ask for by phone or letter, and until when it must be done."""

from peewee import Database, SqliteDatabase
from playhouse.migrate import SchemaMigrator


def up(migrator: SchemaMigrator, db: Database) -> None:
    is_sqlite = isinstance(db, SqliteDatabase)
    serial = "INTEGER NOT NULL PRIMARY KEY" if is_sqlite else "SERIAL PRIMARY KEY"
    # That somebody was answered in time is kept without them.
    db.execute_sql(
        f"CREATE TABLE request (id {serial}, site VARCHAR(40) NOT NULL, "
        "profile_id INTEGER REFERENCES profile (id) ON DELETE SET NULL, "
        "kind VARCHAR(10) NOT NULL, door VARCHAR(20) NOT NULL, received_at BIGINT NOT NULL, "
        "due_at BIGINT NOT NULL, law VARCHAR(40) NOT NULL, staff VARCHAR(100) NOT NULL, "
        "done_at BIGINT, done_staff VARCHAR(100))"
    )
    db.execute_sql("CREATE INDEX request_profile ON request (profile_id)")
    db.execute_sql("CREATE INDEX request_open ON request (site, due_at) WHERE done_at IS NULL")
