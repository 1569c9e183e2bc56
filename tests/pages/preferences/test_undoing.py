"""Undo: for whoever has just saved, for a day, and never a way to write to somebody again."""

from __future__ import annotations

import pytest

from tests.support.browsing import Reader
from tests.support.steps import at
from tests.support.words import said
from tests.support.words.labels import GETS_TOPIC_NO_LONGER, NO
from tests.support.words.preferences import NOT_UNDONE, PHONE_NUMBER, SAVE, UNDO, how
from tests.support.words.questions import ANSWERS_SAVED
from tests.support.words.unsubscribe import UNSUBSCRIBE, UNSUBSCRIBED
from tests.support.worlds import OFF, OFFERS, OFFERS_NAME, SAID, World, no
from widget_backend.links import Purpose
from widget_backend.store.profiles import Profile

SMS = {"on": True, "channel": "sms", "frequency": "monthly"}


@pytest.fixture
def person(world: World) -> Profile:
    return world.person(SAID)


def test_after_a_day_a_save_is_not_undone_and_not_offered(world: World, person: Profile) -> None:
    page = at(world, person).untick(OFFERS_NAME).press(SAVE)
    told, entries = page.address, [*page.form("undo"), ("do", "undo")]
    world.clock.pass_by(days=1, seconds=1)
    assert UNDO not in page.open(told).buttons()
    page.post(world.link("preferences", person), entries)
    assert page.status == 409
    assert page.says(NOT_UNDONE)
    assert world.state(person)["topic:offers"] == no(OFFERS)


@pytest.mark.parametrize("purpose", ["preferences", "questions", "unsubscribe"])
@pytest.mark.parametrize("days", [0, 200])
def test_who_left_is_not_subscribed_again_by_whoever_has_a_link(
    world: World, person: Profile, purpose: Purpose, days: int
) -> None:
    """Mail gets forwarded: only who pressed the button has the undo token, whatever the link."""
    link = world.link(purpose, person)
    world.clock.pass_by(days=days)
    Reader(world.client()).open(world.link("unsubscribe", person)).press(UNSUBSCRIBE)
    world.clock.pass_by(minutes=2)
    for undo_token in ("", "x", "AAAAAAAAAAAAAAAAAAAAAA"):
        fields = [("do", "undo"), ("revision", "2"), ("receipt", undo_token)]
        assert Reader(world.client()).post(link, fields).status in {409, 410}
    if days == 0 and purpose != "questions":
        page = Reader(world.client()).open(f"{link}?saved=2&undo=x")
        assert UNDO not in page.buttons()
    Reader(world.client()).post(world.link("unsubscribe", person), [("do", "off")])
    assert world.state(person)["overall"] == OFF


def test_pressing_again_when_one_has_left_long_ago_gives_no_undo_token(
    world: World, person: Profile
) -> None:
    link = world.link("unsubscribe", person)
    Reader(world.client()).open(link).press(UNSUBSCRIBE)
    world.clock.pass_by(minutes=2)
    page = Reader(world.client()).post(link, [("do", "off")])
    assert page.heading == UNSUBSCRIBED
    assert UNDO not in page.buttons()


def test_an_undo_token_is_for_one_save_of_one_person(world: World, person: Profile) -> None:
    other = world.person(SAID, email="b@example.com")
    page = Reader(world.client()).open(world.link("unsubscribe", other)).press(UNSUBSCRIBE)
    (undo_token,) = [value for name, value in page.form("undo") if name == "receipt"]
    Reader(world.client()).open(world.link("unsubscribe", person)).press(UNSUBSCRIBE)
    fields = [("do", "undo"), ("revision", "2"), ("receipt", undo_token)]
    assert Reader(world.client()).post(world.link("unsubscribe", person), fields).status == 409
    assert world.state(person)["overall"] == OFF


def test_undo_keeps_the_number_that_another_topic_came_to_need(
    world: World, person: Profile
) -> None:
    page = at(world, person).choose(how("en", OFFERS_NAME), "sms")
    page.fill(PHONE_NUMBER, "+355 69 123 4567").press(SAVE)
    world.say(person, {"topic:news": SMS})
    page.press(UNDO)
    assert page.status == 409
    assert world.state(person)["contact:phone"] == "+355691234567"


def test_undo_takes_the_number_back_that_nothing_else_needs(world: World, person: Profile) -> None:
    page = at(world, person).choose(how("en", OFFERS_NAME), "sms")
    page.fill(PHONE_NUMBER, "+355 69 123 4567").press(SAVE).press(UNDO)
    assert world.state(person) == person.state


# ── links that end while a form is open ─────────────────────────────────────────────────────


def test_an_embed_link_that_is_over_shows_nothing_for_having_been_saved_with(
    world: World, person: Profile
) -> None:
    page = Reader(world.client()).open(world.link("embed", person)).untick(OFFERS_NAME)
    page.press(SAVE)
    told = page.address
    world.clock.pass_by(minutes=16)
    assert page.open(told).status == 410


def test_a_save_by_a_link_that_ended_meanwhile_is_told_at_once(world: World, tag: str) -> None:
    person = world.person(SAID)
    page = Reader(world.client()).open(world.link("embed", person, tag)).untick(OFFERS_NAME)
    world.clock.pass_by(hours=3)
    page.press(said(tag, SAVE))
    assert (page.sent.status_code, page.status) == (200, 200)
    assert page.says(said(tag, GETS_TOPIC_NO_LONGER, topic=OFFERS_NAME))
    page.press(said(tag, UNDO))
    assert world.state(person) == person.state


def test_answers_by_a_link_that_ended_meanwhile_lead_to_the_next(world: World) -> None:
    person = world.person(SAID)
    page = Reader(world.client()).open(world.link("embed", person) + "?view=questions")
    world.clock.pass_by(hours=3)
    page.tick(NO).tick("Attic").press(SAVE)
    assert (page.sent.status_code, page.heading) == (200, "Your home")
    assert page.says(ANSWERS_SAVED)
