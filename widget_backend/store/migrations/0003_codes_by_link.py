"""Codes by link: tries with somebody's forwarded link leave the codes of other links alone."""

from peewee import Database
from playhouse.migrate import SchemaMigrator

# Codes live for a quarter of an hour: whoever waits for one now asks for another.
# fmt: off
TABLES = """
DROP TABLE code;
CREATE TABLE code (
    profile_id INTEGER NOT NULL REFERENCES profile (id) ON DELETE CASCADE,
    link VARCHAR(32) NOT NULL, salt VARCHAR(32) NOT NULL, digest VARCHAR(64) NOT NULL,
    until BIGINT NOT NULL, attempts INTEGER NOT NULL, PRIMARY KEY (profile_id, link));
"""
# fmt: on


def up(migrator: SchemaMigrator, db: Database) -> None:
    for statement in TABLES.split(";"):
        if statement.strip():
            db.execute_sql(statement)
