"""A shop that declares fields, and lists that hold some of them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.support.contacts import WHEN, Bring, Run
from tests.support.exports import objects
from tests.support.fields import HEADER, MAP, declare_fields


@pytest.fixture(autouse=True)
def _declared(site_file: Path) -> None:
    declare_fields(site_file)


@pytest.fixture
def bring(run: Run, site_file: Path, tmp_path: Path) -> Bring:
    """Import rows of address, city and amount, by a map; returns what is printed."""

    def bring_in(*rows: str, fields: str = MAP, header: str = HEADER, options: Any = ()) -> str:
        file, tags = tmp_path / "list.csv", tmp_path / "tags.toml"
        lines = (row.replace(",", f",subscribed,{WHEN},", 1) + ",note" for row in rows)
        file.write_text("\n".join((header, *lines, "")), encoding="utf-8")
        tags.write_text(fields, encoding="utf-8")
        topics = () if "--as" in options else ("--topic", "offers")
        return run("import", site_file, file, *topics, "--map", tags, *options).output

    return bring_in


@pytest.fixture
def fields_of(run: Run, site_file: Path) -> Callable[[], Any]:
    """What an export tells of the fields of each person, by address."""

    def of_everyone() -> dict[str, Any]:
        entries = objects(run, site_file, "--fields", "all")
        return {each["email"]["address"]: each.get("fields", {}) for each in entries}

    return of_everyone
