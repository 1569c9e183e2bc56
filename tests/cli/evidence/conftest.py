"""A shop, its file of checkpoints, and the command run on them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from tests.support.sealing import NOW, SECRET, Run
from tests.support.small_site import SITE
from widget_backend.cli import evidence as command
from widget_backend.cli import main


@pytest.fixture
def site_file(tmp_path: Path) -> Path:
    file = tmp_path / "SITE.toml"
    file.write_text(SITE, encoding="utf-8")
    return file


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "checkpoints"


@pytest.fixture
def run(database_url: str, site_file: Path, file: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setattr(command, "now", lambda: NOW)
    monkeypatch.setattr(command, "sleep", lambda seconds: None)
    settings = {
        "WIDGET_DATABASE_URL": database_url,
        "WIDGET_EVIDENCE_KEY": SECRET,
        "WIDGET_CHECKPOINTS": str(file),
    }

    def run(name: str, *options: Any, **changed: str) -> Result:
        arguments = ["evidence", name, str(site_file), *map(str, options)]
        return CliRunner().invoke(main, arguments, env={**settings, **changed})

    return run
