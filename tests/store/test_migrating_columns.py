"""0007: JSON becomes columns, messages become jobs, and everything reads as before."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from peewee import Database
from playhouse.migrations import Runner

from tests.support.people import HASHES, how
from widget_backend.rules.state import Change
from widget_backend.store.contacts import find_contacts
from widget_backend.store.database import FOLDER, migrate, write_transaction
from widget_backend.store.erasure import erase
from widget_backend.store.ledger import records
from widget_backend.store.models import Job, Preference
from widget_backend.store.outbox import claim_due
from widget_backend.store.profiles import read_profile, with_answers
from widget_backend.store.saves import save
from widget_backend.store.sqlite import SqliteFile

AT = 1_790_000_000
WEEKLY = {"on": True, "channel": "email", "frequency": "weekly"}
NEVER = {"on": False, "channel": "email", "frequency": "monthly"}
ODD = 'Rruga "A"\n\\ ñ 😀 \t%s {0}'
OVERALL = {
    "h1": {"reach": "paused", "until": "2027-01-31"},
    "h2": {"reach": "as_chosen", "until": None},
    "h3": {"reach": "less", "until": None},
    "h4": {"reach": "off", "until": None},
    "h5": None,
}
ROLES = {"h1": ["trade", "club", "press"], "h2": [], "h3": ["club"], "h4": [], "h5": []}
ANSWERS = {
    "rooms": {"said": ["attic", "cellar"], "at": AT + 1},
    "none": {"said": [], "at": AT + 2},
    "people": {"said": 4, "at": AT + 3},
    "note": {"said": ODD, "at": AT + 4},
    "moved": {"skipped": True, "at": AT + 5},
    "income": {"declined": True, "at": AT + 6},
}
LEDGER = [
    ("k1", 1, AT + 10, [["topic:offers", None, WEEKLY], ["language", None, "sq"]]),
    ("k1", 2, AT + 20, [["topic:offers", WEEKLY, NEVER], ["overall", None, OVERALL["h1"]]]),
    ("k1", 3, AT + 30, [["topic:offers", NEVER, WEEKLY], ["answer:note", None, ANSWERS["note"]]]),
    ("k2", 1, AT + 40, [["topic:offers", None, NEVER]]),
]
MESSAGES = {
    "of somebody who is known": ("shop", "link", "1@example.com", "h1"),
    "of a sign-up": ("shop", "confirm", "5@example.com", "h5"),
    "to a new address": ("shop", "new-address", "new@example.com", "h2"),
    "to nobody who is known any more": ("shop", "code", "gone@example.com", None),
    "of no site": (None, "link", "1@example.com", None),
    "that was pretended": ("shop", "link", None, None),
}


def fill(database: Database) -> None:
    """A row of every kind, as version 0006 wrote it."""

    def insert(table: str, **row: Any) -> None:
        signs = ", ".join([database.param] * len(row))
        names = ", ".join(f'"{name}"' for name in row)
        database.execute_sql(f"INSERT INTO {table} ({names}) VALUES ({signs})", [*row.values()])

    for number, (handle, overall) in enumerate(OVERALL.items(), 1):
        pending = handle == "h5"
        insert(
            "profile", site="shop", handle=handle, ledger_key=f"k{number}", pending=pending,
            language="sq", overall=overall and json.dumps(overall), roles=json.dumps(ROLES[handle]),
            revision=3, created_at=AT, generation=2,
        )  # fmt: skip
        insert(
            "identity", site="shop", profile_id=number, kind="email",
            value=f"{number}@example.com", confirmed=not pending, undeliverable=False,
        )  # fmt: skip
    for profile, topic, choice in ((1, "offers", WEEKLY), (2, "offers", NEVER), (2, "old", WEEKLY)):
        insert("preference", profile_id=profile, topic=topic, **choice)
    for question, answer in ANSWERS.items():
        value = json.dumps(answer, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        insert("answer", profile_id=1, question=question, value=value)
    for number, (key, revision, at, changes) in enumerate(LEDGER, 1):
        insert(
            "ledger", site="shop", profile_key=key, revision=revision, at=at, door="hosted",
            wording="w", language="sq", digest="d",
        )  # fmt: skip
        insert("ledgervalue", ledger_id=number, salt="s", changes=json.dumps(changes))
    insert("newaddress", profile_id=2, name="n", address="new@example.com", until=AT + 10**6)
    for site, kind, recipient, _ in MESSAGES.values():
        times = {"queued_at": AT, "next_at": AT + 1, "attempts": 1}
        insert("outbox", site=site, kind=kind, recipient=recipient, message=ODD, **times)
    insert("outbox", site="shop", kind="code", queued_at=AT, attempts=0, sent_at=AT + 9)


@pytest.fixture
def earlier(empty_database: Database) -> Database:
    if isinstance(empty_database, SqliteFile):
        empty_database.path.touch()
    with empty_database.connection_context(), write_transaction(empty_database):
        Runner(empty_database, str(FOLDER)).up("0006_due_letters")
        fill(empty_database)
    return empty_database


def test_what_people_chose_and_answered_reads_as_before(earlier: Database) -> None:
    migrate(earlier)
    with earlier.connection_context():
        for handle, overall in OVERALL.items():
            person = with_answers(earlier, read_profile(earlier, "shop", handle))
            assert person.roles == tuple(ROLES[handle])
            assert person.state.get("overall") == overall
            assert (person.link_version, person.state.language) == (2, "sq")
        arta = with_answers(earlier, read_profile(earlier, "shop", "h1"))
        assert arta.state.answers() == ANSWERS
        assert arta.state.preferences() == {"offers": WEEKLY}
        emails = [f"{number}@example.com" for number in range(1, 6)]
        contacts = find_contacts(earlier, "shop", emails)
        assert {each.profile.handle: each.profile.roles for each in contacts.values()} == {
            handle: tuple(roles) for handle, roles in ROLES.items() if handle != "h5"
        }


def test_the_ledger_is_as_it_was(earlier: Database) -> None:
    def ledger() -> list[Any]:
        tables = {"ledger": 9, "ledgervalue": 4}  # columns; later ones come after them
        return [
            [row[:size] for row in earlier.execute_sql(f"SELECT * FROM {each} ORDER BY 1")]
            for each, size in tables.items()
        ]

    with earlier.connection_context():
        before = ledger()
    migrate(earlier)
    with earlier.connection_context():
        assert ledger() == before
        assert records(earlier, "k1")[2].changes[1] == Change("answer:note", None, ANSWERS["note"])


def test_when_a_choice_was_made_is_what_the_ledger_says(earlier: Database) -> None:
    migrate(earlier)
    with earlier.connection_context():
        columns = Preference.profile, Preference.topic, Preference.said_at
        query = Preference.select(*columns).order_by(Preference.profile, Preference.topic)
        assert list(query.tuples().execute(earlier)) == [
            (1, "offers", AT + 30),
            (2, "offers", AT + 40),
            (2, "old", None),
        ]
        person = read_profile(earlier, "shop", "h2")
        save(earlier, person, [Change("topic:old", WEEKLY, NEVER)], how("shop"))
        (changed,) = [each for _, topic, each in query.tuples().execute(earlier) if topic == "old"]
        assert changed == how("shop").at


def test_messages_that_wait_are_sent_and_know_whom_they_are_about(earlier: Database) -> None:
    migrate(earlier)
    with earlier.connection_context():
        query = Job.select(Job.site, Job.kind, Job.payload, Job.subject).order_by(Job.id)
        rows = list(query.tuples().execute(earlier))
        for row, (site, kind, recipient, subject) in zip(rows, MESSAGES.values(), strict=False):
            payload = {"recipient": recipient, "message": ODD} if recipient else None
            assert row == (site, kind, payload, subject)
        messages = claim_due(earlier, AT + 1)
        assert [each.recipient for each in messages] == [
            recipient for _, _, recipient, _ in MESSAGES.values() if recipient
        ]
        assert {(each.message, each.attempts) for each in messages} == {(ODD, 1)}
        (last,) = Job.select().where(Job.done_at.is_null(False)).execute(earlier)
        assert (last.kind, last.due_at, last.done_at) == ("code", None, AT + 9)


@pytest.mark.parametrize(("handle", "stopped"), [("h1", "of somebody who is known"),
                                                 ("h2", "to a new address")])  # fmt: skip
def test_messages_that_waited_before_are_stopped_by_erasing(
    earlier: Database, handle: str, stopped: str
) -> None:
    migrate(earlier)
    with earlier.connection_context():
        erase(earlier, read_profile(earlier, "shop", handle), how("shop"), HASHES)
        assert [each.recipient for each in claim_due(earlier, AT + 1)] == [
            recipient for name, (_, _, recipient, _) in MESSAGES.items()
            if recipient and name != stopped
        ]  # fmt: skip


@pytest.mark.parametrize("statement", ["INSERT INTO role", "DROP TABLE answer", "INDEX job_over"])
def test_interrupted_it_is_done_when_it_runs_again(
    earlier: Database, monkeypatch: pytest.MonkeyPatch, statement: str
) -> None:
    execute: Callable[..., Any] = earlier.execute_sql

    def interrupted(sql: str, *rest: Any, **more: Any) -> Any:
        if statement in sql:
            raise KeyboardInterrupt
        return execute(sql, *rest, **more)

    with earlier.connection_context():
        before = earlier.get_tables()
    monkeypatch.setattr(earlier, "execute_sql", interrupted)
    with pytest.raises(KeyboardInterrupt):
        migrate(earlier)
    monkeypatch.setattr(earlier, "execute_sql", execute)
    with earlier.connection_context():
        assert earlier.get_tables() == before, "all or nothing"
    assert migrate(earlier)[0] == "0007_columns_and_jobs"
    test_what_people_chose_and_answered_reads_as_before(earlier)
