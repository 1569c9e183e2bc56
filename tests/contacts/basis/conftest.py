"""A till’s list, imported by a map that says what its words mean."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.support.basis import HEAD, MAP, NOW
from tests.support.contacts import Run
from widget_backend.cli import audience, import_contacts


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is the end of November 2026."""
    for module in (import_contacts, audience):
        monkeypatch.setattr(module, "now", lambda: NOW)


@pytest.fixture
def bring_rows(run: Run, site_file: Path, tmp_path: Path) -> Any:
    """Import rows of the map's columns, everyone to the offers; returns the report."""
    columns = tmp_path / "columns.toml"
    columns.write_text(MAP, encoding="utf-8")

    def bring(rows: str, *options: str) -> dict[str, Any]:
        file = tmp_path / "till.csv"
        file.write_text(f"{HEAD}{rows}\n", encoding="utf-8")
        usual = ("--columns", columns, "--topic", "offers", "--json")
        result = run("import", site_file, file, *usual, *options)
        assert result.exit_code == 0, result.output
        report: dict[str, Any] = json.loads(result.stdout)
        return report

    return bring
