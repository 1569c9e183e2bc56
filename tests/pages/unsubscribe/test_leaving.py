"""Leaving is never blocked: not by age of link, other errors, other devices or a missing detail."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from urllib.parse import urljoin

import pytest

from tests.support.browsing import Reader
from tests.support.steps import at
from tests.support.worlds import (
    LESS,
    NEWS,
    NEWS_NAME,
    OFF,
    OFFERS,
    OFFERS_NAME,
    SAID,
    World,
    no,
    said,
)
from widget_backend.i18n.languages import language
from widget_backend.store.profiles import Profile

PRIMARY = "Unsubscribe"


@pytest.fixture
def person(each_world: World) -> Profile:
    return each_world.person(SAID)


def test_the_unsubscribe_link_opens_a_page_with_one_button(
    each_world: World, person: Profile, tag: str
) -> None:
    page = Reader(each_world.client()).open(each_world.link("unsubscribe", person, tag))
    everything = said(tag, "Unsubscribe from everything that %(site)s sends", site="Kutia C++!")
    assert page.heading == everything
    assert page.buttons() == [said(tag, PRIMARY)]
    assert page.says(said(tag, "Your email address: %(address)s", address="c•••@e•••.com"))
    page.press(said(tag, PRIMARY))
    assert page.heading == said(tag, "You are unsubscribed from everything")
    assert each_world.state(person) == {**person.state, "overall": OFF}
    assert each_world.ledger(person)[-1].door == "unsubscribe"
    page.press(said(tag, "Undo"))
    assert page.heading == everything
    assert page.says(said(tag, "You get messages as you chose for each topic."))
    assert each_world.state(person) == person.state


def test_the_unsubscribe_link_works_for_years(each_world: World, person: Profile) -> None:
    link = each_world.link("unsubscribe", person)
    each_world.clock.pass_by(days=3650)
    Reader(each_world.client()).open(link).press(PRIMARY)
    assert each_world.state(person)["overall"] == OFF


@pytest.mark.parametrize(
    "data", [{}, {"do": "off"}, {"do": "x"}, {"List-Unsubscribe": "One-Click"}]
)
def test_any_press_on_the_unsubscribe_page_leaves(world: World, data: dict[str, str]) -> None:
    person = world.person(SAID)
    page = Reader(world.client()).post(world.link("unsubscribe", person), data.items())
    assert page.status == 200
    assert world.state(person)["overall"] == OFF


def test_leaving_twice_is_one_record_and_undo_brings_back_the_first(
    each_world: World, person: Profile
) -> None:
    link = each_world.link("unsubscribe", person)
    page = Reader(each_world.client())
    page.post(link, [("do", "off")]).post(link, [("do", "off")])
    assert len(each_world.ledger(person)) == 2
    page.press("Undo")
    assert each_world.state(person) == person.state


def test_undo_is_only_offered_for_the_leaving_itself(world: World) -> None:
    """Who left long ago and changed something since must not undo that something by mistake."""
    person = world.person({"overall": OFF})
    world.say(person, {"language": "sq"})
    page = Reader(world.client()).post(world.link("unsubscribe", person, "en"), [("do", "off")])
    assert page.heading == "You are unsubscribed from everything"
    assert "Undo" not in page.buttons()


def test_a_person_without_an_email_can_leave_too(world: World) -> None:
    person = world.person(SAID, email="")
    page = Reader(world.client()).open(world.link("unsubscribe", person))
    assert not page.says("Your email address")
    page.press(PRIMARY)
    assert world.state(person)["overall"] == OFF


# ── old links ───────────────────────────────────────────────────────────────────────────────

OLD: dict[str, Callable[[World, Profile, str], str]] = {
    "preferences": lambda world, person, tag: world.link("preferences", person, tag),
    "questions": lambda world, person, tag: world.link("questions", person, tag),
    "embed": lambda world, person, tag: led_on(world, world.link("embed", person, tag)),
}


def led_on(world: World, link: str) -> str:
    """Where the form behind an embed link leads."""
    page = Reader(world.client()).open(link)
    return next(urljoin(link, to) for to in page.links().values() if "view=questions" in to)


@pytest.mark.parametrize("purpose", OLD)
def test_an_expired_link_says_until_when_and_still_leaves(
    each_world: World, person: Profile, tag: str, purpose: str
) -> None:
    link = OLD[purpose](each_world, person, tag)
    made = each_world.clock().date()
    each_world.clock.pass_by(days=200)
    page = Reader(each_world.client()).open(link)
    title = "This link has expired"
    if purpose == "embed":
        title = "This form has been open for too long"
    else:
        assert page.says(language(tag).date(made + timedelta(days=180)))
    assert (page.status, page.heading) == (410, said(tag, title))
    page.press(said(tag, "Unsubscribe from everything"))
    assert page.status == 200
    assert page.heading == said(tag, "You are unsubscribed from everything")
    assert each_world.state(person) == {**person.state, "overall": OFF}
    page.press(said(tag, "Undo"))
    assert each_world.state(person) == person.state, (
        "whoever leaves by mistake gets no more mail to say so"
    )


def test_nothing_but_that_leaving_can_be_undone_with_an_expired_link(world: World) -> None:
    person = world.person(SAID)
    link = world.link("preferences", person)
    Reader(world.client()).open(link).untick(OFFERS_NAME).press("Save")
    world.clock.pass_by(days=200)
    page = Reader(world.client()).post(link, [("do", "undo"), ("revision", "2")])
    assert page.status == 410
    assert world.state(person)["topic:offers"] == no(OFFERS)


def test_a_full_form_on_an_expired_link_ends_what_it_unticks(
    each_world: World, person: Profile, tag: str
) -> None:
    page = at(each_world, person, tag).untick(OFFERS_NAME)
    page.choose(said(tag, "How often you get “%(topic)s”", topic=NEWS_NAME), "daily")
    each_world.clock.pass_by(days=200)
    page.press(said(tag, "Save"))
    assert (page.status, page.heading) == (410, said(tag, "This link has expired"))
    assert page.says(said(tag, "You will no longer get “%(topic)s”.", topic=OFFERS_NAME))
    assert page.says(said(tag, "The rest is not saved."))
    state = each_world.state(person)
    assert (state["topic:offers"], state["topic:news"]) == (no(OFFERS), NEWS)


def test_a_form_opened_on_the_last_day_can_be_saved_on_the_next(world: World) -> None:
    person = world.person(SAID)
    page = at(world, person)
    world.clock.pass_by(days=180, hours=23)
    page.choose(f"How often you get “{NEWS_NAME}”", "daily").press("Save")
    assert world.state(person)["topic:news"] == {**NEWS, "frequency": "daily"}
    assert page.says("Saved"), "and the save is told"
    assert page.open(page.response.request.path).status == 410, "but the link itself is over"


def test_receiving_less_with_an_expired_link_is_leaving_too(world: World) -> None:
    person = world.person(SAID)
    page = at(world, person)
    world.clock.pass_by(days=200)
    page.press("Get fewer messages")
    assert page.status == 410
    assert page.says("You get fewer messages: each topic at most once a month.")
    assert world.state(person)["overall"] == LESS


# ── other errors ────────────────────────────────────────────────────────────────────────────


def test_an_error_elsewhere_does_not_keep_anyone(
    each_world: World, person: Profile, tag: str
) -> None:
    page = at(each_world, person, tag).untick(OFFERS_NAME)
    page.choose(said(tag, "How you get “%(topic)s”", topic=NEWS_NAME), "post")
    page.fill(said(tag, "Postal address"), "ع" * 401)
    page.press(said(tag, "Save"))
    assert page.status == 422
    assert page.says(said(tag, "You will no longer get “%(topic)s”.", topic=OFFERS_NAME))
    assert page.says(said(tag, "The rest is not saved yet."))
    assert page.value(said(tag, "Postal address")) == "ع" * 401
    assert each_world.state(person) == {**person.state, "topic:offers": no(OFFERS)}
    page.fill(said(tag, "Postal address"), "Rruga 1").press(said(tag, "Save"))
    assert page.status == 200
    assert each_world.state(person)["contact:post"] == "Rruga 1"


@pytest.mark.parametrize(
    ("before", "button", "after"),
    [
        ({}, "Unsubscribe from everything", OFF),
        ({}, "Get fewer messages", LESS),
        ({}, "Pause until 31 March 2027", {"reach": "paused", "until": "2027-03-31"}),
        (
            {"overall": {"reach": "paused", "until": "2027-03-20"}},
            "Pause until 31 March 2027",
            {"reach": "paused", "until": "2027-03-31"},
        ),
        ({"overall": {"reach": "paused", "until": "2027-02-01"}}, "Get fewer messages", LESS),
    ],
)
def test_an_error_does_not_stop_a_button_for_all(
    world: World, before: dict[str, object], button: str, after: dict[str, str | None]
) -> None:
    person = world.person({**SAID, **before})
    page = at(world, person).choose(f"How you get “{OFFERS_NAME}”", "sms")
    page.fill("Phone number", "12").press(button)
    assert world.state(person)["overall"] == after
