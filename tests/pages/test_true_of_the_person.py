"""What pages say of a person is true of them today: pauses, agreements, topics, and all of it."""

from __future__ import annotations

import pytest
from browsing import Reader
from test_history import record
from test_leaving_a_topic import link as topic_link
from test_my_data import prove
from test_preferences import NEWS_NAME, OFFERS_NAME, SAID, at
from worlds import NEWS, OFF, OFFERS, TIPS, World, no, said

PAUSED = {"reach": "paused", "until": "2027-03-10"}
LATER = "When messages start again, you will get “%(topic)s”: %(channel)s, %(frequency)s."


@pytest.fixture
def later() -> str:
    return said("en", LATER, topic=OFFERS_NAME, channel="email", frequency="weekly")


def test_a_pause_that_is_over_is_not_told_as_one_that_holds(world: World) -> None:
    person = world.person({**SAID, "overall": PAUSED})
    told = "All messages are paused until 10 March 2027."
    assert prove(world, person).text.count(told) == 2, "now, and in the history"
    world.clock.pass_by(days=9)
    page = prove(world, person)
    assert page.text.count(told) == 1, "in the history"
    assert page.says("You get messages as you chose for each topic.")


def test_who_left_a_topic_elsewhere_is_not_told_that_they_agreed(world: World) -> None:
    person = world.person()
    record(world, person, {"topic:offers": OFFERS}, "hosted")
    left = {"OPTIN_TIME": "2023-01-01 09:00:00", "UNSUB_TIME": "2026-12-01 09:00:00"}
    record(world, person, {"topic:offers": no(OFFERS)}, evidence=left)
    page = prove(world, person)
    assert page.says(said("en", "You will no longer get “%(topic)s”.", topic=OFFERS_NAME))
    assert not page.says("You agreed")


def test_saves_that_sound_alike_are_each_told(world: World) -> None:
    """Two addresses in one minute are two entries: nothing is left out."""
    person = world.person()
    record(world, person, {"contact:post": "Rruga 1, Tirana"}, "hosted")
    record(world, person, {"contact:post": "Rruga 2, Tirana"}, "hosted")
    assert prove(world, person).text.count("We saved your postal address.") == 2


def test_a_confirmation_that_is_kept_with_two_profiles_is_told_once(world: World) -> None:
    person = world.person(SAID)
    record(world, person, {}, "confirmation")
    record(world, person, {}, "confirmation")
    assert prove(world, person).text.count("You confirmed your address.") == 1


@pytest.mark.parametrize("end", ["", "?lang=ar"])
def test_who_left_everything_is_told_that_the_topic_comes_no_more(world: World, end: str) -> None:
    person = world.person({**SAID, "overall": OFF})
    page = Reader(world.client()).open(f"{topic_link(world, person)}/why{end}")
    assert page.says(said("ar" if end else "en", "You no longer get it."))
    assert not page.says("You agreed")


def test_a_leaving_that_is_undone_in_a_pause_brings_the_topic_back_after_it(
    world: World, later: str
) -> None:
    person = world.person({**SAID, "overall": PAUSED})
    page = Reader(world.client()).open(topic_link(world, person)).press_first().press("Undo")
    assert world.state(person)["topic:offers"] == OFFERS
    assert page.says(later)


def test_what_changed_meanwhile_in_a_pause_comes_after_it(world: World, later: str) -> None:
    person = world.person({"topic:news": NEWS, "topic:offers": no(OFFERS), "topic:tips": no(TIPS)})
    world.say(person, {"overall": PAUSED})
    page = at(world, person).untick(NEWS_NAME)
    world.say(person, {"topic:offers": OFFERS})
    page.press("Save")
    assert page.status == 409
    assert page.says(later)
