"""Leaving from a campaign's message: its topic in one press, everything in another."""

from __future__ import annotations

import pytest

from tests.support.browsing import Reader
from tests.support.steps import button, pauses, topic_link
from tests.support.words import said
from tests.support.words.preferences import AT_MOST_A_MONTH, GET_FEWER, UNDO
from tests.support.words.unsubscribe import (
    CAN_BE_UNDONE,
    FOLLOWS_ELSEWHERE,
    LEFT_TOPIC,
    NOT_ASKED_FOR,
    NOT_USEFUL,
    ONLY_TOPIC,
    REST_STAYS,
    SOMETHING_ELSE,
    TOO_MANY,
    TOPIC_AT_MOST_MONTHLY,
    UNSUBSCRIBE,
    UNSUBSCRIBE_FROM_EVERYTHING,
    UNSUBSCRIBE_FROM_SITE,
    UNSUBSCRIBE_FROM_TOPIC,
    UNSUBSCRIBED,
)
from tests.support.worlds import (
    KUTIA,
    OFF,
    OFFERS,
    OFFERS_NAME,
    SAID,
    World,
    make_world,
    no,
    without_topic,
)
from widget_backend.store.profiles import Profile


@pytest.fixture
def person(each_world: World) -> Profile:
    return each_world.person(SAID)


def test_its_topic_is_left_everything_else_stays_and_undo_brings_it_back(
    each_world: World, person: Profile, tag: str
) -> None:
    page = Reader(each_world.client()).open(topic_link(each_world, person, tag=tag))
    first = said(tag, UNSUBSCRIBE_FROM_TOPIC, topic=OFFERS_NAME)
    assert page.heading == first
    everything = button(tag, UNSUBSCRIBE_FROM_EVERYTHING, CAN_BE_UNDONE)
    assert page.buttons() == [
        button(tag, UNSUBSCRIBE, ONLY_TOPIC),
        button(tag, GET_FEWER, TOPIC_AT_MOST_MONTHLY),
        *pauses(tag),
        everything,
    ]
    page.press_first()
    assert page.heading == said(tag, LEFT_TOPIC, topic=OFFERS_NAME)
    assert page.says(said(tag, REST_STAYS))
    assert each_world.state(person) == {**person.state, "topic:offers": no(OFFERS)}
    assert page.says(said(tag, AT_MOST_A_MONTH, 1))
    reasons = (TOO_MANY, NOT_USEFUL, NOT_ASKED_FOR, FOLLOWS_ELSEWHERE, SOMETHING_ELSE)
    assert page.buttons() == [
        said(tag, UNDO),
        *[said(tag, each) for each in reasons],
        everything,
    ]
    page.press(said(tag, UNDO))
    assert page.heading == first
    assert each_world.state(person) == person.state


def test_everything_is_one_press_away_too(each_world: World, person: Profile) -> None:
    page = Reader(each_world.client()).open(topic_link(each_world, person))
    page.press(UNSUBSCRIBE_FROM_EVERYTHING)
    assert page.heading == UNSUBSCRIBED
    assert each_world.state(person) == {**person.state, "overall": OFF}
    page.press(UNDO)
    assert each_world.state(person) == person.state


def test_the_campaigns_internal_name_is_never_shown(world: World) -> None:
    page = Reader(world.client()).open(topic_link(world, world.person(SAID)))
    assert "spring-upload" not in page.response.get_data(as_text=True).replace(page.address, "")
    assert not page.says("spring-upload-v2")


def test_one_topics_link_cannot_undo_the_leaving_of_another(world: World) -> None:
    person = world.person(SAID)
    Reader(world.client()).open(topic_link(world, person, "news")).press_first()
    page = Reader(world.client()).open(topic_link(world, person, "offers"))
    answer = page.post(topic_link(world, person, "offers"), [("do", "undo"), ("revision", "2")])
    assert answer.status == 409
    assert not world.state(person)["topic:news"]["on"]


def test_leaving_it_twice_is_one_record(world: World) -> None:
    person = world.person(SAID)
    at = topic_link(world, person)
    Reader(world.client()).post(at, [("do", "leave")]).post(at, [("do", "leave")])
    assert len(world.ledger(person)) == 2


def test_a_topic_that_vanished_leaves_everything(world: World) -> None:
    """Nobody can say what it was called, so the page offers what it can say."""
    smaller = make_world(world.database, [without_topic(KUTIA, "offers")])
    person = smaller.person(SAID)
    page = Reader(smaller.client()).open(topic_link(smaller, person))
    assert page.heading == said("en", UNSUBSCRIBE_FROM_SITE, site="Kutia C++!")
    page.press(UNSUBSCRIBE)
    assert smaller.state(person) == {**person.state, "overall": OFF}
