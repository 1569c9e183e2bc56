"""`restore`: the same rows again, without whoever was deleted since."""

from __future__ import annotations

from pathlib import Path

import pytest
from peewee import Database

from tests.support.backups import ALONE, Restore, Run, contents_of, rewritten
from tests.support.houses import on_postgresql
from tests.support.people import AT, erase_people, person_of
from widget_backend.store import models
from widget_backend.store.database import open_database
from widget_backend.store.models import Identity
from widget_backend.store.suppression_file import SuppressionFile


def test_an_empty_database_gets_every_row_of_the_backup(
    run: Run, restore: Restore, full: Database, database_url: str, new_url: str, file: Path
) -> None:
    run("backup", file)
    result = restore(ALONE)
    assert result.exit_code == 0, result.stderr
    assert "restored 52 people and 52 records of inn, shop" in result.stdout
    assert contents_of(new_url) == contents_of(database_url)
    assert run("backup", f"{file}.again", WIDGET_DATABASE_URL=new_url).exit_code == 0


def test_the_same_backup_is_not_restored_over_it(
    restore: Restore, backup: Path, new_url: str
) -> None:
    restore(ALONE)
    before = contents_of(new_url)
    result = restore(ALONE)
    assert (result.exit_code, contents_of(new_url)) == (1, before)
    assert "not empty" in result.stderr
    assert result.stderr.count("\n") == 1


# ── who was deleted since ───────────────────────────────────────────────────────────────────


def test_without_knowing_who_was_deleted_nothing_is_restored(
    restore: Restore, backup: Path
) -> None:
    result = restore()
    assert result.exit_code == 1
    assert result.stderr.startswith("WIDGET_SUPPRESSIONS: is not set, so nothing says who was")
    assert "--without-suppressions" in result.stderr


@pytest.mark.parametrize("source", ["file", "replaced", "both"])
def test_whoever_was_deleted_since_is_deleted_again(
    run: Run,
    restore: Restore,
    database: Database,
    database_url: str,
    new_url: str,
    file: Path,
    source: str,
    kept: SuppressionFile,
) -> None:
    arta, blerim = person_of(database, "shop"), person_of(database, "shop", "blerim@example.com")
    without_email = person_of(database, "inn", "1@example.com")
    Identity.delete().where(Identity.profile == without_email.id).execute(database)
    run("backup", file)
    kept.add(erase_people(database, arta, without_email))
    options = [] if source == "file" else ["--replaced", database_url]
    settings = {} if source == "replaced" else {"WIDGET_SUPPRESSIONS": str(kept.path)}
    result = restore(*options, **settings)
    assert result.exit_code == 0, result.stderr
    assert "deleted again: 2." in result.stdout
    before, after = contents_of(database_url), contents_of(new_url)
    assert [row[2] for row in after["profile"]] == [blerim.handle]
    for table in ("identity", "ledgervalue", "preference"):
        assert after[table] == before[table]
    assert [row[:3] for row in after["suppression"]] == [row[:3] for row in before["suppression"]]


def test_who_signed_up_again_after_they_were_deleted_stays(
    run: Run, restore: Restore, database: Database, new_url: str, file: Path, kept: SuppressionFile
) -> None:
    kept.add(erase_people(database, person_of(database, "shop")))
    again = person_of(database, "shop")
    database.execute_sql("DELETE FROM suppression")
    run("backup", file)
    past = rewritten(file, file.with_name("later.zip"), taken_at="2030-01-01T00:00:00+00:00")
    restore(backup=past, WIDGET_SUPPRESSIONS=str(kept.path))
    after = contents_of(new_url)
    assert [row[2] for row in after["profile"]] == [again.handle]
    assert after["suppression"] == []


def test_a_sign_up_that_an_erased_person_has_left_before_goes_with_them(
    run: Run, restore: Restore, database: Database, database_url: str, new_url: str, file: Path
) -> None:
    """A database that is replaced names only the one whom they had confirmed later."""
    person_of(database, "shop", pending=True)
    other = person_of(database, "shop", "blerim@example.com", pending=True)
    run("backup", file)
    erase_people(database, person_of(database, "shop"))
    result = restore("--replaced", database_url)
    assert "deleted again: 1." in result.stdout
    assert [row[2] for row in contents_of(new_url)["profile"]] == [other.handle]


def test_a_sign_up_after_they_were_deleted_stays(
    run: Run, restore: Restore, database: Database, database_url: str, new_url: str, file: Path
) -> None:
    erase_people(database, person_of(database, "shop"))
    again = person_of(database, "shop", pending=True)
    models.Profile.update(created_at=AT + 1).execute(database)
    run("backup", file)
    earlier = rewritten(file, file.with_name("e.zip"), taken_at="2020-01-01T00:00:00+00:00")
    restore("--replaced", database_url, backup=earlier)
    assert [row[2] for row in contents_of(new_url)["profile"]] == [again.handle]


