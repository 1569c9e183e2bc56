"""Our own export comes back: here it changes nothing, and elsewhere everyone is as they were."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from peewee import Database

from tests.support.contacts import ARTA, NEWS, OFF, Export, Run, arta, come_in, say, table_of
from tests.support.exports import ask_questions
from tests.support.random_people import PEOPLE, RandomPerson, store_people
from widget_backend.rules.later_words import Times
from widget_backend.store.database import open_database
from widget_backend.store.models import Profile
from widget_backend.store.models_of_runs import RunEffect

STATED = ("--consent", "they told us")
FEW = settings(max_examples=20, deadline=None, suppress_health_check=[*HealthCheck])
MANY = settings(max_examples=400, deadline=None, suppress_health_check=[*HealthCheck])
CALLS = {"on": True, "channel": "phone", "frequency": "monthly"}
OF_RUNS = {"run", "runeffect", "sqlite_sequence"}


@pytest.fixture
def asking(site_file: Path) -> Path:
    """The shop with questions."""
    ask_questions(site_file)
    return site_file


@pytest.fixture
def elsewhere(migrated: Path, tmp_path: Path) -> Iterator[Database]:
    """The database of another server."""
    file = tmp_path / "elsewhere.db"
    shutil.copy(migrated, file)
    database = open_database(f"sqlite:///{file}")
    with database.connection_context():
        yield database


def url_of(database: Database) -> str:
    return f"sqlite:///{database.database}"


def rows(database: Database) -> dict[str, list[str]]:
    """Every row of every table but those of runs."""
    return {
        table: sorted(map(repr, database.execute_sql(f'SELECT * FROM "{table}"')))
        for table in database.get_tables()
        if table not in OF_RUNS
    }


def export_to(file: Path, run: Run, *arguments: Any, **environment: str) -> Path:
    result = run("export", *arguments, "-o", file, **environment)
    assert result.exit_code == 0, result.output
    return file


def report(run: Run, *arguments: Any, **environment: str) -> dict[str, Any]:
    result = run("import", *arguments, "--json", **environment)
    assert result.exit_code == 0, result.output
    told: dict[str, Any] = json.loads(result.stdout)
    return told


def counts(told: dict[str, Any]) -> dict[str, int]:
    names = ("new", "changed", "unchanged", "held_back", "rejected")
    return {name: told[name] for name in names if told[name]}


# ── the same file changes nothing ───────────────────────────────────────────────────────────


def check_it_changes_nothing(
    run: Run, database: Database, asking: Path, tmp_path: Path, some: settings
) -> None:
    @some
    @given(PEOPLE)
    def check(people: list[RandomPerson]) -> None:
        Profile.delete().execute(database)
        store_people(database, people)
        for fields in ([], ["--fields", "all"], ["--fields", "email,offers,offers:at,post"]):
            file = export_to(tmp_path / "ours.csv", run, asking, *fields)
            before = rows(database)
            told = report(run, asking, file)
            assert counts(told) == {"unchanged": len(people)}
            assert rows(database) == before
            assert not RunEffect.select().where(RunEffect.before.is_null(False)).count(database)

    check()


def test_our_own_export_changes_nothing_here(
    run: Run, database: Database, asking: Path, tmp_path: Path
) -> None:
    check_it_changes_nothing(run, database, asking, tmp_path, FEW)


@pytest.mark.long
def test_nor_does_it_for_many_more_people(
    run: Run, database: Database, asking: Path, tmp_path: Path
) -> None:
    check_it_changes_nothing(run, database, asking, tmp_path, MANY)


# ── elsewhere everyone is as they were ──────────────────────────────────────────────────────


def check_a_move(
    run: Run, database: Database, elsewhere: Database, asking: Path, tmp_path: Path, some: settings
) -> None:
    @some
    @given(PEOPLE)
    def check(people: list[RandomPerson]) -> None:
        Profile.delete().execute(database)
        Profile.delete().execute(elsewhere)
        store_people(elsewhere, people)
        old = {"WIDGET_DATABASE_URL": url_of(elsewhere)}
        file = export_to(tmp_path / "old.csv", run, asking, "--fields", "all", **old)
        dry = report(run, asking, file, *STATED, "--dry-run")
        told = report(run, asking, file, *STATED)
        assert counts(dry) == counts(told) == {"new": len(people)}
        moved = export_to(tmp_path / "new.csv", run, asking, "--fields", "all")
        assert lasting(moved) == lasting(file)

    check()


def lasting(file: Path) -> list[dict[str, str]]:
    """What a move must keep: all but ids, doors and when we first knew them."""
    return [
        {
            name: cell
            for name, cell in row.items()
            if name not in {"person", "created_at"} and not name.endswith(":source")
        }
        for row in table_of(file.read_text(encoding="utf-8"))
    ]


def test_elsewhere_everyone_is_as_they_were(
    run: Run, database: Database, elsewhere: Database, asking: Path, tmp_path: Path
) -> None:
    check_a_move(run, database, elsewhere, asking, tmp_path, FEW)


@pytest.mark.long
def test_and_so_are_many_more_people(
    run: Run, database: Database, elsewhere: Database, asking: Path, tmp_path: Path
) -> None:
    check_a_move(run, database, elsewhere, asking, tmp_path, MANY)


def test_a_no_from_before_a_move_still_stands_against_an_older_yes(
    run: Run,
    database: Database,
    elsewhere: Database,
    site_file: Path,
    tmp_path: Path,
    export_of: Export,
) -> None:
    come_in(elsewhere)
    say(elsewhere, {"topic:calls": {**CALLS, "on": False}}, at=1_704_100_000)
    say(elsewhere, {"overall": OFF}, at=1_704_200_000)
    back = {"reach": "as_chosen", "until": None}
    say(elsewhere, {"overall": back, "topic:news": NEWS}, at=1_704_300_000)
    file = tmp_path / "old.csv"
    export_to(file, run, site_file, "--fields", "all", WIDGET_DATABASE_URL=url_of(elsewhere))
    assert "1 new" in run("import", site_file, file).output
    agreed = {"Email Address": ARTA, "CONFIRM_TIME": "2024-01-01 09:00:00"}
    older = run("import", site_file, export_of("subscribed", agreed), "--topic", "offers")
    assert "1 held back by a no" in older.output
    assert arta(database).times == Times(
        {"calls": 1_704_100_000, "news": 1_704_300_000}, 1_704_300_000, 1_704_200_000, 1_704_300_000
    )
