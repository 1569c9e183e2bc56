"""Backups of tests: how they are run, and looked into."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result
from playhouse.pool import PooledPostgresqlDatabase

from tests.support.postgres_servers import programs_of
from widget_backend.cli import main
from widget_backend.store.database import HISTORY, open_database

KEY, OTHER_KEY = (
    "a key of the tests that is long enough",
    "another key of the tests that is long enough",
)
"""The first is that of `people.HASHES`."""

ALONE = "--without-suppressions"

Run = Callable[..., Result]
"""Runs a command with the settings of the test; named arguments are other settings."""


Restore = Callable[..., Result]
"""Restores the backup of the test, or `backup`, into the new database, with these options and
settings."""


def runner(database_url: str) -> Run:
    settings = {
        "WIDGET_DATABASE_URL": database_url,
        "WIDGET_SIGNING_KEYS": KEY,
        "PATH": path_with_programs(database_url),
    }

    def run(*arguments: Any, **changed: str) -> Result:
        return CliRunner().invoke(main, [*map(str, arguments)], env={**settings, **changed})

    return run


def path_with_programs(database_url: str) -> str:
    """PATH, with PostgreSQL's own programs first where the server is one."""
    if database_url.startswith("sqlite"):
        return os.environ["PATH"]
    import psycopg

    with psycopg.connect(database_url) as connection:
        version = connection.info.server_version // 10_000
    return f"{programs_of(version)}{os.pathsep}{os.environ['PATH']}"


def manifest_of(file: Path) -> dict[str, Any]:
    with zipfile.ZipFile(file) as archive:
        known: dict[str, Any] = json.loads(archive.read("manifest.json"))
    return known


def rewritten(file: Path, to: Path, **changed: Any) -> Path:
    """The same backup with other words in its manifest."""
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(to, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "manifest.json":
                content = json.dumps({**json.loads(content), **changed}).encode()
            new.writestr(name, content)
    return to


def contents_of(url: str) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table, in order."""
    database = open_database(url)
    with database.connection_context():
        tables = [each for each in database.get_tables() if each != HISTORY]
        rows = {each: database.execute_sql(f'SELECT * FROM "{each}"').fetchall() for each in tables}
    if isinstance(database, PooledPostgresqlDatabase):
        database.close_all()
    return {table: sorted(map(tuple, those), key=repr) for table, those in rows.items()}


def break_file(file: Path) -> None:
    """As a failing disk does: its first pages are garbage, the header among them."""
    with file.open("r+b") as content:
        content.write(b"\xa5" * 8192)


def run_without_room(*words: str | Path, url: str) -> subprocess.CompletedProcess[str]:
    """A command whose process may write no file of more than 100 KB, as on a full disk: who runs
    tests may mount none."""

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))

    return subprocess.run(
        [sys.executable, "-c", "from widget_backend.cli import main; main()", *words],
        env={
            "WIDGET_DATABASE_URL": url,
            "WIDGET_SIGNING_KEYS": KEY,
            "PYTHONPATH": ":".join(sys.path),
        },
        preexec_fn=limit,
        capture_output=True,
        text=True,
        check=False,
    )
