"""Fields: what files of other systems hold of people beside, if the site declares it."""

from peewee import Database, SqliteDatabase
from playhouse.migrate import SchemaMigrator


def up(migrator: SchemaMigrator, db: Database) -> None:
    in_one_tree = " WITHOUT ROWID" if isinstance(db, SqliteDatabase) else ""
    db.execute_sql(
        "CREATE TABLE fieldvalue ("
        "profile_id INTEGER NOT NULL REFERENCES profile (id) ON DELETE CASCADE, "
        "field VARCHAR(40) NOT NULL, run_id INTEGER NOT NULL REFERENCES run (id), "
        f"value TEXT NOT NULL, PRIMARY KEY (profile_id, field, run_id)){in_one_tree}"
    )
    db.execute_sql("CREATE INDEX fieldvalue_run ON fieldvalue (run_id, field)")
