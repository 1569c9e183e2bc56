"""A full disk: nothing that was acknowledged is lost, and saving goes on when there is room."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from peewee import Database

from tests.support.houses import FORM, SIGNER, SITE, House, on_sqlite
from widget_backend.app import create_app
from widget_backend.errors import DatabaseUnavailable
from widget_backend.rules.state import difference
from widget_backend.store.database import migrate, open_database
from widget_backend.store.ledger import ConsentContext, Wording
from widget_backend.store.models import ConsentRecord
from widget_backend.store.profiles import create_profile, read_profile
from widget_backend.store.saves import save


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of two megabytes, where this user may mount one."""
    folder = tmp_path / "disk"
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(folder)]
    if not shutil.which("mount") or subprocess.run(command, capture_output=True).returncode:
        pytest.skip("this user may mount no disk")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def test_a_full_disk_loses_nothing_and_saves_again_when_there_is_room(
    small_disk: Path, caplog: pytest.LogCaptureFixture
) -> None:
    database = open_database(f"sqlite:///{small_disk}/widget.db")
    _fills_up(database, lambda: _fill(small_disk / "filler"), (small_disk / "filler").unlink)
    assert "the database does not work: database or disk is full" in caplog.messages


@on_sqlite
def test_a_database_that_may_not_grow_loses_nothing_either(house: House) -> None:
    database = house.database

    def stop_growing() -> None:
        ((pages,),) = database.execute_sql("PRAGMA page_count").fetchall()
        database.execute_sql(f"PRAGMA max_page_count = {pages}")

    _fills_up(
        database, stop_growing, lambda: database.execute_sql("PRAGMA max_page_count = 1000000000")
    )


def _fill(file: Path) -> None:
    with suppress(OSError), file.open("wb", buffering=0) as filler:
        while True:
            filler.write(b"x" * 512)


def _fills_up(
    database: Database, fill: Callable[[], object], make_room: Callable[[], object]
) -> None:
    """Saves until there is no room, and then once more when there is."""
    migrate(database)
    app = create_app([SITE], database, SIGNER)
    with database.connection_context():
        house = House(app, database, create_profile(database, "dimora", 1))
        fill()
        saved = _save_until_full(house)
        refused = app.test_client().post(house.path(), data=FORM)
        assert (refused.status_code, refused.headers["Retry-After"]) == (503, "60")
        assert app.test_client().get(house.path()).status_code == 200
        assert ConsentRecord.select().count(database) == saved
        make_room()
        assert app.test_client().post(house.path(), data=FORM).status_code == 303
        assert ConsentRecord.select().count(database) == saved + 1
        assert database.execute_sql("PRAGMA integrity_check").fetchone() == ("ok",)


def _save_until_full(house: House) -> int:
    """How many saves were acknowledged before there was no room for another."""
    how = ConsentContext(2, "hosted", Wording.of("dimora", "en", {}))
    for count in range(5000):
        person = read_profile(house.database, "dimora", house.person.handle)
        wanted = {"language": "sq" if count % 2 else "en"}
        try:
            save(house.database, person, difference(person.state, wanted), how)
        except DatabaseUnavailable as full:
            kind = full.kind
            break
    assert kind == "full"
    return count
