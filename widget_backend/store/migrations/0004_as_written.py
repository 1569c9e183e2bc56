"""Addresses as somebody wrote them, beside the one spelling by which they are found."""

import idna
from peewee import Database
from playhouse.migrate import SchemaMigrator

TABLES = """
ALTER TABLE identity ADD COLUMN written VARCHAR(500);
ALTER TABLE newaddress ADD COLUMN written VARCHAR(500);
"""

# Earlier versions could not read every domain, and kept some as `xn--strae-oqa.example`. Who is
# known under the newer spelling as well stays two people, as before.
CODED = "SELECT DISTINCT value FROM identity WHERE kind = 'email' AND value LIKE {0}"
SPELL_ANEW = """
UPDATE identity SET value = {0} WHERE kind = 'email' AND value = {0} AND NOT EXISTS (
    SELECT 1 FROM identity AS other WHERE other.site = identity.site AND other.kind = 'email'
    AND other.value = {0} AND other.confirmed)
"""


def up(migrator: SchemaMigrator, db: Database) -> None:
    for statement in TABLES.split(";"):
        if statement.strip():
            db.execute_sql(statement)
    sign = "?" if type(db).__name__.startswith(("Sqlite", "PooledSqlite")) else "%s"
    for (old,) in db.execute_sql(CODED.format(sign), ["%@%xn--%"]).fetchall():
        local, _, domain = old.rpartition("@")
        new = f"{local}@{'.'.join(map(_u_label, domain.split('.')))}"
        if new != old:
            db.execute_sql(SPELL_ANEW.format(sign), [new, old, new])


def _u_label(label: str) -> str:
    try:
        return idna.ulabel(label) if label.startswith("xn--") else label
    except idna.IDNAError:
        return label
