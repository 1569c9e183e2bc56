"""Evidence: the number of each consent record in the list that checkpoints are signed over."""

from peewee import Database, SqliteDatabase
from playhouse.migrate import SchemaMigrator

SQLITE = tuple(
    f"CREATE TRIGGER seal_no_{act} BEFORE {act} ON seal "
    "BEGIN SELECT RAISE(ABORT, 'seals are append-only'); END"
    for act in ("update", "delete")
)
POSTGRESQL = (
    """CREATE TRIGGER seal_append_only BEFORE UPDATE OR DELETE ON seal
    FOR EACH ROW EXECUTE FUNCTION ledger_is_append_only()""",
)


def up(migrator: SchemaMigrator, db: Database) -> None:
    is_sqlite = isinstance(db, SqliteDatabase)
    sha256 = "BLOB" if is_sqlite else "BYTEA"
    in_one_tree = " WITHOUT ROWID" if is_sqlite else ""
    db.execute_sql(
        "CREATE TABLE seal (site VARCHAR(40) NOT NULL, leaf INTEGER NOT NULL, "
        "ledger_id INTEGER NOT NULL REFERENCES ledger (id) ON DELETE RESTRICT, "
        f"hash {sha256} NOT NULL, block {sha256}, PRIMARY KEY (site, leaf)){in_one_tree}"
    )
    db.execute_sql("CREATE UNIQUE INDEX seal_ledger ON seal (ledger_id)")
    db.execute_sql("CREATE INDEX seal_block ON seal (site, leaf) WHERE block IS NOT NULL")
    for statement in SQLITE if is_sqlite else POSTGRESQL:
        db.execute_sql(statement)
