"""A mail server, the demo's site behind https, and a person who gets its offers."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from peewee import Database

from tests.support.inboxes import Inbox, listening
from tests.support.messages import DOOR
from tests.support.replies import KEY, OFFERS, RETIRED
from widget_backend.cli import main
from widget_backend.demo.run import DIMORA
from widget_backend.rules.state import difference
from widget_backend.store.ledger import ConsentContext, Wording
from widget_backend.store.profiles import Profile, create_profile, read_profile
from widget_backend.store.saves import save

SITE = DIMORA / "SITE.toml"
HOME = "http://127.0.0.1:8000"


@pytest.fixture
def inbox() -> Iterator[Inbox]:
    with listening(Inbox()) as inbox:
        yield inbox


@pytest.fixture
def site_file(tmp_path: Path) -> Path:
    """The demo's site, served by https as it would be."""
    for file in (*DIMORA.glob("*.svg"), *DIMORA.glob("pictures/*"), *DIMORA.glob("**/*.po")):
        copy = tmp_path / "site" / file.relative_to(DIMORA)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes(file.read_bytes())
    there = tmp_path / "site" / "SITE.toml"
    there.write_text(SITE.read_text().replace(HOME, DOOR))
    return there


@pytest.fixture
def person(database: Database) -> Profile:
    created = create_profile(database, "dimora", 1)
    how = ConsentContext(1, "import", Wording.of("dimora", "en", {}))
    save(database, created, difference({}, {"topic:offers": OFFERS}), how)
    return read_profile(database, "dimora", created.handle)


@pytest.fixture
def send(database_url: str) -> object:
    def send(source: bytes, **environment: str) -> Result:
        settings = {
            "WIDGET_DATABASE_URL": database_url,
            "WIDGET_SIGNING_KEYS": KEY,
            "WIDGET_RETIRED_KEYS": RETIRED,
            "WIDGET_SITES": str(DIMORA / "SITE.toml"),
        }
        return CliRunner().invoke(main, ["inbound"], input=source, env=settings | environment)

    return send
