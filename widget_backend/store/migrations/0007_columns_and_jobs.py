"""Columns for what is asked by SQL, a table of roles, and jobs, which know whom they are about."""

from peewee import Database
from playhouse.migrate import SchemaMigrator

# `preference.changed_at` is what the ledger knows; NULL where nobody knows any more.
# Letters that wait get the handle of the person they are about, by their recipient: who wants to
# move to it, else who is known by it, else who signed up with it. Those of an unknown site, and
# those that were only pretended, are about nobody; the latter are done.
# fmt: off
STATEMENTS = """
ALTER TABLE profile ADD COLUMN reach VARCHAR(10);
ALTER TABLE profile ADD COLUMN paused_until VARCHAR(10);
UPDATE profile SET reach = {reach}, paused_until = {until} WHERE overall IS NOT NULL;
CREATE TABLE role (
    profile_id INTEGER NOT NULL REFERENCES profile (id) ON DELETE CASCADE,
    role VARCHAR(40) NOT NULL, position INTEGER NOT NULL, PRIMARY KEY (profile_id, role));
INSERT INTO role SELECT profile.id, each.{role}, min(each.{position}) FROM profile, {each_role}
GROUP BY 1, 2;
ALTER TABLE profile DROP COLUMN overall;
ALTER TABLE profile DROP COLUMN roles;

CREATE TABLE answer_new (
    profile_id INTEGER NOT NULL REFERENCES profile (id) ON DELETE CASCADE,
    question VARCHAR(40) NOT NULL, kind VARCHAR(10) NOT NULL, value TEXT,
    answered_at BIGINT NOT NULL, PRIMARY KEY (profile_id, question));
INSERT INTO answer_new
SELECT profile_id, question, CASE WHEN {skipped} IS NOT NULL THEN 'skipped'
    WHEN {declined} IS NOT NULL THEN 'declined' ELSE 'said' END, {said}, {answered_at} FROM answer;
DROP TABLE answer;
ALTER TABLE answer_new RENAME TO answer;

CREATE TEMPORARY TABLE last_choice (
    profile_id INTEGER, topic VARCHAR(40), at BIGINT, PRIMARY KEY (profile_id, topic));
INSERT INTO last_choice SELECT profile.id, substr({subject}, 7), max(ledger.at)
FROM ledger JOIN ledgervalue ON ledgervalue.ledger_id = ledger.id
JOIN profile ON profile.ledger_key = ledger.profile_key, {each_change}
WHERE substr({subject}, 1, 6) = 'topic:' GROUP BY 1, 2;
ALTER TABLE preference ADD COLUMN changed_at BIGINT;
UPDATE preference SET changed_at = (SELECT at FROM last_choice
    WHERE last_choice.profile_id = preference.profile_id AND last_choice.topic = preference.topic);
DROP TABLE last_choice;

CREATE INDEX newaddress_address ON newaddress (address);
CREATE TABLE job (
    id {serial}, site VARCHAR(40), kind VARCHAR(20) NOT NULL, subject VARCHAR(40), payload TEXT,
    queued_at BIGINT NOT NULL, due_at BIGINT, leased_until BIGINT, attempts INTEGER NOT NULL,
    done_at BIGINT);
INSERT INTO job (site, kind, subject, payload, queued_at, due_at, attempts, done_at)
SELECT site, kind, CASE WHEN recipient IS NOT NULL THEN coalesce(
    (SELECT min(profile.handle) FROM newaddress JOIN profile ON profile.id = newaddress.profile_id
     WHERE newaddress.address = outbox.recipient AND profile.site = outbox.site
     AND outbox.kind = 'new-address'),
    (SELECT min(profile.handle) FROM identity JOIN profile ON profile.id = identity.profile_id
     WHERE identity.site = outbox.site AND identity.kind = 'email'
     AND identity.value = outbox.recipient AND confirmed),
    (SELECT min(profile.handle) FROM identity JOIN profile ON profile.id = identity.profile_id
     WHERE identity.site = outbox.site AND identity.kind = 'email'
     AND identity.value = outbox.recipient AND NOT confirmed)) END,
    CASE WHEN recipient IS NOT NULL THEN {payload} END, queued_at,
    CASE WHEN recipient IS NOT NULL THEN next_at END, attempts, sent_at FROM outbox ORDER BY id;
DROP TABLE outbox;
CREATE INDEX job_due ON job (due_at, id) WHERE due_at IS NOT NULL;
CREATE INDEX job_subject ON job (subject) WHERE subject IS NOT NULL;
CREATE INDEX job_over ON job (queued_at) WHERE due_at IS NULL;
"""

SQLITE = {
    "serial": "INTEGER NOT NULL PRIMARY KEY",
    "reach": "json_extract(overall, '$.reach')",
    "until": "json_extract(overall, '$.until')",
    "each_role": "json_each(profile.roles) AS each",
    "role": "value", "position": "key",
    "skipped": "json_type(value, '$.skipped')",
    "declined": "json_type(value, '$.declined')",
    "said": "CASE WHEN json_type(value, '$.said') IS NOT NULL "
            "THEN json_quote(json_extract(value, '$.said')) END",
    "answered_at": "coalesce(json_extract(value, '$.at'), 0)",
    "each_change": "json_each(ledgervalue.changes) AS change",
    "subject": "json_extract(change.value, '$[0]')",
    "payload": "json_object('recipient', recipient, 'message', message)",
}

POSTGRESQL = {
    "serial": "SERIAL PRIMARY KEY",
    "reach": "overall::json ->> 'reach'",
    "until": "overall::json ->> 'until'",
    "each_role": "json_array_elements_text(profile.roles::json) "
                 "WITH ORDINALITY AS each (role, position)",
    "role": "role", "position": "position",
    "skipped": "(value::json -> 'skipped')",
    "declined": "(value::json -> 'declined')",
    "said": "(value::json -> 'said')::text",
    "answered_at": "coalesce((value::json ->> 'at')::bigint, 0)",
    "each_change": "json_array_elements(ledgervalue.changes::json) AS change (value)",
    "subject": "(change.value ->> 0)",
    "payload": "json_build_object('recipient', recipient, 'message', message)::text",
}
# fmt: on


def up(migrator: SchemaMigrator, db: Database) -> None:
    sqlite = type(db).__name__.startswith(("Sqlite", "PooledSqlite"))
    for statement in STATEMENTS.format(**(SQLITE if sqlite else POSTGRESQL)).split(";"):
        if statement.strip():
            db.execute_sql(statement)
