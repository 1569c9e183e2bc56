"""The drill: a backup beside traffic, a broken database, and everything that was in the backup."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from itertools import islice
from pathlib import Path

import pytest
from peewee import Database

from tests.support.backups import Run, break_file, contents_of
from tests.support.people import erase_people, person_of
from widget_backend.store.database import open_database
from widget_backend.store.ledger import records
from widget_backend.store.profiles import Profile, read_profile
from widget_backend.store.suppression_file import SuppressionFile

ENOUGH = 100
"""Acknowledged saves before the backup, and as many after it."""


def traffic(url: str, people: list[Profile], work: Callable[[], object]) -> dict[str, int]:
    """What was acknowledged, by handle, when the work began, between saves without end."""
    command = [sys.executable, "-m", "tests.support.saver", url, ",".join(p.handle for p in people)]
    saver = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert saver.stdout
    before = dict(line.split() for line in islice(saver.stdout, ENOUGH))
    work()
    assert len([*islice(saver.stdout, ENOUGH)]) == ENOUGH, "it goes on"
    saver.kill()
    saver.wait()
    saver.stdout.close()
    return {handle: int(revision) for handle, revision in before.items()}


@pytest.mark.parametrize("attempt", range(3))
def test_after_a_backup_beside_traffic_and_a_broken_database_everything_is_there_again(
    run: Run,
    tables: None,
    database_url: str,
    new_url: str,
    file: Path,
    settle: Callable[[Database], None],
    kept: SuppressionFile,
    attempt: int,
) -> None:
    database = open_database(database_url)
    with database.connection_context():
        people = [person_of(database, "shop", f"{number}@example.com") for number in range(4)]
        before = traffic(database_url, people, lambda: run("backup", file))
        settle(database)
        gone = read_profile(database, "shop", people.pop().handle)
        kept.add(erase_people(database, gone))
    before_it_broke = contents_of(database_url)["ledger"]
    url, options = (database_url, ["--replace"])
    if database_url.startswith("sqlite"):
        break_file(Path(database_url.removeprefix("sqlite:///")))
    else:
        url, options = (new_url, [])
    settings = {"WIDGET_DATABASE_URL": url, "WIDGET_SUPPRESSIONS": str(kept.path)}
    result = run("restore", file, *options, **settings)
    assert result.exit_code == 0, result.stderr
    assert "deleted again: 1." in result.stdout
    restored = open_database(url)
    with restored.connection_context():
        for each in people:
            _require_of_one_moment(restored, each.handle, before.get(each.handle, 0))
    (deleted,) = {*contents_of(url)["ledger"]} - {*before_it_broke}
    assert deleted[1:3] == ("shop", gone.ledger_key), "no other record is new, or another"
    assert gone.handle not in str(contents_of(url))


def _require_of_one_moment(database: Database, handle: str, acknowledged: int) -> None:
    """All that was acknowledged before; state and ledger at the same save."""
    person = read_profile(database, "shop", handle)
    assert person.revision >= acknowledged
    kept = records(database, person.ledger_key)
    assert [each.revision for each in kept] == [*range(1, person.revision + 1)]
    if person.revision == 0:
        return  # their turn had not come when the backup was made
    frequency = person.state["topic:offers"]["frequency"]
    assert frequency == ("monthly" if person.revision % 2 else "weekly")
