"""A shop in Tirana that people call and write to."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from tests.support.contacts import ARTA, BEN, Run
from tests.support.fields import declare_fields
from tests.support.requests import Clock, Due
from widget_backend.cli import due as command

MAP = """
[topics]
"Offers" = "offers"
[fields]
"Country" = "country"
"""
HEADER = "Email Address,Status,OPTIN_TIME,TAGS,Country"


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(command, "now", clock)
    return clock


@pytest.fixture
def due(run: Run, site_file: Path, tmp_path: Path, clock: Clock) -> Due:
    """Runs `due` for a shop in Tirana that knows Arta, in Italy, and Ben, who is somewhere."""
    text = site_file.read_text(encoding="utf-8")
    places = 'time_zone = "Europe/Tirane"\ncountries = ["AL", "IT", "US"]\n'
    site_file.write_text(places + text, encoding="utf-8")
    declare_fields(site_file)
    file, tags = tmp_path / "list.csv", tmp_path / "tags.toml"
    agreed = "subscribed,2024-01-01 09:00:00,Offers"
    file.write_text(f"{HEADER}\n{ARTA},{agreed},IT\n{BEN},{agreed},\n", encoding="utf-8")
    tags.write_text(MAP, encoding="utf-8")
    assert run("import", site_file, file, "--map", tags).exit_code == 0

    def invoke(*words: Any, **environment: str) -> Result:
        first, *rest = words or ("list",)
        is_named = first in {"add", "done", "list"}
        arguments = (first, site_file, *rest) if is_named else (site_file, *words)
        return run("due", *arguments, **environment)

    return invoke
