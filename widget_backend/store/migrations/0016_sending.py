"""Sending: what people are busy with, places under caps, and how a campaign is planned."""

from peewee import Database, SqliteDatabase
from playhouse.migrate import SchemaMigrator

CAMPAIGN = {
    "channel": "VARCHAR(10) NOT NULL DEFAULT 'email'",
    "priority": "INTEGER NOT NULL DEFAULT 0",
    "sender": "VARCHAR(100) NOT NULL DEFAULT ''",
    "at": "BIGINT",
}


def up(migrator: SchemaMigrator, db: Database) -> None:
    is_sqlite = isinstance(db, SqliteDatabase)
    serial = "INTEGER NOT NULL PRIMARY KEY" if is_sqlite else "BIGSERIAL PRIMARY KEY"
    person = "profile_id INTEGER NOT NULL REFERENCES profile (id) ON DELETE CASCADE"
    in_one_tree = " WITHOUT ROWID" if is_sqlite else ""
    for column, kind in CAMPAIGN.items():
        db.execute_sql(f'ALTER TABLE campaign ADD COLUMN "{column}" {kind}')
    db.execute_sql(
        f"CREATE TABLE context ({person}, kind VARCHAR(20) NOT NULL, until BIGINT NOT NULL, "
        f"PRIMARY KEY (profile_id, kind)){in_one_tree}"
    )
    db.execute_sql("CREATE INDEX context_until ON context (until)")
    db.execute_sql(
        f"CREATE TABLE reservation (id {serial}, {person}, campaign VARCHAR(40) NOT NULL, "
        "topic VARCHAR(40) NOT NULL, channel VARCHAR(10) NOT NULL, sender VARCHAR(100) NOT NULL, "
        "at BIGINT NOT NULL, until BIGINT NOT NULL, confirmed BOOLEAN NOT NULL DEFAULT FALSE, "
        "idempotency_key VARCHAR(200))"
    )
    db.execute_sql(
        "CREATE UNIQUE INDEX reservation_message ON reservation (profile_id, campaign, channel)"
    )
    db.execute_sql("CREATE INDEX reservation_until ON reservation (until)")
    db.execute_sql("CREATE INDEX reservation_key ON reservation (idempotency_key)")
