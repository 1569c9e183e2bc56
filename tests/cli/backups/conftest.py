"""The commands on a database of either kind."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.backups import Run, runner


@pytest.fixture
def run(database_url: str) -> Run:
    return runner(database_url)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "monday.zip"
