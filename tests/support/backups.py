"""Backups of tests: how they are run, and looked into."""

from __future__ import annotations

import json
import os
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result

from tests.support.postgres_servers import programs_of
from widget_backend.cli import main

KEY, OTHER_KEY = (
    "a key of the tests that is long enough",
    "another key of the tests that is long enough",
)
"""The first is that of `people.HASHES`."""

Run = Callable[..., Result]
"""Runs a command with the settings of the test; named arguments are other settings."""


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


def with_other_bytes(file: Path, to: Path, changes: Mapping[int, int]) -> Path:
    """The same file with other bytes at these places."""
    content = bytearray(file.read_bytes())
    for place, byte in changes.items():
        content[place] ^= byte
    to.write_bytes(content)
    return to
