"""A database of the version before, with rows in every table, goes on after the migration."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from peewee import Database
from playhouse.migrations import Runner

from tests.support.rows import TABLES
from widget_backend.rules.state import Change
from widget_backend.store import database as store
from widget_backend.store.address_changes import find_change
from widget_backend.store.contacts import find_contacts
from widget_backend.store.database import migrate, write_transaction
from widget_backend.store.ledger import records
from widget_backend.store.models import Identity, Job
from widget_backend.store.one_time_codes import enter_code
from widget_backend.store.outbox import claim_due
from widget_backend.store.profiles import read_profile, with_answers
from widget_backend.store.sqlite import SqliteFile

MIGRATIONS = Path(store.__file__).parent / "migrations"
AT = 1_790_000_000
WEEKLY = {"on": True, "channel": "email", "frequency": "weekly"}

ROWS = """
INSERT INTO profile (site, handle, ledger_key, pending, language, overall, roles, revision,
    created_at, generation, became_id) VALUES
('shop', 'h1', 'k1', FALSE, 'sq', NULL, '["club"]', 1, 1790000000, 0, NULL),
('inn', 'h2', 'k2', FALSE, NULL, NULL, '[]', 0, 1790000000, 0, NULL),
('shop', 'h3', 'k3', TRUE, NULL, NULL, '[]', 1, 1790000000, 0, 1);
INSERT INTO identity (site, profile_id, kind, value, confirmed, undeliverable) VALUES
('shop', 1, 'email', 'arta@example.com', TRUE, TRUE),
('shop', 1, 'phone', '+355691234567', FALSE, FALSE),
('inn', 2, 'email', 'both@example.com', TRUE, FALSE),
('shop', 3, 'email', 'both@example.com', FALSE, FALSE);
INSERT INTO preference VALUES
(1, 'offers', TRUE, 'email', 'weekly');
INSERT INTO answer VALUES
(1, 'moved', '{"said":"yes","at":1}');
INSERT INTO ledger (site, profile_key, revision, at, door, wording, language, digest) VALUES
('shop', 'k1', 1, 1790000000, 'hosted', 'w1', 'sq', 'd'),
('inn', 'k2', 1, 1790000005, 'confirmation', 'w1', 'sq', 'd');
INSERT INTO ledgervalue VALUES
(1, 's', '[["language",null,"sq"]]', NULL);
INSERT INTO wording VALUES
('w1', 'shop', 'sq', '{}', 1790000000);
INSERT INTO campaign VALUES
('shop', 'sale', 'offers', NULL, '{}', 1790000000);
INSERT INTO outbox (kind, recipient, message, queued_at, next_at, attempts, sent_at) VALUES
('code', 'arta@example.com', 'a', 1790000000, 1790000000, 0, NULL),
('link', 'both@example.com', 'b', 1790000000, 1790000000, 0, NULL),
('new-address', 'new@example.com', 'c', 1790000000, 1790000000, 0, NULL),
('confirm', 'gone@example.com', 'd', 1790000000, 1790000000, 0, NULL),
('code', NULL, NULL, 1790000000, NULL, 0, 1790000000);
INSERT INTO code VALUES
(1, 'l', 's', 'd', 1790000900, 0);
INSERT INTO newaddress VALUES
(2, 'n2', 'new@example.com', 1790100000)
"""


@pytest.fixture
def earlier(empty_database: Database) -> Database:
    """As version 0003 left it, with rows in every table that it had."""
    if isinstance(empty_database, SqliteFile):
        empty_database.path.touch()
    with empty_database.connection_context(), write_transaction(empty_database):
        Runner(empty_database, str(MIGRATIONS)).up("0003_codes_by_link")
        for statement in ROWS.split(";"):
            empty_database.execute_sql(statement)
    return empty_database


def test_everything_of_the_version_before_still_reads(earlier: Database) -> None:
    migrate(earlier)
    with earlier.connection_context():
        person = with_answers(earlier, read_profile(earlier, "shop", "h1"))
        assert person.roles == ("club",)
        assert person.state == {
            "language": "sq",
            "contact:email": "arta@example.com",
            "contact:phone": "+355691234567",
            "topic:offers": WEEKLY,
            "answer:moved": {"said": "yes", "at": 1},
        }
        (record,) = records(earlier, "k1")
        assert record.changes == (Change("language", None, "sq"),)
        assert find_contacts(earlier, "shop", ["arta@example.com"])["arta@example.com"]
        assert find_change(earlier, "n2", AT) == ("h2", "new@example.com")
        assert not enter_code(earlier, person, "token", "123456", AT)
        assert len(claim_due(earlier, AT)) == 4
        for table in TABLES:
            list(table.select().execute(earlier))


SPELT = """
INSERT INTO profile (site, handle, ledger_key, pending, language, overall, roles, revision,
    created_at, generation, became_id) VALUES
