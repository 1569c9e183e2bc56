"""PostgreSQL's own programs: what went wrong in them is told with the cure that fits."""

from __future__ import annotations

from pathlib import Path

import pytest
from peewee import Database, PostgresqlDatabase

from tests.support.houses import on_postgresql
from widget_backend.errors import DatabaseUnavailable
from widget_backend.store.postgres_tools import run_program

FAULTS = {
    "full": [
        'could not extend file "base/1/2": No space left on device',
        'could not extend file "base/1/2": wrote only 4096 of 8192 bytes at block 0',
    ],
    "silent": ["could not execute query: server closed the connection unexpectedly"],
    "refused": ["could not execute query: ERROR:  permission denied for schema public"],
}
"""As PostgreSQL 15 said them on disks that were too small for what was restored, and to a guest."""


@on_postgresql
@pytest.mark.parametrize(
    ("kind", "text"), [(kind, text) for kind, texts in FAULTS.items() for text in texts]
)
def test_a_full_disk_and_a_server_that_stopped_are_told_from_what_is_refused(
    database: Database, tmp_path: Path, kind: str, text: str
) -> None:
    assert isinstance(database, PostgresqlDatabase)
    program = tmp_path / "pg_restore"
    program.write_text(f"#!/bin/sh\necho 'pg_restore: error: {text}' >&2\nexit 1\n")
    program.chmod(0o700)
    with pytest.raises(DatabaseUnavailable) as caught:
        run_program(database, program)
    assert (caught.value.kind, caught.value.text) == (kind, f"pg_restore: {text}")
