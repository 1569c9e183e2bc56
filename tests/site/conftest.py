"""What every test of sites may ask for."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.small_site import SITE, Write


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def write_site(*replacements: tuple[str, str]) -> Path:
        text = SITE
        for before, after in replacements:
            assert text.count(before) == 1, before
            text = text.replace(before, after)
        file = tmp_path / "SITE.toml"
        file.write_text(text, encoding="utf-8")
        return file

    return write_site
