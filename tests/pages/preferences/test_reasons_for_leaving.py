"""Why people leave everything on the page of their choices: asked and counted as behind a link."""

from __future__ import annotations

import pytest
from peewee import Database

from tests.support.browsing import Reader
from tests.support.steps import at
from tests.support.words import said
from tests.support.words.preferences import GET_FEWER, SAVE, UNDO, WHAT_SITE_SENDS
from tests.support.words.unsubscribe import (
    NOT_USEFUL,
    TELL_US_WHY,
    THANK_YOU,
    TOO_MANY,
    UNSUBSCRIBE_FROM_EVERYTHING,
)
from tests.support.worlds import OFF, OFFERS_NAME, SAID, World
from widget_backend.store.profiles import Profile
from widget_backend.store.reasons import Reasons, reasons_told

TOLD_ONCE = [Reasons("2027-03", "", "many", 1)]


@pytest.fixture
def person(each_world: World) -> Profile:
    return each_world.person(SAID)


def counted(database: Database) -> list[Reasons]:
    return reasons_told(database, "kutia")


def left(world: World, person: Profile, tag: str = "en") -> Reader:
    return at(world, person, tag).press(said(tag, UNSUBSCRIBE_FROM_EVERYTHING))


def test_a_reason_is_counted_and_thanked_for_and_changes_nothing_else(
    each_world: World, person: Profile, tag: str
) -> None:
    page = left(each_world, person, tag)
    records = len(each_world.ledger(person))
    page.press(said(tag, TOO_MANY))
    assert page.sent.status_code == 303
    assert page.heading == said(tag, WHAT_SITE_SENDS, site=each_world.site(tag).name)
    assert page.says(said(tag, THANK_YOU))
    assert not page.says(said(tag, TELL_US_WHY))
    assert counted(each_world.database) == TOLD_ONCE
    assert each_world.state(person) == {**person.state, "overall": OFF}
    assert len(each_world.ledger(person)) == records
    page.press(said(tag, UNDO))
    assert each_world.state(person) == {**person.state}


def test_pressed_again_with_another_reason_or_by_undoing_it_counts_once(
    each_world: World, person: Profile
) -> None:
    page = left(each_world, person)
    link, sent = page.address.partition("?")[0], page.form("reason")
    for why in ("many", "many", "use"):
        again = Reader(each_world.client()).post(link, [*sent, ("why", why)])
        assert again.says(THANK_YOU)
    page.press(UNDO)
    left(each_world, person).press(NOT_USEFUL)
    assert counted(each_world.database) == TOLD_ONCE


@pytest.mark.parametrize("receipt", ["", "another"])
def test_nobody_counts_with_the_link_alone(
    each_world: World, person: Profile, receipt: str
) -> None:
    page = left(each_world, person)
    link, revision = page.address.partition("?")[0], str(each_world.read(person).revision)
    entries = [("revision", revision), ("receipt", receipt), ("why", "many")]
    assert Reader(each_world.client()).post(link, entries).says(THANK_YOU)
    assert counted(each_world.database) == []
    assert not at(each_world, person).says(TELL_US_WHY)


def test_it_is_asked_after_leaving_everything_only(world: World) -> None:
    page = at(world, world.person(SAID)).press(GET_FEWER)
    assert not page.says(TELL_US_WHY)
    page.untick(OFFERS_NAME).press(SAVE)
    assert not page.says(TELL_US_WHY)


def test_it_is_not_asked_inside_another_page(world: World) -> None:
    page = Reader(world.client()).open(world.link("embed", world.person(SAID)))
    page.press(UNSUBSCRIBE_FROM_EVERYTHING)
    assert not page.says(TELL_US_WHY)


def test_an_ended_link_counts_nothing(world: World) -> None:
    page = left(world, world.person(SAID))
    link, sent = page.address.partition("?")[0], page.form("reason")
    world.clock.pass_by(days=200)
    again = Reader(world.client()).post(link, [*sent, ("why", "many")])
    assert again.status == 410
    assert counted(world.database) == []
