"""Leaving is never blocked: not by age of link, other errors, other devices or a missing detail."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from urllib.parse import urljoin

import pytest

from tests.support.browsing import Reader
from tests.support.steps import at, button, pauses
from tests.support.words import beginning, said
from tests.support.words.errors import LINK_EXPIRED, OPEN_TOO_LONG, REST_NOT_SAVED
from tests.support.words.labels import ALL_AS_CHOSEN, ALL_LESS, GETS_TOPIC_NO_LONGER
from tests.support.words.preferences import (
    GET_FEWER,
    PAUSE_UNTIL,
    PHONE_NUMBER,
    POSTAL_ADDRESS,
    REST_NOT_SAVED_YET,
    SAVE,
    SAVED,
    STILL_COMES,
    UNDO,
    how,
    how_often,
)
from tests.support.words.subscribe import YOUR_ADDRESS
from tests.support.words.unsubscribe import (
    EACH_AT_MOST_MONTHLY,
    FROM_EVERYTHING,
    NO_MORE_MESSAGES,
    UNSUBSCRIBE,
    UNSUBSCRIBE_FROM_EVERYTHING,
    UNSUBSCRIBE_FROM_SITE,
    UNSUBSCRIBED,
)
from tests.support.worlds import (
    LESS,
    NEWS,
    NEWS_NAME,
    OFF,
    OFFERS,
    OFFERS_NAME,
    RECEIPTS,
    SAID,
    World,
    no,
)
from widget_backend.i18n.languages import language
from widget_backend.store.profiles import Profile


@pytest.fixture
def person(each_world: World) -> Profile:
    return each_world.person(SAID)


def test_the_unsubscribe_link_opens_a_page_whose_first_button_leaves_everything(
    each_world: World, person: Profile, tag: str
) -> None:
    page = Reader(each_world.client()).open(each_world.link("unsubscribe", person, tag))
    everything = said(tag, UNSUBSCRIBE_FROM_SITE, site="Kutia C++!")
    assert page.heading == everything
    assert page.buttons() == [
        button(tag, UNSUBSCRIBE, FROM_EVERYTHING),
        button(tag, GET_FEWER, EACH_AT_MOST_MONTHLY),
        *pauses(tag),
    ]
    assert page.says(said(tag, YOUR_ADDRESS, address="c•••@e•••.com"))
    page.press_first()
    assert page.heading == said(tag, UNSUBSCRIBED)
    assert page.says(said(tag, NO_MORE_MESSAGES, messages=RECEIPTS))
    assert each_world.state(person) == {**person.state, "overall": OFF}
    assert each_world.ledger(person)[-1].door == "unsubscribe"
    page.press(said(tag, UNDO))
    assert page.heading == everything
    assert page.says(said(tag, ALL_AS_CHOSEN))
    assert each_world.state(person) == person.state


def test_opened_again_after_leaving_it_says_once_what_still_comes(world: World, tag: str) -> None:
    link = world.link("unsubscribe", world.person({**SAID, "overall": OFF}), tag)
    page = Reader(world.client()).open(link)
    assert page.heading == said(tag, UNSUBSCRIBED)
    assert page.says(said(tag, STILL_COMES, messages=RECEIPTS))
    assert not page.says(said(tag, NO_MORE_MESSAGES, messages=RECEIPTS))


def test_the_unsubscribe_link_works_for_years(each_world: World, person: Profile) -> None:
    link = each_world.link("unsubscribe", person)
    each_world.clock.pass_by(days=3650)
    Reader(each_world.client()).open(link).press(UNSUBSCRIBE)
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
    page.press(UNDO)
    assert each_world.state(person) == person.state


def test_undo_is_only_offered_for_the_leaving_itself(world: World) -> None:
    """Who left long ago and changed something since must not undo that something by mistake."""
    person = world.person({"overall": OFF})
    world.say(person, {"language": "sq"})
    page = Reader(world.client()).post(world.link("unsubscribe", person, "en"), [("do", "off")])
    assert page.heading == UNSUBSCRIBED
    assert UNDO not in page.buttons()


def test_a_person_without_an_email_can_leave_too(world: World) -> None:
    person = world.person(SAID, email="")
    page = Reader(world.client()).open(world.link("unsubscribe", person))
    assert not page.says(beginning("en", YOUR_ADDRESS))
    page.press(UNSUBSCRIBE)
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
    title = LINK_EXPIRED
    if purpose == "embed":
        title = OPEN_TOO_LONG
    else:
        assert page.says(language(tag).date(made + timedelta(days=180)))
    assert (page.status, page.heading) == (410, said(tag, title))
    page.press(said(tag, UNSUBSCRIBE_FROM_EVERYTHING))
    assert page.status == 200
    assert page.heading == said(tag, UNSUBSCRIBED)
    assert each_world.state(person) == {**person.state, "overall": OFF}
    page.press(said(tag, UNDO))
    assert each_world.state(person) == person.state, (
        "whoever leaves by mistake gets no more mail to say so"
    )


def test_nothing_but_that_leaving_can_be_undone_with_an_expired_link(world: World) -> None:
    person = world.person(SAID)
    link = world.link("preferences", person)
    Reader(world.client()).open(link).untick(OFFERS_NAME).press(SAVE)
    world.clock.pass_by(days=200)
    page = Reader(world.client()).post(link, [("do", "undo"), ("revision", "2")])
    assert page.status == 410
    assert world.state(person)["topic:offers"] == no(OFFERS)


def test_a_full_form_on_an_expired_link_ends_what_it_unticks(
    each_world: World, person: Profile, tag: str
) -> None:
    page = at(each_world, person, tag).untick(OFFERS_NAME)
    page.choose(how_often(tag, NEWS_NAME), "daily")
    each_world.clock.pass_by(days=200)
    page.press(said(tag, SAVE))
    assert (page.status, page.heading) == (410, said(tag, LINK_EXPIRED))
    assert page.says(said(tag, GETS_TOPIC_NO_LONGER, topic=OFFERS_NAME))
    assert page.says(said(tag, REST_NOT_SAVED))
    state = each_world.state(person)
    assert (state["topic:offers"], state["topic:news"]) == (no(OFFERS), NEWS)


def test_a_form_opened_on_the_last_day_can_be_saved_on_the_next(world: World) -> None:
    person = world.person(SAID)
    page = at(world, person)
    world.clock.pass_by(days=180, hours=23)
    page.choose(how_often("en", NEWS_NAME), "daily").press(SAVE)
    assert world.state(person)["topic:news"] == {**NEWS, "frequency": "daily"}
    assert page.says(SAVED), "and the save is told"
    assert page.open(page.response.request.path).status == 410, "but the link itself is over"


def test_receiving_less_with_an_expired_link_is_leaving_too(world: World) -> None:
    person = world.person(SAID)
    page = at(world, person)
    world.clock.pass_by(days=200)
    page.press(GET_FEWER)
    assert page.status == 410
    assert page.says(ALL_LESS)
    assert world.state(person)["overall"] == LESS


# ── other errors ────────────────────────────────────────────────────────────────────────────


def test_an_error_elsewhere_does_not_keep_anyone(
    each_world: World, person: Profile, tag: str
) -> None:
    page = at(each_world, person, tag).untick(OFFERS_NAME)
    page.choose(how(tag, NEWS_NAME), "post")
    page.fill(said(tag, POSTAL_ADDRESS), "ع" * 401)
    page.press(said(tag, SAVE))
    assert page.status == 422
    assert page.says(said(tag, GETS_TOPIC_NO_LONGER, topic=OFFERS_NAME))
    assert page.says(said(tag, REST_NOT_SAVED_YET))
    assert page.value(said(tag, POSTAL_ADDRESS)) == "ع" * 401
    assert each_world.state(person) == {**person.state, "topic:offers": no(OFFERS)}
    page.fill(said(tag, POSTAL_ADDRESS), "Rruga 1").press(said(tag, SAVE))
    assert page.status == 200
    assert each_world.state(person)["contact:post"] == "Rruga 1"


PAUSE_TO_MARCH = said("en", PAUSE_UNTIL, date="31 March 2027")


@pytest.mark.parametrize(
    ("before", "button", "after"),
    [
        ({}, UNSUBSCRIBE_FROM_EVERYTHING, OFF),
        ({}, GET_FEWER, LESS),
        ({}, PAUSE_TO_MARCH, {"reach": "paused", "until": "2027-03-31"}),
        (
            {"overall": {"reach": "paused", "until": "2027-03-20"}},
            PAUSE_TO_MARCH,
            {"reach": "paused", "until": "2027-03-31"},
        ),
        ({"overall": {"reach": "paused", "until": "2027-02-01"}}, GET_FEWER, LESS),
    ],
)
def test_an_error_does_not_stop_a_button_for_all(
    world: World, before: dict[str, object], button: str, after: dict[str, str | None]
) -> None:
    person = world.person({**SAID, **before})
    page = at(world, person).choose(how("en", OFFERS_NAME), "sms")
    page.fill(PHONE_NUMBER, "12").press(button)
    assert world.state(person)["overall"] == after
