"""Which revision a save undoes; NULL where it undoes none, and in records of earlier versions."""

from peewee import Database
from playhouse.migrate import SchemaMigrator


def up(migrator: SchemaMigrator, db: Database) -> None:
    db.execute_sql("ALTER TABLE ledger ADD COLUMN undoes INTEGER")
