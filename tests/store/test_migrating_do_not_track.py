"""0019: nobody of before has said anything about being tracked."""

from __future__ import annotations

from peewee import Database
from playhouse.migrations import Runner

from tests.support.people import how
from widget_backend.rules.state import Change
from widget_backend.store.contacts import find_contacts
from widget_backend.store.database import FOLDER, migrate, write_transaction
from widget_backend.store.profiles import read_profile
from widget_backend.store.saves import save
from widget_backend.store.sqlite import SqliteFile

AT = 1_790_000_000
ROWS = f"""
INSERT INTO profile (site, handle, ledger_key, pending, revision, created_at, generation)
VALUES ('shop', 'h1', 'k1', FALSE, 1, {AT}, 0);
INSERT INTO identity (site, profile_id, kind, value, confirmed, undeliverable)
VALUES ('shop', 1, 'email', 'arta@example.com', TRUE, FALSE)
"""


def test_who_was_here_before_can_ask_and_is_read_alike_everywhere(empty_database: Database) -> None:
    if isinstance(empty_database, SqliteFile):
        empty_database.path.touch()
    with empty_database.connection_context(), write_transaction(empty_database):
        Runner(empty_database, str(FOLDER)).up("0018_basis")
        for statement in ROWS.split(";"):
            empty_database.execute_sql(statement)
    assert migrate(empty_database)[0] == "0019_do_not_track"
    with empty_database.connection_context():
        person = read_profile(empty_database, "shop", "h1")
        assert person.state.do_not_track is None
        for wish in ({"wanted": True, "at": AT}, {"wanted": False, "at": AT + 1}, None):
            person = read_profile(empty_database, "shop", "h1")
            before = person.state.do_not_track
            save(empty_database, person, [Change("do_not_track", before, wish)], how("shop"))
            contact = find_contacts(empty_database, "shop", ["arta@example.com"])
            for each in (
                read_profile(empty_database, "shop", "h1"),
                contact["arta@example.com"].profile,
            ):
                assert each.state.do_not_track == wish
