"""Two tabs, two devices: nothing is overwritten in silence, and leaving still leaves."""

from __future__ import annotations

import pytest

from tests.support.browsing import Reader
from tests.support.steps import at
from tests.support.words import said
from tests.support.words.labels import GETS_TOPIC_NO_LONGER
from tests.support.words.preferences import (
    CHANGED_ELSEWHERE,
    GET_FEWER,
    NOT_UNDONE,
    PART_IS_MISSING,
    POSTAL_ADDRESS,
    REST_NOT_SAVED_YET,
    SAVE,
    UNDO,
)
from tests.support.words.unsubscribe import UNSUBSCRIBE_FROM_EVERYTHING
from tests.support.worlds import (
    DECLINED,
    LESS,
    NEWS,
    NEWS_NAME,
    OFF,
    OFFERS,
    OFFERS_NAME,
    SAID,
    TIPS,
    TIPS_NAME,
    World,
    no,
)
from widget_backend.store.profiles import Profile

DAILY = {**NEWS, "frequency": "daily"}


@pytest.fixture
def person(each_world: World) -> Profile:
    return each_world.person(SAID)


def test_a_stale_form_comes_back_with_what_changed_and_what_was_chosen(
    each_world: World, person: Profile, tag: str
) -> None:
    page = at(each_world, person, tag).tick(TIPS_NAME).fill(said(tag, POSTAL_ADDRESS), "Rruga 1")
    each_world.say(person, {"topic:news": no(NEWS)})
    stored = each_world.dump()
    page.press(said(tag, SAVE))
    assert page.status == 409
    assert page.says(said(tag, CHANGED_ELSEWHERE))
    assert page.says(said(tag, GETS_TOPIC_NO_LONGER, topic=NEWS_NAME))
    assert each_world.dump() == stored, "nothing is overwritten before the person has looked"
    assert page.is_ticked(TIPS_NAME)
    assert not page.is_ticked(NEWS_NAME), "what was left as it was shows what was said elsewhere"
    assert page.value(said(tag, POSTAL_ADDRESS)) == "Rruga 1"
    page.press(said(tag, SAVE))
    assert page.status == 200
    state = each_world.state(person)
    assert (state["topic:news"], state["topic:tips"]) == (no(NEWS), TIPS), "only what was touched"


def test_a_no_that_looks_as_before_stops_nobody(each_world: World, person: Profile) -> None:
    """As after a save whose answer got lost: who ticks one more and saves again saw no change."""
    page = at(each_world, person).tick(TIPS_NAME)
    each_world.say(person, {"topic:tips": no(TIPS)})
    page.press(SAVE)
    assert page.status == 200
    assert each_world.state(person)["topic:tips"] == TIPS


@pytest.mark.parametrize(
    ("meanwhile", "status"),
    [
        ({"topic:tips": TIPS}, 409),  # turned on there, unticked here
        ({"topic:news": DAILY}, 409),  # another frequency than here
        ({"topic:news": no(NEWS)}, 409),  # turned off there, ticked here
        ({"overall": OFF}, 409),
        ({"overall": LESS}, 409),
        ({"language": "ar"}, 200),  # here nobody chose another one
        ({"contact:phone": "+355691234567"}, 200),  # this form says nothing of it
        ({"topic:prices": OFFERS}, 200),  # did not stand on this form
        ({"topic:offers": no(OFFERS)}, 200),  # the same as here
    ],
)
def test_only_what_contradicts_the_form_stops_it(
    world: World, meanwhile: dict[str, object], status: int
) -> None:
    person = world.person(SAID)
    page = at(world, person).untick(OFFERS_NAME)
    world.say(person, meanwhile)
    there = world.state(person)
    page.press(SAVE)
    assert page.status == status
    after = world.state(person)
    assert after["topic:offers"] == no(OFFERS), "leaving does not wait for anything"
    expected = {**there, "topic:offers": no(OFFERS)}
    assert after == (expected if status == 409 else {**expected, **DECLINED})


