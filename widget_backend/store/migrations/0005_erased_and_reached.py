"""Who was erased, who was reached again, whose letter it is, and indexes for what goes."""

import time

from peewee import Database
from playhouse.migrate import SchemaMigrator

# Who confirmed an address here was reached then.
# A letter of earlier versions belongs to the one site that knows its recipient. Where several do,
# nobody can tell whose it is: it keeps no site, and is sent or given up within two days.
# fmt: off
TABLES = """
CREATE TABLE suppression (
    site VARCHAR(40) NOT NULL, key_id VARCHAR(8) NOT NULL, digest VARCHAR(64) NOT NULL,
    at BIGINT NOT NULL, PRIMARY KEY (site, key_id, digest));
ALTER TABLE identity ADD COLUMN undeliverable_at BIGINT;
ALTER TABLE identity ADD COLUMN reached_at BIGINT;
UPDATE identity SET undeliverable_at = {now} WHERE undeliverable;
UPDATE identity SET reached_at = (
    SELECT max(ledger.at) FROM ledger JOIN profile ON profile.ledger_key = ledger.profile_key
    WHERE profile.id = identity.profile_id AND ledger.door = 'confirmation')
WHERE kind = 'email' AND confirmed;
ALTER TABLE outbox ADD COLUMN site VARCHAR(40);
CREATE INDEX identity_unconfirmed ON identity (site, kind, value) WHERE NOT confirmed;
CREATE INDEX profile_became ON profile (became_id) WHERE became_id IS NOT NULL;
CREATE INDEX profile_pending ON profile (created_at) WHERE pending AND became_id IS NULL;
CREATE INDEX outbox_recipient ON outbox (recipient) WHERE recipient IS NOT NULL;
CREATE INDEX outbox_settled ON outbox (queued_at) WHERE next_at IS NULL;
CREATE INDEX code_until ON code (until);
CREATE INDEX newaddress_until ON newaddress (until);
UPDATE outbox SET site = (
    SELECT CASE WHEN count(DISTINCT known.site) = 1 THEN min(known.site) END FROM (
        SELECT site, value FROM identity WHERE kind = 'email'
        UNION SELECT profile.site, newaddress.address FROM newaddress
        JOIN profile ON profile.id = newaddress.profile_id) AS known
    WHERE known.value = outbox.recipient)
WHERE recipient IS NOT NULL;
"""
# fmt: on


def up(migrator: SchemaMigrator, db: Database) -> None:
    # When mail came back was not kept: at the latest now.
    for statement in TABLES.format(now=int(time.time())).split(";"):
        if statement.strip():
            db.execute_sql(statement)