@pytest.mark.parametrize("text", ["no JSON\n", '{"at":1}\n', '{"at":1,"hashes":[],"peop', "\xff\n"])
def test_a_file_of_suppressions_that_is_damaged_is_refused(
    run: Run, restore: Restore, database: Database, file: Path, tmp_path: Path, text: str
) -> None:
    run("backup", file)
    kept = tmp_path / "suppressions"
    kept.write_text(text, encoding="latin-1")
    result = restore(WIDGET_SUPPRESSIONS=str(kept))
    assert result.stderr.startswith(f"{kept}: line 1 is not whole. ")


def test_without_its_file_of_suppressions_it_is_told_what_still_names_who_was_deleted(
    run: Run, restore: Restore, database: Database, database_url: str, new_url: str, file: Path
) -> None:
    arta, blerim = person_of(database, "shop"), person_of(database, "shop", "blerim@example.com")
    run("backup", file)
    erase_people(database, arta)
    lost = {"WIDGET_SUPPRESSIONS": f"{file}.lost"}
    for options in ((), ("--replaced", database_url)):
        result = restore(*options, **lost)
        assert result.exit_code == 1
        assert result.stderr == (
            f"{file}.lost: there is no such file. correct its name; or, if it is lost, leave "
            "WIDGET_SUPPRESSIONS out, and the database that --replace replaces, or --replaced "
            "names, says who was deleted; or let them come back with --without-suppressions.\n"
        )
    assert "deleted again: 1." in restore("--replaced", database_url).stdout
    assert [row[2] for row in contents_of(new_url)["profile"]] == [blerim.handle]


def test_who_comes_back_because_the_file_of_suppressions_is_lost_is_said(
    run: Run, restore: Restore, database: Database, new_url: str, file: Path
) -> None:
    arta = person_of(database, "shop")
    run("backup", file)
    erase_people(database, arta)
    result = restore(ALONE, WIDGET_SUPPRESSIONS=f"{file}.lost")
    assert result.exit_code == 0, result.stderr
    assert (
        "Deleted since then, and deleted again: 0. Whoever else was deleted since then is back: "
        "delete by hand who asked for it.\n"
    ) in result.stdout
    assert [row[2] for row in contents_of(new_url)["profile"]] == [arta.handle]


@pytest.fixture
def cut(database: Database, kept: SuppressionFile, file: Path, run: Run) -> SuppressionFile:
    """Two people were deleted before a backup and one after it; only the first is in the file."""
    people = [person_of(database, "shop", f"{number}@example.com") for number in range(3)]
    kept.add(erase_people(database, *people[:2]))
    run("backup", file)
    kept.add(erase_people(database, people[2]))
    kept.path.write_text(kept.path.read_text().partition("\n")[0] + "\n")
    return kept


def test_a_file_of_suppressions_that_was_cut_between_two_lines_is_refused(
    restore: Restore, cut: SuppressionFile, file: Path
) -> None:
    settings = {"WIDGET_SUPPRESSIONS": str(cut.path)}
    result = restore(**settings)
    assert result.exit_code == 1
    assert result.stderr.startswith(
        f"{file}: knows deletions of people that nothing here names (1)"
    )
    assert result.stderr.count("\n") == 1
    assert restore(ALONE, **settings).exit_code == 0, "it is still empty"


def test_the_replaced_database_names_whom_a_cut_file_lacks(
    restore: Restore, cut: SuppressionFile, database_url: str, new_url: str
) -> None:
    settings = {"WIDGET_SUPPRESSIONS": str(cut.path)}
    result = restore("--replaced", database_url, **settings)
    assert result.exit_code == 0, result.stderr
    assert "deleted again: 1." in result.stdout
    assert contents_of(new_url)["profile"] == []


# ── PostgreSQL ──────────────────────────────────────────────────────────────────────────────


@on_postgresql
def test_a_database_that_somebody_uses_is_not_filled(
    restore: Restore, backup: Path, new_url: str
) -> None:
    other = open_database(new_url)
    with other.connection_context():
        other.execute_sql("SELECT 1")
        result = restore(ALONE)
    assert result.stderr.startswith("WIDGET_DATABASE_URL: somebody else is connected to it. stop")


@on_postgresql
def test_nothing_is_replaced_on_postgresql(restore: Restore, backup: Path) -> None:
    result = restore(ALONE, "--replace")
    assert "name a new one, which createdb makes, and this one with --replaced" in result.stderr
