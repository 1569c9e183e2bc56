"""A shop whose staff look after one person at a time."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from peewee import Database

from tests.support.contacts import ARTA, BEN, Bring, Run
from tests.support.one_person import HEADER, NUMBERS, PHONE, Contact, Uses
from tests.support.requests import Clock
from widget_backend.store.models_of_requests import StaffUse

NAMED = {"show", "link", "revoke", "undeliverable", "wish"}


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    for name in ("contact", "import_contacts", "revoke", "wish"):
        monkeypatch.setattr(f"widget_backend.cli.{name}.now", clock)
    return clock


@pytest.fixture
def contact(run: Run, site_file: Path, bring: Bring, clock: Clock, tmp_path: Path) -> Contact:
    """Runs `contact` for a shop in Tirana that knows Arta, with a number and a phone, and Ben."""
    text = site_file.read_text(encoding="utf-8")
    places = 'time_zone = "Europe/Tirane"\nregion = "AL"\n'
    site_file.write_text(places + text, encoding="utf-8")
    (tmp_path / "numbers.toml").write_text(NUMBERS, encoding="utf-8")
    agreed = "2024-01-01 09:00:00"
    rows = f"{ARTA},{PHONE},C-17,{agreed},\n{BEN},,,{agreed},\n"
    printed = bring(f"{HEADER}\n{rows}", "--map", str(tmp_path / "numbers.toml"))
    assert "2 new" in printed, printed

    def invoke(*words: Any, **environment: str) -> Result:
        first, *rest = words
        arguments = (first, site_file, *rest) if first in NAMED else (site_file, *words)
        return run("contact", *arguments, "--by", "Mira", **environment)

    return invoke


@pytest.fixture
def uses(database: Database) -> Uses:
    """What the staff did, and who, oldest first."""

    def read() -> list[tuple[str, str]]:
        query = StaffUse.select(StaffUse.what, StaffUse.staff).order_by(StaffUse.id)
        return list(query.tuples().execute(database))

    return read
