"""How long a value of a field counts: until its lifespan is over, and while it is declared."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from peewee import Database

from tests.support.contacts import ARTA, BEN, Bring, Run
from tests.support.exports import Told, cursor_in
from tests.support.fields import stored, values
from widget_backend.site.load import load_site
from widget_backend.store.models_of_nobody import Run as StoredRun
from widget_backend.store.retention import tidy_fields

DAY = 86_400


@pytest.fixture
def a_year_later(database: Database) -> Callable[[], None]:
    """Everything came in a year before."""

    def age() -> None:
        earlier = {StoredRun.started_at: StoredRun.started_at - 365 * DAY}
        StoredRun.update(earlier).execute(database)

    return age


def test_a_value_that_outlived_its_field_is_not_told_and_deleted(
    bring: Bring,
    run: Run,
    database: Database,
    site_file: Path,
    fields_of: Callable[[], Any],
    told: Told,
    a_year_later: Callable[[], None],
) -> None:
    bring(f"{ARTA},Tirana,1")
    cursor = cursor_in(run("export", site_file, "--cursor", "start").stderr)
    site, now = load_site(site_file).site, int(datetime.now(UTC).timestamp())
    assert not tidy_fields([site], database, now)
    assert len(stored(database)) == 2
    a_year_later()
    assert values(fields_of()[ARTA]) == {"city": "Tirana"}
    assert not tidy_fields([site], database, now)
    assert stored(database) == [("city", "Tirana")]
    assert len(told(cursor)) == 1
    assert not tidy_fields([site], database, now)


def test_what_is_brought_again_after_its_end_is_news(
    bring: Bring, fields_of: Callable[[], Any], a_year_later: Callable[[], None]
) -> None:
    bring(f"{ARTA},Tirana,1")
    a_year_later()
    assert "1 changed" in bring(f"{ARTA},Tirana,1")
    assert values(fields_of()[ARTA]) == {"city": "Tirana", "spent": 1}


def test_many_values_end_in_steps(
    bring: Bring, database: Database, site_file: Path, a_year_later: Callable[[], None]
) -> None:
    bring(*(f"a{at}@example.com,,1" for at in range(101)))
    a_year_later()
    site, now = load_site(site_file).site, int(datetime.now(UTC).timestamp())
    assert tidy_fields([site], database, now)
    assert len(stored(database)) == 1
    assert not tidy_fields([site], database, now)
    assert stored(database) == []


def test_a_field_that_is_no_longer_declared_is_told_at_an_export_of_everything(
    bring: Bring, run: Run, site_file: Path
) -> None:
    bring(f"{ARTA},Tirana,1", f"{BEN},,1")
    text = site_file.read_text(encoding="utf-8")
    site_file.write_text(text.replace('id = "spent"', 'id = "bought"'), encoding="utf-8")
    complaint = "no longer declares the field “spent”, held by 2. It has no column"
    assert complaint in run("export", site_file, "--fields", "all").stderr
