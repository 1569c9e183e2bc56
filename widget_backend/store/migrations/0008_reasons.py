"""Reasons for leaving, counted by site, topic and month; nothing in it leads to a person."""

from peewee import Database
from playhouse.migrate import SchemaMigrator


def up(migrator: SchemaMigrator, db: Database) -> None:
    db.execute_sql(
        "CREATE TABLE reasoncount ("
        "site VARCHAR(40) NOT NULL, topic VARCHAR(40) NOT NULL, month VARCHAR(7) NOT NULL, "
        "reason VARCHAR(20) NOT NULL, count INTEGER NOT NULL, "
        "PRIMARY KEY (site, topic, month, reason))"
    )
