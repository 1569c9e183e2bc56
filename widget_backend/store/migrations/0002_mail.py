"""Mail: what waits to be sent, campaigns, codes, new addresses, generations of links."""

from peewee import Database
from playhouse.migrate import SchemaMigrator

# fmt: off
TABLES = """
ALTER TABLE profile ADD COLUMN generation INTEGER NOT NULL DEFAULT 0;
ALTER TABLE profile ADD COLUMN became_id INTEGER REFERENCES profile (id) ON DELETE CASCADE;
CREATE TABLE campaign (
    site VARCHAR(40) NOT NULL, name VARCHAR(40) NOT NULL, topic VARCHAR(40) NOT NULL,
    segment VARCHAR(40), sentences TEXT NOT NULL, registered_at BIGINT NOT NULL,
    PRIMARY KEY (site, name));
CREATE TABLE outbox (
    id {serial}, kind VARCHAR(20) NOT NULL, recipient VARCHAR(500), message TEXT,
    queued_at BIGINT NOT NULL, next_at BIGINT, attempts INTEGER NOT NULL, sent_at BIGINT);
CREATE INDEX outbox_next_at ON outbox (next_at);
CREATE TABLE code (
    profile_id INTEGER NOT NULL PRIMARY KEY REFERENCES profile (id) ON DELETE CASCADE,
    salt VARCHAR(32) NOT NULL, digest VARCHAR(64) NOT NULL, until BIGINT NOT NULL,
    attempts INTEGER NOT NULL);
CREATE TABLE newaddress (
    profile_id INTEGER NOT NULL PRIMARY KEY REFERENCES profile (id) ON DELETE CASCADE,
    name VARCHAR(32) NOT NULL UNIQUE, address VARCHAR(500) NOT NULL, until BIGINT NOT NULL);
"""
# fmt: on


def up(migrator: SchemaMigrator, db: Database) -> None:
    sqlite = type(db).__name__.startswith(("Sqlite", "PooledSqlite"))
    serial = "INTEGER NOT NULL PRIMARY KEY" if sqlite else "SERIAL PRIMARY KEY"
    for statement in TABLES.format(serial=serial).split(";"):
        if statement.strip():
            db.execute_sql(statement)
