"""Whatever stands in place of any value of a site file, the mistake is told and nothing breaks."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from copy import deepcopy
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.support.small_site import SITE
from widget_backend.site.consistency import findings
from widget_backend.site.messages import complaints
from widget_backend.site.model import Site
from widget_backend.site.schema import check_keys

Way = tuple[str | int, ...]
MORE = """
[[campaigns]]
id = "sale"
topic = "offers"
sentence = "Why."
segment = "all"

[[segments]]
id = "all"
sentence = "Everybody."
built_on = ["answers"]

[[follow]]
name = "Forum"
url = "https://forum.example"
"""
DATA = tomllib.loads(SITE + MORE)
OTHERS: list[Any] = [3, -1.5, "x", "a\nb", "", True, [], [1], [[]], [{}], {}, {"id": 1}, date.min]


def ways(value: Any, way: Way = ()) -> Iterator[Way]:
    """To every value within a value."""
    inside = value.items() if isinstance(value, dict) else enumerate(value)
    for key, below in inside:
        yield (*way, key)
        if isinstance(below, dict | list):
            yield from ways(below, (*way, key))


def replaced(way: Way, value: Any) -> dict[str, Any]:
    data = deepcopy(DATA)
    here: Any = data
    for key in way[:-1]:
        here = here[key]
    here[way[-1]] = value
    return data


def said(data: dict[str, Any]) -> list[tuple[str, str, str]]:
    known, messages = check_keys(Site, data)
    return [*complaints(messages, data), *findings(known, Path("/none"), messages)]


def test_nothing_is_said_of_what_is_right() -> None:
    assert said(DATA) == []


@pytest.mark.parametrize("way", [*ways(DATA)], ids=lambda way: ".".join(map(str, way)))
def test_a_value_of_another_kind_is_told_with_reason_and_cure(way: Way) -> None:
    for other in OTHERS:
        for where, reason, cure in said(replaced(way, other)):
            assert where
            assert reason
            assert cure
