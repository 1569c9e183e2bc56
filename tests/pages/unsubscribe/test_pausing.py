"""Pauses by an unsubscribe link: until a date, however long the page has been open."""

from __future__ import annotations

from datetime import date

import pytest

from tests.support.browsing import Reader
from tests.support.steps import button, comes_as, pauses, topic_link
from tests.support.words import beginning, said
from tests.support.words.labels import ALL_AS_CHOSEN, ALL_PAUSED, GETS_TOPIC_LATER, WEEKLY
from tests.support.words.preferences import (
    GET_FEWER,
    NO_MESSAGES,
    PAUSE_UNTIL,
    UNDO,
)
from tests.support.words.unsubscribe import (
    CAN_BE_UNDONE,
    NOT_PAUSED,
    ONLY_TOPIC,
    UNSUBSCRIBE,
    UNSUBSCRIBE_FROM_EVERYTHING,
    UNSUBSCRIBE_FROM_TOPIC,
)
from tests.support.worlds import OFFERS_NAME, SAID, World
from widget_backend.i18n.languages import language
from widget_backend.store.profiles import Profile

MARCH = {"reach": "paused", "until": "2027-03-31"}
TO_MARCH = said("en", PAUSE_UNTIL, date="31 March 2027")


@pytest.fixture
def person(each_world: World) -> Profile:
    return each_world.person(SAID)


def test_a_pause_holds_all_messages_until_its_date(
    each_world: World, person: Profile, tag: str
) -> None:
    page = Reader(each_world.client()).open(topic_link(each_world, person, tag=tag))
    page.press(pauses(tag)[0])
    assert page.says(said(tag, ALL_PAUSED, date=language(tag).date(date(2027, 3, 31))))
    assert not page.says(beginning(tag, NO_MESSAGES)), "which the notice says in other words"
    assert each_world.state(person) == {**person.state, "overall": MARCH}
    assert page.buttons() == [
        said(tag, UNDO),
        button(tag, UNSUBSCRIBE, ONLY_TOPIC),
        *pauses(tag)[1:],
        button(tag, UNSUBSCRIBE_FROM_EVERYTHING, CAN_BE_UNDONE),
    ]
    page.press(said(tag, UNDO))
    assert page.says(said(tag, ALL_AS_CHOSEN))
    assert each_world.state(person) == person.state


def test_in_a_pause_the_page_says_until_when_and_what_comes_then(world: World, tag: str) -> None:
    person = world.person({**SAID, "overall": MARCH})
    page = Reader(world.client()).open(topic_link(world, person, tag=tag))
    assert page.heading == said(tag, UNSUBSCRIBE_FROM_TOPIC, topic=OFFERS_NAME)
    assert page.says(said(tag, ALL_PAUSED, date=language(tag).date(date(2027, 3, 31))))
    assert page.says(comes_as(tag, WEEKLY, GETS_TOPIC_LATER))
    assert not any(each.startswith(said(tag, GET_FEWER)) for each in page.buttons())


@pytest.mark.parametrize(
    "until",
    ["2027-03-01", "2027-02-28", "2027-08-31", "2027-02-30", "0000-00-00", "9999-12-31"],
)
def test_a_date_that_is_over_or_too_far_away_changes_nothing_and_says_so(
    world: World, tag: str, until: str
) -> None:
    person = world.person(SAID)
    stored = world.dump()
    page = Reader(world.client())
    page.post(topic_link(world, person, tag=tag), [("do", f"pause:{until}")])
    assert page.status == 409
    assert page.heading == said(tag, UNSUBSCRIBE_FROM_TOPIC, topic=OFFERS_NAME)
    assert page.says(said(tag, NOT_PAUSED))
    assert said(tag, UNDO) not in page.buttons()
    assert page.buttons()[2:5] == pauses(tag), "to press another one"
    assert world.dump() == stored


@pytest.mark.parametrize(("days", "counts"), [(1, True), (2, True), (29, True), (30, False)])
def test_a_page_that_stood_open_pauses_until_its_date_as_long_as_that_has_not_come(
    world: World, days: int, counts: bool
) -> None:
    """A phone shows a page again that was opened weeks ago."""
    person = world.person(SAID)
    page = Reader(world.client()).open(topic_link(world, person))
    world.clock.pass_by(days=days)
    page.press(TO_MARCH)
    assert page.says(NOT_PAUSED) is not counts
    assert (UNDO in page.buttons()) is counts
    assert world.state(person).get("overall") == (MARCH if counts else None)
