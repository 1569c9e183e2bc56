"""Basis: how each consent came about, and which import proved a number."""

from peewee import Database
from playhouse.migrate import SchemaMigrator


def up(migrator: SchemaMigrator, db: Database) -> None:
    db.execute_sql("ALTER TABLE preference ADD COLUMN basis VARCHAR(20) NOT NULL DEFAULT ''")
    db.execute_sql("ALTER TABLE preference ADD COLUMN basis_at BIGINT")
    db.execute_sql("ALTER TABLE identity ADD COLUMN evidence_run INTEGER")
