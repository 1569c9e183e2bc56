"""Runs: each import has a number, and what it found of each person, so that it can be undone."""

from peewee import Database
from playhouse.migrate import SchemaMigrator

# Of nobody's earlier import is it known what it found, so that no such run can be undone.
STATEMENTS = """
CREATE TABLE run (
    id {serial}, site VARCHAR(40) NOT NULL, file VARCHAR(255) NOT NULL, platform VARCHAR(40),
    staff VARCHAR(100), options TEXT NOT NULL, counts TEXT NOT NULL, started_at BIGINT NOT NULL,
    written_at BIGINT NOT NULL, ended_at BIGINT, finished BOOLEAN NOT NULL,
    newest INTEGER NOT NULL, undo_staff VARCHAR(100), undo_began_at BIGINT, undone_at BIGINT);
CREATE INDEX run_site ON run (site);
CREATE TABLE runeffect (
    profile_id INTEGER NOT NULL REFERENCES profile (id) ON DELETE CASCADE,
    run_id INTEGER NOT NULL REFERENCES run (id), is_new BOOLEAN NOT NULL,
    revision_before INTEGER NOT NULL, revision INTEGER, before TEXT, bounced_at BIGINT,
    PRIMARY KEY (profile_id, run_id)){in_one_tree};
CREATE INDEX runeffect_run ON runeffect (run_id);
ALTER TABLE suppression ADD COLUMN run_id INTEGER REFERENCES run (id);
CREATE INDEX suppression_run ON suppression (run_id) WHERE run_id IS NOT NULL;
ALTER TABLE profile ADD COLUMN linked_at BIGINT
"""


def up(migrator: SchemaMigrator, db: Database) -> None:
    sqlite = type(db).__name__.startswith(("Sqlite", "PooledSqlite"))
    serial = "INTEGER NOT NULL PRIMARY KEY" if sqlite else "SERIAL PRIMARY KEY"
    # Half as much to write: SQLite otherwise keeps the key a second time beside the row.
    in_one_tree = " WITHOUT ROWID" if sqlite else ""
    for statement in STATEMENTS.format(serial=serial, in_one_tree=in_one_tree).split(";"):
        db.execute_sql(statement)
