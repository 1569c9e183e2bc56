"""Answers: what each kind of question takes, and what happens when two tabs give them."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.steps import answered, answers, asked
from tests.support.worlds import World, said
from widget_backend.i18n.languages import language
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
    ([NONE, BATH], 422, "Choose answers from the list or “%(none)s”, not both."),
    ([BATH, DECLINE], 422, "Choose an answer or “Prefer not to say”, not both."),
    ([NONE, DECLINE], 422, "Choose an answer or “Prefer not to say”, not both."),
    ([("answer-rooms", "cellar")], 422, "Choose only from the answers shown."),
    ([BATH, ("answer-rooms", "cellar")], 422, "Choose only from the answers shown."),
    ([("answer-rooms", "-declined")], 422, "Choose only from the answers shown."),
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
    label = f"How many live with you? {said(tag, '(optional)')}"
    page = asked(world, person, tag).fill(label, typed).press(said(tag, "Save"))
    if number is not None:
        assert answers(world, person)["people"] == {"said": number}
        return
    assert page.status == 422
    assert page.says(said(tag, "Enter a whole number from %(low)s to %(high)s.", low=1, high=20))
    assert page.value(label) == typed.strip()
    assert "people" not in answers(world, person)


def test_a_short_text_has_an_end(world: World, tag: str) -> None:
    person = world.person(answered(world, moved="no", rooms=[]))
    label = f"What would you change? {said(tag, '(optional)')}"
    page = asked(world, person, tag).fill(label, "ع" * 21).press(said(tag, "Save"))
    assert page.status == 422
    assert page.value(label) == "ع" * 21
    page.fill(label, "ع" * 20).press(said(tag, "Save"))
    assert answers(world, person)["wish"] == {"said": "ع" * 20}


# ── two tabs ────────────────────────────────────────────────────────────────────────────────


def test_two_tabs_with_different_answers_ask_which_holds(
    each_world: World, person: Profile, tag: str
) -> None:
    yes, no = (language(tag).pgettext("answer", each) for each in ("Yes", "No"))
    first, second = asked(each_world, person, tag), asked(each_world, person, tag)
    first.tick(yes).tick("Attic").press(said(tag, "Save"))
    stored = each_world.dump()
    second.tick(no).tick("Attic").press(said(tag, "Save"))
    assert second.status == 409
    assert second.says(
        said(
            tag,
            "A different answer was given on another page or device. Check yours and save again.",
        )
    )
    assert second.is_ticked(no)
    assert each_world.dump() == stored
    second.press(said(tag, "Save"))
    assert answers(each_world, person)["moved"] == {"said": "no"}


@pytest.mark.parametrize("wait", [{"seconds": 1}, {"minutes": 50}])
def test_the_same_answers_twice_count_as_saved_once(
    each_world: World, person: Profile, wait: dict[str, int]
) -> None:
    page = asked(each_world, person).tick("No").tick("Attic")
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
    first.tick("No").tick("Attic").press("Save")
    second.press("Skip")
    assert second.status == 200
    assert answers(each_world, person) == {"moved": {"said": "no"}, "rooms": {"said": ["attic"]}}


def test_a_late_answer_to_one_question_spares_the_other(each_world: World, person: Profile) -> None:
    """The second tab showed only what was due then; its save must not touch the rest."""
    each_world.say(person, answered(each_world, moved="yes"))
    first, second = asked(each_world, person), asked(each_world, person)
    first.tick("Attic").press("Save")
    second.tick("Attic").press("Save")
    assert second.status == 200
    assert answers(each_world, person) == {"moved": {"said": "yes"}, "rooms": {"said": ["attic"]}}


def test_two_tabs_on_different_stages_do_not_disturb_each_other(world: World) -> None:
    person = world.person(answered(world, moved="no", rooms=["bath"]))
    here = asked(world, person)
    back = asked(world, person).follow("Back")
    here.fill("How many live with you? (optional)", "3")
    back.tick("Yes").press("Save")
    here.press("Save")
    assert here.status == 200
    assert answers(world, person)["people"] == {"said": 3}
    assert answers(world, person)["moved"] == {"said": "yes"}
