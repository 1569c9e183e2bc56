"""How many messages to expect: on the form, and after a save."""

from __future__ import annotations

import pytest

from tests.support.steps import at
from tests.support.words import beginning, said
from tests.support.words.preferences import (
    AT_MOST_A_MONTH,
    BEFORE_AT_MOST,
    NO_MESSAGES,
    SAVE,
    UNDO,
)
from tests.support.worlds import (
    AS_CHOSEN,
    LESS,
    NEWS,
    NEWS_NAME,
    OFF,
    OFFERS,
    RECEIPTS,
    TIPS,
    World,
    no,
)

MONTHLY = {**OFFERS, "frequency": "monthly"}


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        ({"topic:offers": OFFERS}, 5),
        ({"topic:offers": MONTHLY}, 1),
        ({"topic:offers": OFFERS, "topic:news": {**NEWS, "frequency": "daily"}}, 36),
        ({"topic:tips": TIPS}, 1),
        ({"topic:offers": MONTHLY, "topic:news": NEWS, "topic:tips": TIPS}, 3),
        ({"topic:offers": OFFERS, "overall": LESS}, 1),
        ({"topic:offers": no(OFFERS)}, 0),
        ({"topic:offers": OFFERS, "overall": OFF}, 0),
        ({"topic:offers": OFFERS, "overall": {"reach": "paused", "until": "2027-05-01"}}, 0),
        ({"topic:offers": OFFERS, "overall": {"reach": "paused", "until": "2027-02-01"}}, 5),
    ],
)
def test_after_saving_the_expected_volume_is_told(
    world: World, tag: str, state: dict[str, object], expected: int
) -> None:
    person = world.person({**state, "language": tag})
    page = at(world, person, tag).press(said(tag, SAVE))
    counted = said(tag, AT_MOST_A_MONTH, count=expected)
    assert page.says(counted if expected else said(tag, NO_MESSAGES, messages=RECEIPTS))


def test_the_form_says_at_the_top_how_many_messages_to_expect(world: World, tag: str) -> None:
    person = world.person({"topic:offers": OFFERS, "topic:news": {**NEWS, "frequency": "daily"}})
    assert at(world, person, tag).says(said(tag, AT_MOST_A_MONTH, count=36))
    left = world.person({"topic:offers": no(OFFERS)}, email="b@x.al")
    assert not at(world, left, tag).says(beginning(tag, NO_MESSAGES))


def test_a_save_says_how_many_messages_came_before_it(world: World, tag: str) -> None:
    person = world.person({"topic:offers": OFFERS, "topic:news": {**NEWS, "frequency": "daily"}})
    before = said(tag, BEFORE_AT_MOST, count=36)
    page = at(world, person, tag).untick(NEWS_NAME).press(said(tag, SAVE))
    assert page.says(f"{said(tag, AT_MOST_A_MONTH, count=5)} {before}")
    page.press(said(tag, UNDO))
    assert page.says(said(tag, BEFORE_AT_MOST, count=5))
    assert not page.press(said(tag, SAVE)).says(beginning(tag, BEFORE_AT_MOST)), "nothing changed"


@pytest.mark.parametrize(
    ("overall", "offered"),
    [
        (AS_CHOSEN, ["less", "pause", "off"]),
        (LESS, ["pause", "off"]),
        ({"reach": "paused", "until": "2027-05-01"}, ["pause", "off"]),
        ({"reach": "paused", "until": "2027-02-01"}, ["less", "pause", "off"]),
        (OFF, []),
    ],
)
def test_no_button_for_all_messages_at_once_starts_them_again(
    world: World, overall: dict[str, str | None], offered: list[str]
) -> None:
    page = at(world, world.person({"topic:offers": OFFERS, "overall": overall}))
    pressed = [str(each.get("value")).partition(":")[0] for each in page.document.all("button")]
    assert list(dict.fromkeys(pressed)) == ["save", *offered]
