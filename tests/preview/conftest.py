"""A preview of a small site in its own folder, with nobody listening."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from tests.support.previews import FORM, WEBSITE
from tests.support.small_site import SITE
from tests.support.worlds import Clock
from widget_backend.preview.run import Preview, prepare


@pytest.fixture
def site_file(tmp_path: Path) -> Path:
    """In English and Albanian; in its folder are a logo and a catalog."""
    folder = tmp_path / "mysite"
    catalog = folder / "translations" / "sq" / "LC_MESSAGES" / "site.po"
    catalog.parent.mkdir(parents=True)
    catalog.write_text('msgid ""\nmsgstr ""\n')
    picture = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"/>'
    (folder / "logo.svg").write_text(picture)
    text = SITE.replace('["en"]', '["en", "sq"]').replace("[theme]", '[theme]\nlogo = "logo.svg"')
    file = folder / "SITE.toml"
    file.write_text(text, encoding="utf-8")
    return file


@pytest.fixture
def lines() -> list[str]:
    """What the terminal shows."""
    return []


@pytest.fixture
def preview(site_file: Path, lines: list[str]) -> Iterator[Preview]:
    folder = site_file.parent / "var"
    prepared = prepare(Preview, site_file, folder, FORM, WEBSITE, lines.append, Clock())
    yield prepared
    prepared.database.close()


@pytest.fixture
def backend(preview: Preview) -> FlaskClient:
    return preview.backend().test_client()


@pytest.fixture
def website(preview: Preview) -> FlaskClient:
    return preview.website().test_client()
