"""`restore --going-back`: this version is used again after a newer one has changed the database."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from peewee import Database
from playhouse.pool import PooledPostgresqlDatabase

from tests.support.backups import ALONE, Restore, Run, contents_of
from tests.support.houses import on_sqlite
from tests.support.people import erase_people, person_of
from widget_backend.store.database import open_database
from widget_backend.store.suppression_file import SuppressionFile

GOING_BACK = "--going-back"


@contextmanager
def connected(url: str) -> Iterator[Database]:
    """Nobody is connected any more afterwards."""
    database = open_database(url)
    with database.connection_context():
        yield database
    if isinstance(database, PooledPostgresqlDatabase):
        database.close_all()


def change(url: str, *statements: str) -> None:
    """As a newer version has done."""
    with connected(url) as database:
        for each in statements:
            database.execute_sql(each)


def make_newer(url: str, *statements: str) -> None:
    """As a later version leaves it: with a table of a migration that this one does not have."""
    applied = "INSERT INTO schema_migration (name, applied) VALUES ('9999_flying', '2030-01-01')"
    change(url, "CREATE TABLE flying (id INTEGER)", applied, *statements)


@on_sqlite
def test_a_file_of_a_newer_version_is_replaced_only_when_that_is_meant(
    restore: Restore, backup: Path, new_url: str
) -> None:
    restore(ALONE)
    make_newer(new_url)
    before = contents_of(new_url)
    for options in ((), (ALONE,)):
        refused = restore("--replace", *options)
        assert refused.exit_code == 1
        assert refused.stderr == (
            "WIDGET_DATABASE_URL: a newer version of this software has changed its tables "
            "(9999_flying). restore with that version, or say --going-back if this one is to be "
            "used again.\n"
        )
    assert contents_of(new_url) == before
    going_back = ("--replace", GOING_BACK, ALONE)
    result = restore(*going_back)
    assert result.exit_code == 0, result.stderr
    assert "only that version can read it" in result.stderr
    assert contents_of(new_url) == {name: before[name] for name in before if name != "flying"}


@on_sqlite
def test_who_was_deleted_in_a_newer_file_must_be_known_from_elsewhere(
    restore: Restore, backup: Path, new_url: str, kept: SuppressionFile
) -> None:
    restore(ALONE)
    make_newer(new_url)
    going_back = ("--replace", GOING_BACK)
    refused = restore(*going_back)
    assert refused.exit_code == 1
    assert refused.stderr.startswith(
        "WIDGET_SUPPRESSIONS: is not set, and this version may not read everybody who was deleted "
        "in the newer database. "
    )
    kept.add([])
    assert restore(*going_back, WIDGET_SUPPRESSIONS=str(kept.path)).exit_code == 0


# ── who was deleted in the newer database ───────────────────────────────────────────────────


@pytest.fixture
def known(
    run: Run, tables: None, database_url: str, file: Path, kept: SuppressionFile
) -> dict[str, str]:
    """After a backup two people were deleted and a sign-up, then a newer version changed the
    database. The setting is of a file that names only the first."""
    with connected(database_url) as database:
        people = [person_of(database, "shop", f"{number}@example.com") for number in range(2)]
        waits = person_of(database, "shop", "2@example.com", pending=True)
        run("backup", file)
        kept.add(erase_people(database, people[0]))
        erase_people(database, people[1], waits)
    make_newer(database_url)
    return {"WIDGET_SUPPRESSIONS": str(kept.path)}


@on_sqlite
def test_whom_only_the_newer_file_names_is_deleted_again(
    restore: Restore, known: dict[str, str], database_url: str
) -> None:
    result = restore("--replace", GOING_BACK, WIDGET_DATABASE_URL=database_url, **known)
    assert result.exit_code == 0, result.stderr
    assert "deleted again: 3." in result.stdout
    assert "warning" not in result.stderr
    assert contents_of(database_url)["profile"] == []


def test_whom_only_the_replaced_database_of_a_newer_version_names_is_deleted_again(
    restore: Restore, known: dict[str, str], database_url: str, new_url: str
) -> None:
    result = restore("--replaced", database_url, GOING_BACK, **known)
    assert result.exit_code == 0, result.stderr
    assert "deleted again: 3." in result.stdout
    assert "warning" not in result.stderr
    assert contents_of(new_url)["profile"] == []


def test_a_replaced_database_of_a_newer_version_is_read_only_when_going_back_is_meant(
    restore: Restore, known: dict[str, str], database_url: str
) -> None:
    refused = restore("--replaced", database_url, **known)
    assert refused.stderr == (
        "--replaced: a newer version of this software has changed its tables (9999_flying). "
        "restore with that version, or say --going-back if this one is to be used again.\n"
    )
    alone = restore("--replaced", database_url, GOING_BACK)
    assert alone.exit_code == 1
    assert alone.stderr.startswith("WIDGET_SUPPRESSIONS: is not set, and this version may not read")


WARNING = (
    "warning: this version cannot read everybody who was deleted in the newer database. lines in "
    "WIDGET_SUPPRESSIONS: {lines}. if others were deleted, let the newer version run once on that "
    "database, which adds them, and restore again.\n"
)


@pytest.mark.parametrize(
    "statement",
    [
        pytest.param("suppression RENAME COLUMN digest TO hash", id="addresses"),
        pytest.param("otherchange RENAME COLUMN profile_key TO person", id="people"),
    ],
)
def test_what_cannot_be_read_there_is_told_with_what_the_file_of_suppressions_holds(
    restore: Restore, known: dict[str, str], database_url: str, statement: str
) -> None:
    """Whom the other tables name is deleted all the same."""
    change(database_url, f"ALTER TABLE {statement}")
    result = restore("--replaced", database_url, GOING_BACK, **known)
    assert result.exit_code == 0, result.stderr
    assert "deleted again: 2." in result.stdout
    assert result.stderr.startswith(WARNING.format(lines="1, the newest of 2027-01-15"))


def test_a_door_that_only_the_newer_version_knows_is_no_obstacle(
    restore: Restore, known: dict[str, str], database_url: str, new_url: str
) -> None:
    change(
        database_url,
        "INSERT INTO ledger (site, profile_key, revision, at, door, wording, "
        "language, digest) SELECT site, profile_key, revision + 9, at, 'drone', wording, language, "
        "digest FROM ledger WHERE door = 'hosted'",
    )
    result = restore("--replaced", database_url, GOING_BACK, **known)
    assert "deleted again: 3." in result.stdout
    assert "drone" not in str(contents_of(new_url))


def test_who_lets_deleted_people_come_back_is_not_warned(
    restore: Restore, known: dict[str, str], database_url: str
) -> None:
    change(database_url, "ALTER TABLE ledger RENAME TO record")
    result = restore("--replaced", database_url, GOING_BACK, ALONE)
    assert result.exit_code == 0, result.stderr
    assert "warning" not in result.stderr


@on_sqlite
def test_an_empty_file_of_suppressions_beside_a_newer_file_that_cannot_be_read_is_told(
    restore: Restore, backup: Path, new_url: str, kept: SuppressionFile
) -> None:
    restore(ALONE)
    make_newer(new_url, "ALTER TABLE suppression RENAME TO gone")
    kept.add([])
    result = restore("--replace", GOING_BACK, WIDGET_SUPPRESSIONS=str(kept.path))
    assert result.exit_code == 0, result.stderr
    assert result.stderr.startswith(WARNING.format(lines="0"))
