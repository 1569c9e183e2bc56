"""The queue of an SQLite file: several threads, one commit, and who is told what."""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar
from pathlib import Path
from threading import get_ident

import pytest
from peewee import Database

from tests.support.houses import on_sqlite
from tests.support.rows import add, names
from tests.support.threads import Threads
from widget_backend.errors import AddressTaken, DatabaseUnavailable
from widget_backend.rules.state import Change
from widget_backend.store import models, write_queue
from widget_backend.store.database import migrate, open_database, write_transaction
from widget_backend.store.ledger import ConsentContext, Wording, records
from widget_backend.store.profiles import create_profile, read_profile
from widget_backend.store.saves import save
from widget_backend.store.sqlite import SqliteFile
from widget_backend.store.writing import write


@pytest.fixture
def commits(database: Database, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The rows that were durable after each commit."""
    counted: list[int] = []
    commit = SqliteFile.commit

    def count(self: SqliteFile) -> None:
        commit(self)
        counted.append(len(names(self)))

    monkeypatch.setattr(SqliteFile, "commit", count)
    return counted


@on_sqlite
@pytest.mark.parametrize("failing", [(), (0,), (1,), (3,), (1, 2), (0, 1, 2, 3)])
def test_actions_that_wait_share_one_commit_and_fail_alone(
    threads: Threads, database: Database, commits: list[int], failing: tuple[int, ...]
) -> None:
    def action(number: int) -> Callable[[], str]:
        def act() -> str:
            add(database, f"row {number}")
            if number in failing:
                raise AddressTaken
            return f"result {number}"

        return act

    with threads.waiting(*map(action, range(4))) as started:
        pass
    for number, each in enumerate(started):
        if number in failing:
            with pytest.raises(AddressTaken):
                each.result()
        else:
            assert each.result() == f"result {number}"
    assert names(database) == [f"row {each}" for each in range(4) if each not in failing]
    assert len([count for count in commits if count]) <= (2 if 0 in failing else 1)


@on_sqlite
def test_nobody_is_told_before_the_commit_and_all_are_told_when_it_fails(
    threads: Threads, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    pending: list[bool] = []

    def full(_: SqliteFile) -> None:
        pending.extend(not each.done() for each in started)
        raise DatabaseUnavailable("full", "database or disk is full")

    with threads.waiting(*(lambda name=name: add(database, name) for name in "abc")) as started:
        monkeypatch.setattr(SqliteFile, "commit", full)
    for each in started:
        with pytest.raises(DatabaseUnavailable) as caught:
            each.result()
        assert caught.value.kind == "full"
    assert pending == [True] * 3
    monkeypatch.undo()
    assert names(database) == []
    assert write(database, lambda: add(database, "d")) == "d"


@on_sqlite
def test_what_sqlite_rolled_back_by_itself_is_acknowledged_to_nobody(
    threads: Threads, database: Database
) -> None:
    def roll_back() -> None:
        """As SQLite does when the disk is full, even where an action takes that lightly."""
        database.connection().execute("ROLLBACK")

    actions = (lambda: add(database, "a"), roll_back, lambda: add(database, "c"))
    with threads.waiting(*actions) as started:
        pass
    for each in started[:2]:
        with pytest.raises(DatabaseUnavailable):
            each.result()
    assert started[2].result() == "c"
    assert names(database) == ["c"]


@on_sqlite
def test_an_action_sees_what_its_caller_sees_whichever_thread_runs_it(
    threads: Threads, database: Database
) -> None:
    language = ContextVar("language", default="en")
    ran_in: list[int] = []

    def act() -> str:
        ran_in.append(get_ident())
        return language.get()

    def call(tag: str) -> Callable[[], str]:
        def start() -> str:
            language.set(tag)
            return threads._write(act)

        return start

    with threads.waiting():
        calls = []
        for count, tag in enumerate(("sq", "ar"), 1):
            calls.append(threads.pool.submit(call(tag)))
            while len(threads.database.writing._waiting) < count:
                pass
    assert [each.result() for each in calls] == ["sq", "ar"]
    assert len(set(ran_in)) == 1


@on_sqlite
def test_two_saves_of_one_person_in_one_commit_are_made_one_after_the_other(
    threads: Threads, database: Database
) -> None:

    person = create_profile(database, "shop", 1)
    how = ConsentContext(2, "hosted", Wording.of("shop", "en", {"a": "b"}))

    def say(tag: str) -> Callable[[], int]:
        def act() -> int:
            known = read_profile(database, "shop", person.handle)
            change = Change("language", known.state.get("language"), tag)
            return save(database, known, [change], how)

        return act

    with threads.waiting(say("sq"), say("ar"), say("en")) as started:
        pass
    assert [each.result() for each in started] == [1, 2, 3]
    assert [each.changes[0].after for each in records(database, person.ledger_key)] == [
        "sq",
        "ar",
        "en",
    ]
    assert models.Wording.select().count(database) == 1


@on_sqlite
def test_a_wording_is_remembered_only_when_its_own_action_was_kept(
    threads: Threads, database: Database
) -> None:

    how = ConsentContext(2, "hosted", Wording.of("shop", "en", {"a": "b"}))
    person = create_profile(database, "shop", 1)

    def fail() -> None:
        save(database, person, [Change("language", None, "sq")], how)
        raise AddressTaken

    with threads.waiting(lambda: add(database, "a"), fail) as started:
        pass
    with pytest.raises(AddressTaken):
        started[1].result()
    assert save(database, person, [Change("language", None, "sq")], how) == 1
    assert models.Wording.select().count(database) == 1


@on_sqlite
@pytest.mark.parametrize("bound", ["MOST", "LONGEST"])
def test_a_commit_takes_no_more_than_its_bounds_allow(
    threads: Threads,
    database: Database,
    commits: list[int],
    monkeypatch: pytest.MonkeyPatch,
    bound: str,
) -> None:
    monkeypatch.setattr(write_queue, bound, 2 if bound == "MOST" else 0)
    with threads.waiting(*(lambda name=name: add(database, name) for name in "abcd")) as started:
        pass
    assert [each.result() for each in started] == ["a", "b", "c", "d"]
    assert commits == ([2, 4] if bound == "MOST" else [1, 2, 3, 4])


@on_sqlite
def test_who_wants_the_file_for_themselves_is_let_in_between_the_actions(
    threads: Threads, database: Database, commits: list[int]
) -> None:
    def alone() -> list[str]:
        with database.connection_context(), write_transaction(database):
            return names(database)

    with threads.waiting(lambda: add(database, "a")) as started:
        between = threads.pool.submit(alone)
        threads.until_waiting(2)
        last = threads.start(lambda: add(database, "b"))
        threads.until_waiting(3)
    assert between.result() == ["a"]
    assert [started[0].result(), last.result()] == ["a", "b"]


@on_sqlite
def test_each_database_has_a_queue_of_its_own(
    threads: Threads, database: Database, tmp_path: Path
) -> None:

    other = open_database(f"sqlite:///{tmp_path}/other.db")
    migrate(other)
    with database.writing.alone(), other.connection_context():  # type: ignore[attr-defined]
        assert write(other, lambda: add(other, "a")) == "a"
