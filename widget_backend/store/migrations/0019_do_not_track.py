"""Do not track me: whether a person wants that, and since when."""

from peewee import Database
from playhouse.migrate import SchemaMigrator


def up(migrator: SchemaMigrator, db: Database) -> None:
    db.execute_sql("ALTER TABLE profile ADD COLUMN do_not_track BOOLEAN")
    db.execute_sql("ALTER TABLE profile ADD COLUMN do_not_track_at BIGINT")
