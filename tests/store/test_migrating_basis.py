"""0018: who agreed before there was any other basis was asked, and no import proved a number."""

from __future__ import annotations

from peewee import Database
from playhouse.migrations import Runner

from tests.support.people import how
from widget_backend.rules.basis import Ground, grounded
from widget_backend.rules.state import Change
from widget_backend.store.contacts import find_contacts
from widget_backend.store.database import FOLDER, migrate, write_transaction
from widget_backend.store.models import Identity, Preference
from widget_backend.store.profiles import read_profile
from widget_backend.store.saves import save
from widget_backend.store.sqlite import SqliteFile

AT = 1_790_000_000
WEEKLY = {"on": True, "channel": "email", "frequency": "weekly"}
ROWS = f"""
INSERT INTO profile (site, handle, ledger_key, pending, revision, created_at, generation)
VALUES ('shop', 'h1', 'k1', FALSE, 1, {AT}, 0);
INSERT INTO identity (site, profile_id, kind, value, confirmed, undeliverable) VALUES
('shop', 1, 'email', 'arta@example.com', TRUE, FALSE),
('shop', 1, 'phone', '+355691234567', FALSE, FALSE);
INSERT INTO preference (profile_id, topic, "on", channel, frequency, said_at, door)
VALUES (1, 'offers', TRUE, 'email', 'weekly', {AT}, 'import')
"""


def test_choices_and_numbers_of_before_read_as_they_did(empty_database: Database) -> None:
    if isinstance(empty_database, SqliteFile):
        empty_database.path.touch()
    with empty_database.connection_context(), write_transaction(empty_database):
        Runner(empty_database, str(FOLDER)).up("0017_evidence")
        for statement in ROWS.split(";"):
            empty_database.execute_sql(statement)
    assert migrate(empty_database)[0] == "0018_basis"
    with empty_database.connection_context():
        person = read_profile(empty_database, "shop", "h1")
        assert person.state.preference("offers") == WEEKLY
        rows = Preference.select(Preference.basis, Preference.basis_at).tuples()
        assert list(rows.execute(empty_database)) == [("", None)]
        proofs = Identity.select(Identity.evidence_run).tuples()
        assert list(proofs.execute(empty_database)) == [(None,), (None,)]
        bought = grounded(WEEKLY, Ground("purchase", AT))
        save(empty_database, person, [Change("topic:offers", WEEKLY, bought)], how("shop"))
        assert read_profile(empty_database, "shop", "h1").state.preference("offers") == bought
        contact = find_contacts(empty_database, "shop", ["arta@example.com"])["arta@example.com"]
        assert contact.profile.state.preference("offers") == bought
