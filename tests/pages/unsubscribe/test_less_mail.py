"""Fewer messages by an unsubscribe link, and whatever else brings less: no press brings more."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tests.support.browsing import Reader
from tests.support.steps import at, button, comes_as, record, topic_link
from tests.support.words import said
from tests.support.words.labels import (
    ALL_LESS,
    MONTHLY,
    WEEKLY,
)
from tests.support.words.preferences import (
    AT_MOST_A_MONTH,
    GET_FEWER,
    NOT_UNDONE,
    PAUSE_UNTIL,
    UNDO,
)
from tests.support.words.subscribe import YOUR_ADDRESS
from tests.support.words.unsubscribe import (
    FROM_EVERYTHING,
    LEFT_TOPIC,
    REST_STAYS,
    TELL_US_WHY,
    UNSUBSCRIBE,
    UNSUBSCRIBE_FROM_EVERYTHING,
    UNSUBSCRIBE_FROM_SITE,
    UNSUBSCRIBE_FROM_TOPIC,
)
from tests.support.worlds import (
    KUTIA,
    LESS,
    NEWS,
    OFF,
    OFFERS,
    OFFERS_NAME,
    SAID,
    TIPS,
    World,
    declaring,
    make_world,
    no,
)
from widget_backend.store.ledger import Door
from widget_backend.store.profiles import Profile

MASKED = "c•••@e•••.com"
MONTHLY_OFFERS = {**OFFERS, "frequency": "monthly"}
MARCH = {"reach": "paused", "until": "2027-03-31"}
AUGUST = {"reach": "paused", "until": "2027-08-30"}
TO_MARCH = said("en", PAUSE_UNTIL, date="31 March 2027")


@pytest.fixture
def person(each_world: World) -> Profile:
    return each_world.person(SAID)


def test_the_page_says_whose_address_it_is_and_how_the_topic_comes(world: World, tag: str) -> None:
    page = Reader(world.client()).open(topic_link(world, world.person(SAID), tag=tag))
    assert page.says(said(tag, YOUR_ADDRESS, address=MASKED))
    assert page.says(comes_as(tag, WEEKLY))


def test_fewer_messages_of_a_topic_leave_it_on_and_everything_else_as_it_is(
    each_world: World, person: Profile, tag: str
) -> None:
    page = Reader(each_world.client()).open(topic_link(each_world, person, tag=tag))
    page.press(said(tag, GET_FEWER))
    assert page.heading == said(tag, UNSUBSCRIBE_FROM_TOPIC, topic=OFFERS_NAME)
    assert page.says(comes_as(tag, MONTHLY))
    assert page.says(said(tag, REST_STAYS))
    assert page.says(said(tag, AT_MOST_A_MONTH, 2))
    assert each_world.state(person) == {**person.state, "topic:offers": MONTHLY_OFFERS}
    assert each_world.ledger(person)[-1].door == "unsubscribe"
    assert not page.says(said(tag, TELL_US_WHY)), "nobody has left"
    page.press(said(tag, UNDO))
    assert page.says(comes_as(tag, WEEKLY))
    assert each_world.state(person) == person.state


def test_without_a_topic_each_comes_at_most_once_a_month(
    each_world: World, person: Profile, tag: str
) -> None:
    page = Reader(each_world.client()).open(each_world.link("unsubscribe", person, tag))
    page.press(said(tag, GET_FEWER))
    assert page.says(said(tag, ALL_LESS))
    assert each_world.state(person) == {**person.state, "overall": LESS}
    page.press(said(tag, UNDO))
    assert page.heading == said(tag, UNSUBSCRIBE_FROM_SITE, site="Kutia C++!")
    assert each_world.state(person) == person.state


# ── only ever less ──────────────────────────────────────────────────────────────────────────

PRESSES = ("less", "pause:2027-03-31", "pause:2027-05-31", "pause:2027-08-30")
STANDING: list[dict[str, Any]] = [
    {"overall": OFF},
    {"overall": LESS},
    {"overall": AUGUST},
    {"overall": OFF, "topic:offers": no(OFFERS)},
    {"overall": LESS, "topic:offers": MONTHLY_OFFERS},
]


@pytest.mark.parametrize("topic", ["offers", ""])
@pytest.mark.parametrize("holds", STANDING)
@pytest.mark.parametrize("do", PRESSES)
def test_who_was_forwarded_a_mail_brings_nobody_more(
    world: World, holds: dict[str, Any], topic: str, do: str
) -> None:
    """A pause ends, so it would bring more than “fewer messages” and leaving, which do not."""
    person = world.person({**SAID, **holds})
    stored = world.dump()
    page = Reader(world.client()).post(topic_link(world, person, topic), [("do", do)])
    assert page.status == 200
    assert UNDO not in page.buttons()
    assert world.dump() == stored


def test_a_topic_that_does_not_come_is_not_brought_back_by_getting_less_of_it(
    world: World,
) -> None:
    for number, preference in enumerate((no(OFFERS), None, MONTHLY_OFFERS)):
        known = {"topic:offers": preference} if preference else {}
        person = world.person({**known, "topic:news": NEWS}, email=f"{number}@example.com")
        page = Reader(world.client()).post(topic_link(world, person), [("do", "less")])
        assert (page.status, world.state(person)) == (200, person.state)


def test_a_topic_without_so_rare_a_frequency_has_no_button_for_fewer(world: World) -> None:
    topics = tuple(replace(each, frequencies=("daily", "weekly")) for each in KUTIA.site.topics)
    often = make_world(world.database, [declaring(KUTIA, topics=topics)])
    person = often.person(SAID)
    page = Reader(often.client()).open(topic_link(often, person))
    assert not any(each.startswith(GET_FEWER) for each in page.buttons())
    assert page.press_first().heading == said("en", LEFT_TOPIC, topic=OFFERS_NAME)


@pytest.mark.parametrize("do", ["", "x", "LESS", "less ", "pause", "pause:", "pause:soon"])
def test_what_is_no_button_of_this_page_unsubscribes(world: World, do: str) -> None:
    person = world.person(SAID)
    page = Reader(world.client()).post(topic_link(world, person), [("do", do), ("x", "y")])
    assert page.heading == said("en", LEFT_TOPIC, topic=OFFERS_NAME)
    assert world.state(person)["topic:offers"] == no(OFFERS)


# ── pressed again, and undone ───────────────────────────────────────────────────────────────


@pytest.mark.parametrize("do", ["leave", "off", "less", "pause:2027-05-31"])
@pytest.mark.parametrize("topic", ["offers", ""])
def test_pressed_twice_it_is_one_record_and_can_be_undone(
    each_world: World, person: Profile, do: str, topic: str
) -> None:
    link = topic_link(each_world, person, topic)
    page = Reader(each_world.client()).post(link, [("do", do)]).post(link, [("do", do)])
    assert len(each_world.ledger(person)) == 2
    page.press(UNDO)
    assert each_world.state(person) == person.state


@pytest.mark.parametrize("do", ["leave", "off", "less", "pause:2027-05-31"])
def test_only_who_has_just_pressed_may_undo(world: World, do: str) -> None:
    person = world.person(SAID)
    link = topic_link(world, person)
    Reader(world.client()).post(link, [("do", do)])
    after = world.state(person)
    world.clock.pass_by(minutes=2)
    page = Reader(world.client()).post(link, [("do", do)])
    assert UNDO not in page.buttons()
    for token in ("", "x", "A" * 22):
        fields = [("do", "undo"), ("revision", "2"), ("receipt", token)]
        page = Reader(world.client()).post(link, fields)
        assert page.status == 409
        assert page.says(NOT_UNDONE)
        page = Reader(world.client()).open(f"{link}?saved=2&undo={token}")
        assert UNDO not in page.buttons()
    assert world.state(person) == after


def test_after_a_day_nothing_of_it_is_undone(world: World) -> None:
    person = world.person(SAID)
    page = Reader(world.client()).open(topic_link(world, person)).press(GET_FEWER)
    world.clock.pass_by(days=1, seconds=1)
    page.press(UNDO)
    assert page.status == 409
    assert world.state(person)["topic:offers"] == MONTHLY_OFFERS


def test_another_press_does_not_hand_out_the_undo_of_somebody_elses_save(world: World) -> None:
    """Who was forwarded the mail may press in the minute in which its reader paused."""
    person = world.person(SAID)
    at(world, person).press(TO_MARCH)
    for do in ("less", "pause:2027-03-02", "pause:2027-03-30"):
        page = Reader(world.client()).post(topic_link(world, person), [("do", do)])
        assert UNDO not in page.buttons()
        assert "undo=" not in page.address
    assert world.state(person)["overall"] == MARCH


def test_a_link_without_a_topic_cannot_undo_what_was_done_to_one(world: World) -> None:
    person = world.person(SAID)
    page = Reader(world.client()).open(topic_link(world, person)).press(GET_FEWER)
    entries = [*page.form("undo"), ("do", "undo")]
    assert Reader(world.client()).post(world.link("unsubscribe", person), entries).status == 409
    assert world.state(person)["topic:offers"] == MONTHLY_OFFERS


def test_what_was_saved_elsewhere_is_not_told_to_whoever_has_the_link(world: World) -> None:
    person = world.person(SAID)
    world.say(person, {"topic:tips": TIPS, "contact:phone": "+355691234567"})
    page = Reader(world.client()).open(f"{topic_link(world, person)}?saved=2")
    assert "Tips" not in page.text
    assert "67" not in page.text


ELSEWHERE: list[tuple[dict[str, Any], dict[str, Any]]] = [
    # what holds, what is saved in the preference form
    ({}, {"overall": LESS}),
    ({}, {"topic:offers": MONTHLY_OFFERS}),
    ({}, {"topic:offers": no(OFFERS)}),
    ({"topic:offers": no(OFFERS)}, {"topic:offers": OFFERS}),
    ({"topic:offers": MONTHLY_OFFERS}, {"topic:offers": OFFERS}),
    ({"overall": MARCH}, {"overall": None}),
]


@pytest.mark.parametrize(("holds", "saved"), ELSEWHERE)
@pytest.mark.parametrize("door", ["hosted", "widget", "import"])
def test_a_save_of_another_door_has_no_notice_here_though_a_press_could_have_made_it(
    world: World, holds: dict[str, Any], saved: dict[str, Any], door: Door
) -> None:
    person = world.person({**SAID, **holds})
    record(world, person, {**world.state(person), **saved}, door)
    page = Reader(world.client()).open(f"{topic_link(world, person)}?saved=2")
    assert world.read(person).revision == 2
    assert not page.document.classed("saved")
    assert not page.says(said("en", AT_MOST_A_MONTH, 2))


def test_who_repeats_what_was_done_elsewhere_gets_no_undo_of_it(world: World) -> None:
    """Who was forwarded the mail may press what its reader has just chosen in the form."""
    person = world.person(SAID)
    at(world, person).press(TO_MARCH)
    page = Reader(world.client()).post(topic_link(world, person), [("do", "pause:2027-03-31")])
    assert "undo=" not in page.address
    assert UNDO not in page.buttons()


def test_an_expired_link_of_choices_still_only_unsubscribes(world: World) -> None:
    """And shows neither a pause nor fewer messages, which its own form is for."""
    person = world.person(SAID)
    link = world.link("preferences", person)
    world.clock.pass_by(days=200)
    page = Reader(world.client()).open(link).press(UNSUBSCRIBE_FROM_EVERYTHING).press(UNDO)
    assert page.buttons() == [button("en", UNSUBSCRIBE, FROM_EVERYTHING)]
    page = Reader(world.client()).post(link, [("do", "leave")])
    assert not page.says(TELL_US_WHY)
    assert world.state(person)["overall"] == OFF