('shop', 'h4', 'k4', FALSE, NULL, NULL, '[]', 0, 1790000000, 0, NULL),
('shop', 'h5', 'k5', FALSE, NULL, NULL, '[]', 0, 1790000000, 0, NULL),
('shop', 'h6', 'k6', FALSE, NULL, NULL, '[]', 0, 1790000000, 0, NULL),
('inn', 'h7', 'k7', FALSE, NULL, NULL, '[]', 0, 1790000000, 0, NULL),
('inn', 'h8', 'k8', FALSE, NULL, NULL, '[]', 0, 1790000000, 0, NULL);
INSERT INTO identity (site, profile_id, kind, value, confirmed, undeliverable) VALUES
('shop', 4, 'email', 'a@xn--strae-oqa.example', TRUE, FALSE),
('shop', 5, 'email', 'b@xn--strae-oqa.example', TRUE, FALSE),
('shop', 6, 'email', 'b@straße.example', TRUE, FALSE),
('inn', 7, 'email', 'b@xn--strae-oqa.example', TRUE, FALSE),
('inn', 8, 'email', 'a@xn--i-7iq.example', TRUE, FALSE)
"""


def test_an_address_that_earlier_versions_could_not_read_is_found_by_its_one_spelling(
    earlier: Database,
) -> None:
    """Unless somebody else is known by that already, who stays somebody else."""
    with earlier.connection_context():
        for statement in SPELT.split(";"):
            earlier.execute_sql(statement)
    migrate(earlier)
    with earlier.connection_context():
        query = Identity.select(Identity.value).where(Identity.profile >= 4).order_by(Identity.id)
        values = [value for (value,) in query.tuples().execute(earlier)]
    assert values == [
        "a@straße.example",
        "b@xn--strae-oqa.example",
        "b@straße.example",
        "b@straße.example",
        "a@xn--i-7iq.example",
    ]


def test_a_waiting_message_belongs_to_the_one_site_that_knows_its_recipient(
    earlier: Database,
) -> None:
    migrate(earlier)
    with earlier.connection_context():
        query = Job.select(Job.site).order_by(Job.id)
        sites = [site for (site,) in query.tuples().execute(earlier)]
    assert sites == ["shop", None, "inn", None, None]


def test_mail_that_came_back_and_who_was_reached_is_known(earlier: Database) -> None:
    migrate(earlier)
    with earlier.connection_context():
        query = Identity.select(Identity.undeliverable_at, Identity.reached_at)
        rows = list(query.order_by(Identity.id).tuples().execute(earlier))
    assert [back is not None for back, _ in rows] == [True, False, False, False]
    assert [reached for _, reached in rows] == [None, None, AT + 5, None], "who confirmed here"


def test_a_migration_that_is_interrupted_is_done_when_it_runs_again(
    earlier: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    execute: Callable[..., Any] = earlier.execute_sql

    def interrupted(sql: str, *rest: Any, **more: Any) -> Any:
        if "outbox_settled" in sql:
            raise KeyboardInterrupt
        return execute(sql, *rest, **more)

    monkeypatch.setattr(earlier, "execute_sql", interrupted)
    with pytest.raises(KeyboardInterrupt):
        migrate(earlier)
    monkeypatch.setattr(earlier, "execute_sql", execute)
    with earlier.connection_context():
        assert "suppression" not in earlier.get_tables(), "all or nothing"
    assert "0005_erased_and_reached" in migrate(earlier)
    assert migrate(earlier) == []
    with earlier.connection_context():
        assert Job.select().count(earlier) == 5
