"""When people said what holds: a file may bring what they said before that, or after."""

from peewee import Database
from playhouse.migrate import SchemaMigrator

# Until now `changed_at` was when a choice was stored. For who came in with a file that is not when
# they chose, so nobody knows: in doubt a no counts.
STATEMENTS = """
ALTER TABLE preference RENAME COLUMN changed_at TO said_at;
UPDATE preference SET said_at = NULL WHERE profile_id IN (
    SELECT profile.id FROM profile JOIN ledger ON ledger.profile_key = profile.ledger_key
    WHERE ledger.door = 'import');
ALTER TABLE profile ADD COLUMN overall_at BIGINT;
ALTER TABLE profile ADD COLUMN left_at BIGINT;
ALTER TABLE profile ADD COLUMN spoke_at BIGINT;
UPDATE profile SET spoke_at = (SELECT max(at) FROM ledger
    WHERE ledger.profile_key = profile.ledger_key AND ledger.door <> 'import')
"""


def up(migrator: SchemaMigrator, db: Database) -> None:
    for statement in STATEMENTS.split(";"):
        db.execute_sql(statement)
