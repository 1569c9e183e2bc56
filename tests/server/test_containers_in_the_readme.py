"""What people type with containers, as the README says: no password and nobody’s data is left."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

README = Path(__file__).parents[2] / "widget_backend" / "README.md"
TEXT = README.read_text("utf-8").partition("### With containers")[2].partition("\n## ")[0]
BACKUPS = TEXT.partition("**Backup.**")[2]
TYPED = [line.strip() for line in BACKUPS.splitlines() if line.startswith("    ")]


def test_each_secret_that_a_restore_or_drill_writes_is_removed_again() -> None:
    written = {each for line in TYPED for each in re.findall(r"(?:> |cp \S+ )(secrets/\S+)", line)}
    assert written == {"secrets/replaced-url", "secrets/drill-url"}
    assert written == {line.removeprefix("rm ") for line in TYPED if line.startswith("rm ")}


@pytest.mark.parametrize("name", ["widget", "drill"])
def test_the_database_that_is_not_needed_any_more_is_dropped(name: str) -> None:
    assert f"docker compose exec database dropdb --username=widget {name}" in TYPED
