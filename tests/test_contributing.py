"""CONTRIBUTING names files and functions; each of them must be there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import widget_backend

PACKAGE = Path(widget_backend.__file__).parent
TEXT = (PACKAGE.parent / "CONTRIBUTING.md").read_text(encoding="utf-8")
STEP = re.compile(r"`([a-z0-9_/]+\.py)` `(\w+)`")


def test_each_way_has_five_steps() -> None:
    ways = TEXT.partition("## Five ways")[2].partition("\n## ")[0].split("\n**")[1:]
    assert [len(re.findall(r"^\d\. ", way, re.MULTILINE)) for way in ways] == [5] * 5


@pytest.mark.parametrize(("file", "name"), sorted(set(STEP.findall(TEXT))))
def test_a_step_names_what_is_there(file: str, name: str) -> None:
    source = (PACKAGE / file).read_text(encoding="utf-8")
    assert re.search(rf"^(def|class) {name}\b", source, re.MULTILINE)
