"""Who is in a segment."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some
from marshmallow import ValidationError

from tests.support.decisions import choice
from widget_backend.rules.segments import is_in
from widget_backend.rules.state import State
from widget_backend.site.filters import FilterKey

ARTA = State({"language": "sq", "topic:offers": choice("weekly"), "topic:news": choice(on=False)})
ROLES = ("trade",)
FIELDS = {"spent": 120, "city": "Tirana", "joined": "2024-03-01", "member": True}


def passes(where: dict[str, Any]) -> bool:
    return is_in(FilterKey().deserialize(where), ARTA, ROLES, FIELDS)


INSIDE: list[dict[str, Any]] = [
    {"role": "trade"},
    {"language": "sq"},
    {"topic": "offers"},
    {"topic": "offers", "channel": "email", "frequency": "weekly"},
    {"field": "spent", "at_least": 120},
    {"field": "spent", "at_most": 120},
    {"field": "spent", "at_least": 100, "at_most": 150},
    {"field": "city", "is": "Tirana"},
    {"field": "city", "is": ["Vlora", "Tirana"]},
    {"field": "joined", "at_least": "2024-01-01"},
    {"field": "member", "is": True},
    {"field": "member", "known": True},
    {"field": "shoe", "known": False},
    {"not": {"role": "press"}},
    {"any": [{"role": "press"}, {"language": "sq"}]},
    {"all": [{"role": "trade"}, {"not": {"topic": "news"}}]},
]
OUTSIDE: list[dict[str, Any]] = [
    {"role": "press"},
    {"language": "ar"},
    {"topic": "news"},
    {"topic": "tips"},
    {"topic": "offers", "channel": "sms"},
    {"topic": "offers", "frequency": "daily"},
    {"field": "spent", "at_least": 121},
    {"field": "spent", "at_most": 119},
    {"field": "city", "is": "Vlora"},
    {"field": "member", "is": False},
    {"field": "member", "known": False},
    {"field": "shoe", "is": "42"},
    {"field": "shoe", "at_least": 1},
    {"field": "shoe", "known": True},
    {"not": {"role": "trade"}},
    {"any": [{"role": "press"}, {"language": "ar"}]},
    {"all": [{"role": "trade"}, {"topic": "news"}]},
]


@pytest.mark.parametrize(
    ("where", "inside"), [*((each, True) for each in INSIDE), *((each, False) for each in OUTSIDE)]
)
def test_somebody_is_in_a_segment(where: dict[str, Any], inside: bool) -> None:
    assert passes(where) == inside


@given(some.lists(some.sampled_from(INSIDE + OUTSIDE), min_size=1, max_size=4))
def test_all_any_and_not_are_those_of_logic(tests: list[dict[str, Any]]) -> None:
    each = [passes(where) for where in tests]
    assert passes({"all": tests}) == all(each)
    assert passes({"any": tests}) == any(each)
    assert passes({"not": tests[0]}) != each[0]


MISTAKES: list[tuple[Any, str]] = [
    ("role", "“role” is no filter"),
    ({}, "“{}” is no filter"),
    ({"shoe": "42"}, "a filter has “shoe”"),
    ({"role": "trade", "language": "sq"}, "a filter has “language” and “role”"),
    ({"role": "trade", "all": []}, "a filter has “all” and “role”"),
    ({"all": {"role": "trade"}}, "“all” holds no list of filters"),
    ({"any": []}, "“any” holds no list of filters"),
    ({"role": "trade", "is": 1}, "a test of a role has “is”"),
    ({"role": 1}, "“1” is no role"),
    ({"topic": "offers", "channel": "fax"}, "“fax” is no channel"),
    ({"topic": "offers", "frequency": "hourly"}, "“hourly” is no frequency"),
    ({"field": "spent"}, "nothing is said of the field “spent”"),
]


@pytest.mark.parametrize(("where", "told"), MISTAKES)
def test_a_mistake_in_a_filter_is_told(where: Any, told: str) -> None:
    with pytest.raises(ValidationError, match=r".*") as error:
        FilterKey().deserialize(where)
    assert error.value.messages[0].startswith(told)


def test_filters_in_each_other_have_an_end() -> None:
    where: dict[str, Any] = {"role": "trade"}
    for _ in range(12):
        where = {"not": where}
    with pytest.raises(ValidationError, match="ten times"):
        FilterKey().deserialize(where)
