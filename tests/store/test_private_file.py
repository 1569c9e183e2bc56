"""A new database belongs to whoever made it, and nobody else may read it."""

from __future__ import annotations

import stat
from pathlib import Path

from widget_backend.store.database import migrate, open_database


def test_only_its_user_may_read_a_new_file(tmp_path: Path) -> None:
    file = tmp_path / "widget.db"
    database = open_database(f"sqlite:///{file}")
    migrate(database)
    with database.connection_context():
        for each in tmp_path.iterdir():
            assert stat.S_IMODE(each.stat().st_mode) == 0o600, each.name


def test_a_file_that_was_there_keeps_its_mode(tmp_path: Path) -> None:
    file = tmp_path / "widget.db"
    file.touch(0o640)
    file.chmod(0o640)
    migrate(open_database(f"sqlite:///{file}"))
    assert stat.S_IMODE(file.stat().st_mode) == 0o640
