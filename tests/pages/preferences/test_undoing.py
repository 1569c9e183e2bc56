"""Undo: for whoever has just saved, for a day, and never a way to write to somebody again."""

from __future__ import annotations

import pytest

from tests.support.browsing import Reader
from tests.support.steps import at
from tests.support.worlds import OFF, OFFERS, OFFERS_NAME, SAID, World, no, said
from widget_backend.links import Purpose
from widget_backend.store.profiles import Profile

NOTHING_UNDONE = "We could not undo that: more than a day has passed, or something else has changed"
SMS = {"on": True, "channel": "sms", "frequency": "monthly"}


@pytest.fixture
def person(world: World) -> Profile:
    return world.person(SAID)


def test_after_a_day_a_save_is_not_undone_and_not_offered(world: World, person: Profile) -> None:
    page = at(world, person).untick(OFFERS_NAME).press("Save")
    told, entries = page.address, [*page.form("undo"), ("do", "undo")]
    world.clock.pass_by(days=1, seconds=1)
    assert "Undo" not in page.open(told).buttons()
    page.post(world.link("preferences", person), entries)
    assert page.status == 409
    assert page.says(NOTHING_UNDONE)
    assert world.state(person)["topic:offers"] == no(OFFERS)


@pytest.mark.parametrize("purpose", ["preferences", "questions", "unsubscribe"])
@pytest.mark.parametrize("days", [0, 200])
def test_who_left_is_not_subscribed_again_by_whoever_has_a_link(
    world: World, person: Profile, purpose: Purpose, days: int
) -> None:
    """Mail gets forwarded: only who pressed the button has the receipt, whatever the link."""
    link = world.link(purpose, person)
    world.clock.pass_by(days=days)
    Reader(world.client()).open(world.link("unsubscribe", person)).press("Unsubscribe")
    world.clock.pass_by(minutes=2)
    for receipt in ("", "x", "AAAAAAAAAAAAAAAAAAAAAA"):
        fields = [("do", "undo"), ("revision", "2"), ("receipt", receipt)]
        assert Reader(world.client()).post(link, fields).status in {409, 410}
    if days == 0 and purpose != "questions":
        page = Reader(world.client()).open(f"{link}?saved=2&undo=x")
        assert "Undo" not in page.buttons()
    Reader(world.client()).post(world.link("unsubscribe", person), [("do", "off")])
    assert world.state(person)["overall"] == OFF


def test_pressing_again_when_one_has_left_long_ago_gives_no_receipt(
    world: World, person: Profile
) -> None:
    link = world.link("unsubscribe", person)
    Reader(world.client()).open(link).press("Unsubscribe")
    world.clock.pass_by(minutes=2)
    page = Reader(world.client()).post(link, [("do", "off")])
    assert page.heading == "You are unsubscribed from everything"
    assert "Undo" not in page.buttons()


def test_a_receipt_is_for_one_save_of_one_person(world: World, person: Profile) -> None:
    other = world.person(SAID, email="b@example.com")
    page = Reader(world.client()).open(world.link("unsubscribe", other)).press("Unsubscribe")
    (receipt,) = [value for name, value in page.form("undo") if name == "receipt"]
    Reader(world.client()).open(world.link("unsubscribe", person)).press("Unsubscribe")
    fields = [("do", "undo"), ("revision", "2"), ("receipt", receipt)]
    assert Reader(world.client()).post(world.link("unsubscribe", person), fields).status == 409
    assert world.state(person)["overall"] == OFF


def test_undo_keeps_the_number_that_another_topic_came_to_need(
    world: World, person: Profile
) -> None:
    page = at(world, person).choose(f"How you get “{OFFERS_NAME}”", "sms")
    page.fill("Phone number", "+355 69 123 4567").press("Save")
    world.say(person, {"topic:news": SMS})
    page.press("Undo")
    assert page.status == 409
    assert world.state(person)["contact:phone"] == "+355691234567"


def test_undo_takes_the_number_back_that_nothing_else_needs(world: World, person: Profile) -> None:
    page = at(world, person).choose(f"How you get “{OFFERS_NAME}”", "sms")
    page.fill("Phone number", "+355 69 123 4567").press("Save").press("Undo")
    assert world.state(person) == person.state


# ── links that end while a form is open ─────────────────────────────────────────────────────


def test_an_embed_link_that_is_over_shows_nothing_for_having_been_saved_with(
    world: World, person: Profile
) -> None:
    page = Reader(world.client()).open(world.link("embed", person)).untick(OFFERS_NAME)
    page.press("Save")
    told = page.address
    world.clock.pass_by(minutes=16)
    assert page.open(told).status == 410


def test_a_save_by_a_link_that_ended_meanwhile_is_told_at_once(world: World, tag: str) -> None:
    person = world.person(SAID)
    page = Reader(world.client()).open(world.link("embed", person, tag)).untick(OFFERS_NAME)
    world.clock.pass_by(hours=3)
    page.press(said(tag, "Save"))
    assert (page.sent.status_code, page.status) == (200, 200)
    assert page.says(said(tag, "You will no longer get “%(topic)s”.", topic=OFFERS_NAME))
    page.press(said(tag, "Undo"))
    assert world.state(person) == person.state


def test_answers_by_a_link_that_ended_meanwhile_lead_to_the_next(world: World) -> None:
    person = world.person(SAID)
    page = Reader(world.client()).open(world.link("embed", person) + "?view=questions")
    world.clock.pass_by(hours=3)
    page.tick("No").tick("Attic").press("Save")
    assert (page.sent.status_code, page.heading) == (200, "Your home")
    assert page.says("Thank you, this is saved.")
