"""The first tables; a frozen copy, independent of the models of later versions."""

from peewee import Database
from playhouse.migrate import SchemaMigrator

# fmt: off
TABLES = """
CREATE TABLE profile (
    id {serial}, site VARCHAR(40) NOT NULL, handle VARCHAR(32) NOT NULL UNIQUE,
    ledger_key VARCHAR(32) NOT NULL UNIQUE, pending BOOLEAN NOT NULL, language VARCHAR(20),
    overall TEXT, roles TEXT NOT NULL, revision INTEGER NOT NULL, created_at BIGINT NOT NULL);
CREATE TABLE identity (
    id {serial}, site VARCHAR(40) NOT NULL,
    profile_id INTEGER NOT NULL REFERENCES profile (id) ON DELETE CASCADE,
    kind VARCHAR(20) NOT NULL, value VARCHAR(500) NOT NULL, confirmed BOOLEAN NOT NULL,
    undeliverable BOOLEAN NOT NULL);
CREATE UNIQUE INDEX identity_profile_kind ON identity (profile_id, kind);
CREATE UNIQUE INDEX identity_confirmed ON identity (site, kind, value) WHERE confirmed;
CREATE TABLE preference (
    profile_id INTEGER NOT NULL REFERENCES profile (id) ON DELETE CASCADE,
    topic VARCHAR(40) NOT NULL, "on" BOOLEAN NOT NULL, channel VARCHAR(10) NOT NULL,
    frequency VARCHAR(20) NOT NULL, PRIMARY KEY (profile_id, topic));
CREATE TABLE answer (
    profile_id INTEGER NOT NULL REFERENCES profile (id) ON DELETE CASCADE,
    question VARCHAR(40) NOT NULL, value TEXT NOT NULL,
    PRIMARY KEY (profile_id, question));
CREATE TABLE ledger (
    id {serial}, site VARCHAR(40) NOT NULL, profile_key VARCHAR(32) NOT NULL,
    revision INTEGER NOT NULL, at BIGINT NOT NULL, door VARCHAR(20) NOT NULL,
    wording VARCHAR(32) NOT NULL, language VARCHAR(20) NOT NULL, digest VARCHAR(64) NOT NULL);
CREATE UNIQUE INDEX ledger_profile_revision ON ledger (profile_key, revision);
CREATE TABLE ledgervalue (
    ledger_id INTEGER NOT NULL PRIMARY KEY REFERENCES ledger (id) ON DELETE RESTRICT,
    salt VARCHAR(32) NOT NULL, changes TEXT NOT NULL, evidence TEXT);
CREATE TABLE wording (
    id VARCHAR(32) NOT NULL PRIMARY KEY, site VARCHAR(40) NOT NULL,
    language VARCHAR(20) NOT NULL, texts TEXT NOT NULL, first_used BIGINT NOT NULL);
"""

APPEND_ONLY_SQLITE = [
    f"CREATE TRIGGER ledger_no_{act} BEFORE {act} ON ledger "
    "BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END"
    for act in ("update", "delete")
]

APPEND_ONLY_POSTGRES = [
    """CREATE FUNCTION ledger_is_append_only() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'the ledger is append-only'; END $$""",
    """CREATE TRIGGER ledger_append_only BEFORE UPDATE OR DELETE ON ledger
    FOR EACH ROW EXECUTE FUNCTION ledger_is_append_only()""",
]
# fmt: on


def up(migrator: SchemaMigrator, db: Database) -> None:
    sqlite = type(db).__name__.startswith(("Sqlite", "PooledSqlite"))
    serial = "INTEGER NOT NULL PRIMARY KEY" if sqlite else "SERIAL PRIMARY KEY"
    statements = TABLES.format(serial=serial).split(";")
    append_only = APPEND_ONLY_SQLITE if sqlite else APPEND_ONLY_POSTGRES
    for statement in [*statements, *append_only]:
        if statement.strip():
            db.execute_sql(statement)
