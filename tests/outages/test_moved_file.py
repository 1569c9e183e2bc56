"""An SQLite file that was moved under the server: nothing is acknowledged into it."""

from __future__ import annotations

import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.support.houses import FORM, House, on_sqlite
from widget_backend.errors import DatabaseUnavailable
from widget_backend.store import sqlite
from widget_backend.store.database import open_database
from widget_backend.store.profiles import create_profile

ADDRESS_CHANGES = {
    "moved": lambda file: file.rename(file.with_suffix(".old")),
    "deleted": lambda file: file.unlink(),
    "replaced by a copy": lambda file: _replace(file),
    "without its newest saves": lambda file: file.with_name(f"{file.name}-wal").unlink(),
    "without its memory": lambda file: file.with_name(f"{file.name}-shm").unlink(),
}


def _replace(file: Path) -> None:
    """As a backup is put back, or `mv` does."""
    copied = file.with_suffix(".new")
    shutil.copy(file, copied)
    copied.replace(file)


@on_sqlite
@pytest.mark.parametrize("how", ADDRESS_CHANGES)
def test_nothing_is_acknowledged_or_shown_of_a_file_that_its_path_does_not_name(
    house: House, tmp_path: Path, how: str, caplog: pytest.LogCaptureFixture
) -> None:
    client = house.client()
    assert client.get(house.path()).status_code == 200
    file = tmp_path / "widget.db"
    ADDRESS_CHANGES[how](file)
    for answer in (client.post(house.path(), data=FORM), client.get(house.path())):
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "60")
    lines = [each.getMessage() for each in caplog.records if each.name == sqlite.log.name]
    what = f"{file} was moved, replaced or deleted while it was open"
    cure = "Put it back, or restart the server."
    assert lines == [f"{what}: nothing is saved or shown. {cure}"]


@on_sqlite
def test_a_thread_that_comes_later_takes_no_other_file_for_the_one_that_was_opened(
    house: House, tmp_path: Path
) -> None:
    _replace(tmp_path / "widget.db")
    with ThreadPoolExecutor(1) as other, pytest.raises(DatabaseUnavailable) as caught:
        other.submit(house.database.execute_sql, "SELECT 1").result()
    assert caught.value.kind == "moved"


@on_sqlite
def test_a_file_that_is_back_is_used_again(house: House, tmp_path: Path) -> None:
    file, away = tmp_path / "widget.db", tmp_path / "away.db"
    client = house.client()
    file.rename(away)
    assert client.post(house.path(), data=FORM).status_code == 503
    away.rename(file)
    assert client.post(house.path(), data=FORM).status_code == 303


@on_sqlite
def test_a_link_that_leads_to_the_file_is_followed_and_missed_when_it_leads_elsewhere(
    house: House, tmp_path: Path
) -> None:
    link, elsewhere = tmp_path / "link.db", tmp_path / "elsewhere.db"
    link.symlink_to(tmp_path / "widget.db")
    shutil.copy(tmp_path / "widget.db", elsewhere)
    database = open_database(f"sqlite:///{link}")
    with database.connection_context():
        assert database.get_tables()
        link.unlink()
        link.symlink_to(elsewhere)
        with pytest.raises(DatabaseUnavailable):
            create_profile(database, "dimora", 1)