def test_leaving_on_a_stale_form_spares_what_was_turned_on_elsewhere(
    each_world: World, person: Profile, tag: str
) -> None:
    page = at(each_world, person, tag).untick(OFFERS_NAME)
    each_world.say(person, {"topic:tips": TIPS})
    page.press(said(tag, SAVE))
    assert page.status == 409
    assert page.says(said(tag, GETS_TOPIC_NO_LONGER, topic=OFFERS_NAME))
    assert page.says(said(tag, REST_NOT_SAVED_YET))
    state = each_world.state(person)
    assert (state["topic:offers"], state["topic:tips"]) == (no(OFFERS), TIPS)


def test_leaving_on_a_stale_form_keeps_how_it_came_elsewhere(world: World) -> None:
    """It is off, and undo brings back what the other device had chosen, not the older choice."""
    person = world.person(SAID)
    page = at(world, person).untick(NEWS_NAME)
    world.say(person, {"topic:news": DAILY, "topic:tips": TIPS})
    page.press(SAVE)
    assert world.state(person)["topic:news"] == no(DAILY)


@pytest.mark.parametrize(
    ("button", "overall"),
    [(UNSUBSCRIBE_FROM_EVERYTHING, OFF), (GET_FEWER, LESS)],
)
def test_a_button_for_all_works_on_a_stale_form(
    each_world: World, person: Profile, button: str, overall: dict[str, str | None]
) -> None:
    page = at(each_world, person)
    each_world.say(person, {"topic:tips": TIPS, "topic:news": DAILY})
    page.press(button)
    assert each_world.state(person) == {
        **person.state,
        "topic:tips": TIPS,
        "topic:news": DAILY,
        "overall": overall,
    }


def test_less_never_brings_back_who_left_meanwhile(each_world: World, person: Profile) -> None:
    page = at(each_world, person)
    each_world.say(person, {"overall": OFF})
    page.press(GET_FEWER)
    assert page.status == 409
    assert each_world.state(person)["overall"] == OFF


def test_undo_of_what_is_no_longer_the_newest_says_so(
    each_world: World, person: Profile, tag: str
) -> None:
    page = at(each_world, person, tag).untick(OFFERS_NAME).press(said(tag, SAVE))
    each_world.say(person, {"topic:offers": OFFERS, "topic:tips": TIPS})
    each_world.say(person, {"topic:offers": {**OFFERS, "frequency": "monthly"}})
    stored = each_world.dump()
    page.press(said(tag, UNDO))
    assert page.status == 409
    assert page.says(said(tag, CHANGED_ELSEWHERE))
    assert each_world.dump() == stored


def test_undo_pressed_twice_counts_as_undone(each_world: World, person: Profile) -> None:
    page = at(each_world, person).untick(OFFERS_NAME).press(SAVE)
    entries = [*page.form("undo"), ("do", "undo")]
    address = each_world.link("preferences", person)
    page.post(address, entries)
    stored = each_world.dump()
    page.post(address, entries)
    assert page.status == 200
    assert each_world.dump() == stored
    assert each_world.state(person)["topic:offers"] == OFFERS


@pytest.mark.parametrize("revision", ["0", "1", "99", "-1", "x", "", "9" * 30, "9" * 5000])
def test_undo_of_no_save_changes_nothing_and_says_so(world: World, revision: str) -> None:
    person = world.person()
    stored = world.dump()
    page = Reader(world.client())
    page.post(world.link("preferences", person), [("do", "undo"), ("revision", revision)])
    assert page.status == 409
    assert page.says(NOT_UNDONE)
    assert world.dump() == stored


@pytest.mark.parametrize("revision", [None, "x", "", "-1", "99", "9" * 30, "9" * 5000])
def test_a_form_without_its_revision_overwrites_nothing(world: World, revision: str | None) -> None:
    """It comes back as sent, no change on another device is made up, and what it ends ends."""
    person = world.person(SAID)
    page = at(world, person).untick(OFFERS_NAME).tick(TIPS_NAME)
    entries = [each for each in page.form("preferences") if each[0] != "revision"]
    given = [("revision", revision)] if revision is not None else []
    page.post(world.link("preferences", person), [*entries, *given, ("do", "save")])
    assert page.status == 422
    assert page.says(PART_IS_MISSING)
    assert not page.says(CHANGED_ELSEWHERE)
    assert world.state(person)["topic:offers"] == no(OFFERS)
    assert page.is_ticked(TIPS_NAME)
    page.press(SAVE)
    assert page.status == 200
    assert world.state(person)["topic:tips"] == TIPS
