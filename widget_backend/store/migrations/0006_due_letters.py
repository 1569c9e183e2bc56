"""Due letters: what waits is found by its time, however many letters were settled before it."""

from peewee import Database
from playhouse.migrate import SchemaMigrator


def up(migrator: SchemaMigrator, db: Database) -> None:
    db.execute_sql("DROP INDEX outbox_next_at")
    db.execute_sql("CREATE INDEX outbox_due ON outbox (next_at, id) WHERE next_at IS NOT NULL")
