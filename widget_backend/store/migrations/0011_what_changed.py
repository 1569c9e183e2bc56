"""What changed without a consent record, as a list; and through which door each choice came."""

from peewee import Database
from playhouse.migrate import SchemaMigrator

# `at` is by the database's clock: a run of hours knows when it began, and this is when it wrote.
# `preference.door` is what the ledger knows; NULL where nobody knows any more.
# fmt: off
STATEMENTS = """
CREATE TABLE otherchange (
    id {serial}, site VARCHAR(40) NOT NULL, profile_key VARCHAR(32) NOT NULL,
    at BIGINT NOT NULL DEFAULT ({now}));
CREATE TEMPORARY TABLE last_choice (
    profile_id INTEGER, topic VARCHAR(40), ledger_id INTEGER, PRIMARY KEY (profile_id, topic));
INSERT INTO last_choice SELECT profile.id, substr({subject}, 7), max(ledger.id)
FROM ledger JOIN ledgervalue ON ledgervalue.ledger_id = ledger.id
JOIN profile ON profile.ledger_key = ledger.profile_key, {each_change}
WHERE substr({subject}, 1, 6) = 'topic:' GROUP BY 1, 2;
ALTER TABLE preference ADD COLUMN door VARCHAR(20);
UPDATE preference SET door = (
    SELECT ledger.door FROM last_choice JOIN ledger ON ledger.id = last_choice.ledger_id
    WHERE last_choice.profile_id = preference.profile_id AND last_choice.topic = preference.topic);
DROP TABLE last_choice
"""

SQLITE = {
    "serial": "INTEGER NOT NULL PRIMARY KEY",
    "now": "CAST(strftime('%s', 'now') AS INTEGER)",
    "each_change": "json_each(ledgervalue.changes) AS change",
    "subject": "json_extract(change.value, '$[0]')",
}

POSTGRESQL = {
    "serial": "SERIAL PRIMARY KEY",
    "now": "CAST(extract(epoch FROM clock_timestamp()) AS BIGINT)",
    "each_change": "json_array_elements(ledgervalue.changes::json) AS change (value)",
    "subject": "(change.value ->> 0)",
}
# fmt: on


def up(migrator: SchemaMigrator, db: Database) -> None:
    sqlite = type(db).__name__.startswith(("Sqlite", "PooledSqlite"))
    for statement in STATEMENTS.format(**(SQLITE if sqlite else POSTGRESQL)).split(";"):
        db.execute_sql(statement)
