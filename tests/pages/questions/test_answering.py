"""Answers: what each kind of question takes, and what happens when two tabs give them."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.steps import answered, answers, asked
from tests.support.words import said
from tests.support.words.labels import NO, YES
from tests.support.words.preferences import SAVE
from tests.support.words.questions import (
    ANSWERED_ELSEWHERE,
    BACK,
    CHOOSE_ANSWER_OR_NOT_SAY,
    CHOOSE_ANSWERS_OR_NONE,
    CHOOSE_SHOWN,
    ENTER_NUMBER_FROM_TO,
    OPTIONAL,
    SKIP,
)
from tests.support.worlds import World
from widget_backend.store.profiles import Profile


@pytest.fixture
def person(each_world: World) -> Profile:
    return each_world.person({"language": "en"})


NONE = ("answer-rooms", "-none")
BATH = ("answer-rooms", "bath")
DECLINE = ("decline-rooms", "on")
ROOMS = [
    ([BATH], 303, {"said": ["bath"]}),
    ([NONE], 303, {"said": []}),
    ([DECLINE], 303, {"declined": True}),
    ([BATH, BATH], 303, {"said": ["bath"]}),
    ([NONE, BATH], 422, CHOOSE_ANSWERS_OR_NONE),
    ([BATH, DECLINE], 422, CHOOSE_ANSWER_OR_NOT_SAY),
    ([NONE, DECLINE], 422, CHOOSE_ANSWER_OR_NOT_SAY),
    ([("answer-rooms", "cellar")], 422, CHOOSE_SHOWN),
    ([BATH, ("answer-rooms", "cellar")], 422, CHOOSE_SHOWN),
    ([("answer-rooms", "-declined")], 422, CHOOSE_SHOWN),
]


@pytest.mark.parametrize(("given", "status", "expected"), ROOMS)
def test_several_of_several_and_none_and_neither(
    world: World, tag: str, given: list[tuple[str, str]], status: int, expected: Any
) -> None:
    person = world.person(answered(world, moved="no"))
    page = asked(world, person, tag)
    stored = world.dump()
    entries = [*page.form("stage"), *given, ("do", "save")]
    page.post(world.link("questions", person, tag), entries)
    assert page.sent.status_code == status
    if status == 303:
        assert answers(world, person)["rooms"] == expected
        return
    assert page.says(said(tag, expected, none="None of these"))
    assert world.dump() == stored
    ticked = [each for each in page.form("stage") if each in given]
    assert set(ticked) == {each for each in given if each[1] in {"bath", "-none", "on"}}


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("3", 3),
        (" 3 ", 3),
        ("03", 3),
        ("٣", 3),
        ("١٢", 12),
        ("۱۲", 12),  # Persian and Urdu digits
        ("20", 20),
        ("21", None),
        ("0", None),
        ("-3", None),
        ("3.5", None),
        ("three", None),
        ("3e1", None),
        ("1_0", None),
        ("9" * 5000, None),
    ],
)
def test_a_number_in_digits_of_any_script(
    world: World, tag: str, typed: str, number: int | None
) -> None:
    person = world.person(answered(world, moved="no", rooms=[]))
    label = f"How many live with you? {said(tag, OPTIONAL)}"
    page = asked(world, person, tag).fill(label, typed).press(said(tag, SAVE))
    if number is not None:
        assert answers(world, person)["people"] == {"said": number}
        return
    assert page.status == 422
    assert page.says(said(tag, ENTER_NUMBER_FROM_TO, low=1, high=20))
    assert page.value(label) == typed.strip()
    assert "people" not in answers(world, person)


def test_a_short_text_has_an_end(world: World, tag: str) -> None:
    person = world.person(answered(world, moved="no", rooms=[]))
    label = f"What would you change? {said(tag, OPTIONAL)}"
    page = asked(world, person, tag).fill(label, "ع" * 21).press(said(tag, SAVE))
    assert page.status == 422
    assert page.value(label) == "ع" * 21
    page.fill(label, "ع" * 20).press(said(tag, SAVE))
    assert answers(world, person)["wish"] == {"said": "ع" * 20}


# ── two tabs ────────────────────────────────────────────────────────────────────────────────


def test_two_tabs_with_different_answers_ask_which_holds(
    each_world: World, person: Profile, tag: str
) -> None:
    yes, no = (said(tag, each) for each in (YES, NO))
    first, second = asked(each_world, person, tag), asked(each_world, person, tag)
    first.tick(yes).tick("Attic").press(said(tag, SAVE))
    stored = each_world.dump()
    second.tick(no).tick("Attic").press(said(tag, SAVE))
    assert second.status == 409
    assert second.says(
        said(
            tag,
            ANSWERED_ELSEWHERE,
        )
    )
    assert second.is_ticked(no)
    assert each_world.dump() == stored
    second.press(said(tag, SAVE))
    assert answers(each_world, person)["moved"] == {"said": "no"}


@pytest.mark.parametrize("wait", [{"seconds": 1}, {"minutes": 50}])
def test_the_same_answers_twice_count_as_saved_once(
    each_world: World, person: Profile, wait: dict[str, int]
) -> None:
    page = asked(each_world, person).tick(NO).tick("Attic")
    entries = [*page.form("stage"), ("do", "save")]
    link = each_world.link("questions", person)
    page.post(link, entries)
    stored = each_world.dump()
    each_world.clock.pass_by(**wait)
    page.post(link, entries)
    assert (page.status, page.heading) == (200, "Your home")
    assert each_world.dump() == stored


def test_a_skip_in_another_tab_takes_no_answer_back(each_world: World, person: Profile) -> None:
    first, second = asked(each_world, person), asked(each_world, person)
    first.tick(NO).tick("Attic").press(SAVE)
    second.press(SKIP)
    assert second.status == 200
    assert answers(each_world, person) == {"moved": {"said": "no"}, "rooms": {"said": ["attic"]}}


def test_a_late_answer_to_one_question_spares_the_other(each_world: World, person: Profile) -> None:
    """The second tab showed only what was due then; its save must not touch the rest."""
    each_world.say(person, answered(each_world, moved="yes"))
    first, second = asked(each_world, person), asked(each_world, person)
    first.tick("Attic").press(SAVE)
    second.tick("Attic").press(SAVE)
    assert second.status == 200
    assert answers(each_world, person) == {"moved": {"said": "yes"}, "rooms": {"said": ["attic"]}}


def test_two_tabs_on_different_stages_do_not_disturb_each_other(world: World) -> None:
    person = world.person(answered(world, moved="no", rooms=["bath"]))
    here = asked(world, person)
    back = asked(world, person).follow(BACK)
    here.fill(f"How many live with you? {OPTIONAL}", "3")
    back.tick(YES).press(SAVE)
    here.press(SAVE)
    assert here.status == 200
    assert answers(world, person)["people"] == {"said": 3}
    assert answers(world, person)["moved"] == {"said": "yes"}
