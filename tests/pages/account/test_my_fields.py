"""What platforms hold of a person beside: on the page with their data, and in the download."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.support.my_data import downloaded
from tests.support.steps import prove
from tests.support.words import Text, beginning, said
from tests.support.words.account import (
    COUNTS_UNTIL,
    DELETE_EVERYTHING,
    FROM_A_LIST,
    FROM_A_PLATFORM,
    WHAT_ELSE_WE_KNOW,
)
from tests.support.words.labels import NO, YES
from tests.support.worlds import MONDAY, SAID, World
from widget_backend.i18n.languages import language

WORDS: dict[tuple[str, Any], dict[str, str]] = {
    ("city", "Tirana"): {"en": "Tirana", "sq": "Tirana", "ar": "Tirana"},
    ("spent", 1234.5): {
        "en": "€1,234.50",
        "sq": "1\u00a0234,50\u00a0€",
        "ar": "\u200f1,234.50\u00a0€",
    },
    ("land", "AL"): {"en": "Albania", "sq": "Shqipëri", "ar": "ألبانيا"},
    ("clock", "Asia/Dubai"): {"en": "Dubai", "sq": "Dubai", "ar": "دبي"},
    ("born", "1985-04-02"): {
        tag: language(tag).date(date(1985, 4, 2)) for tag in ("en", "sq", "ar")
    },
    **{
        ("member", value): {tag: said(tag, text) for tag in ("en", "sq", "ar")}
        for value, text in ((True, YES), (False, NO))
    },
}


@pytest.mark.parametrize(("field", "value"), WORDS)
def test_a_value_is_told_in_the_words_of_the_reader_with_its_source_and_day(
    world: World, tag: str, field: str, value: Any
) -> None:
    person = world.person(SAID)
    world.bring(person, **{field: value})
    page = prove(world, person, tag)
    declared = world.site(tag).field(field)
    assert declared
    assert page.says(said(tag, WHAT_ELSE_WE_KNOW))
    assert page.says(declared.name)
    assert page.says(WORDS[field, value][tag])
    day = language(tag).date(MONDAY.date())
    assert page.says(said(tag, FROM_A_PLATFORM, platform="Brevo", date=day))


@pytest.mark.parametrize("platform", [None, "list", "columns.toml"])
def test_what_came_from_no_platform_came_from_a_list(
    world: World, tag: str, platform: str | None
) -> None:
    """The name of a map is not for people."""
    person = world.person(SAID)
    world.bring(person, platform, city="Tirana")
    page = prove(world, person, tag)
    assert page.says(said(tag, FROM_A_LIST, date=language(tag).date(MONDAY.date())))
    assert "columns.toml" not in page.text


def test_the_newest_value_is_told_with_its_own_day(each_world: World) -> None:
    person = each_world.person(SAID)
    each_world.bring(person, city="Tirana", land="AL")
    each_world.clock.pass_by(minutes=2 * 24 * 60)
    each_world.bring(person, city="Durrës")
    page = prove(each_world, person)
    assert page.says("Durrës")
    assert "Tirana" not in page.text
    for day in (date(2027, 3, 1), date(2027, 3, 3)):
        words = said("en", FROM_A_PLATFORM, platform="Brevo", date=language("en").date(day))
        assert page.says(words)


@pytest.mark.parametrize(
    ("values", "text"), [({"city": "Tirana"}, None), ({"spent": 5}, COUNTS_UNTIL)]
)
def test_until_when_a_value_counts_is_told_where_it_ends(
    world: World, tag: str, values: dict[str, Any], text: Text | None
) -> None:
    person = world.person(SAID)
    world.bring(person, **values)
    page = prove(world, person, tag)
    assert page.says(beginning(tag, COUNTS_UNTIL)) is (text is not None)
    if text:
        assert page.says(said(tag, text, date=language(tag).date(date(2028, 2, 29))))


def test_what_is_not_shown_has_ended_or_is_not_declared_stands_in_the_download_alone(
    each_world: World,
) -> None:
    person = each_world.person(SAID)
    numbers = [each_world.bring(person, spent=77_123, score=88_123, gone="Xanadu")]
    each_world.clock.pass_by(minutes=365 * 24 * 60)
    page = prove(each_world, person)
    assert WHAT_ELSE_WE_KNOW not in page.text
    for trace in ("77,123", "88,123", "Xanadu"):
        assert trace not in page.text
    fields = downloaded(each_world, page)["fields"]
    row = {"source": "brevo", "at": MONDAY.isoformat(), "run": numbers[0]}
    assert sorted(fields, key=lambda each: each["field"]) == [
        {"field": "gone", "value": "Xanadu", **row},
        {"field": "score", "value": 88_123, **row},
        {"field": "spent", "value": 77_123, **row},
    ]


def test_whoever_has_none_gets_no_empty_section(world: World, tag: str) -> None:
    page = prove(world, world.person(SAID), tag)
    assert said(tag, WHAT_ELSE_WE_KNOW) not in page.text


def test_they_are_erased_with_the_person(each_world: World) -> None:
    person = each_world.person(SAID)
    each_world.bring(person, city="Xanadu")
    assert "Xanadu" in repr(each_world.dump())
    prove(each_world, person).press(DELETE_EVERYTHING)
    assert "Xanadu" not in repr(each_world.dump())
