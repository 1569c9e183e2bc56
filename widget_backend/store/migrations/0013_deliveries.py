"""Deliveries: what was sent to whom, as its sender reported it."""

from peewee import Database, SqliteDatabase
from playhouse.migrate import SchemaMigrator


def up(migrator: SchemaMigrator, db: Database) -> None:
    is_sqlite = isinstance(db, SqliteDatabase)
    serial = "INTEGER NOT NULL PRIMARY KEY" if is_sqlite else "BIGSERIAL PRIMARY KEY"
    db.execute_sql(
        f"CREATE TABLE delivery (id {serial}, "
        "profile_id INTEGER NOT NULL REFERENCES profile (id) ON DELETE CASCADE, "
        "campaign VARCHAR(40) NOT NULL, topic VARCHAR(40) NOT NULL, channel VARCHAR(10) NOT NULL, "
        "sent_at BIGINT NOT NULL, outcome VARCHAR(20) NOT NULL)"
    )
    db.execute_sql(
        "CREATE UNIQUE INDEX delivery_message ON delivery (profile_id, campaign, channel, sent_at)"
    )
    db.execute_sql("CREATE INDEX delivery_sent ON delivery (profile_id, sent_at)")
