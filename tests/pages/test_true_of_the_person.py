"""What pages say of a person is true of them today: pauses, agreements, topics, and all of it."""

from __future__ import annotations

import pytest

from tests.support.browsing import Reader
from tests.support.my_data import downloaded
from tests.support.steps import NEW_ADDRESS, at, link_in, messages, prove, record, topic_link
from tests.support.words import beginning, said
from tests.support.words.account import (
    AGREED_ON,
    CONFIRMED_ADDRESS,
    DELETE_EVERYTHING,
    DID_NOT_CHOOSE,
    NEW_EMAIL_ADDRESS,
    NO_MORE_MESSAGES_NOR_LINKS,
    SEND_CONFIRMATION,
    SIGNED_UP_IN,
    TOOK_BACK_CHOICE,
    UNCONFIRMED_SIGN_UP,
)
from tests.support.words.labels import (
    ALL_AS_CHOSEN,
    ALL_PAUSED,
    EMAIL_CHANNEL,
    GETS_TOPIC,
    GETS_TOPIC_LATER,
    GETS_TOPIC_NO_LONGER,
    LANGUAGE_SAVED,
    MONTHLY,
    ON_THIS_SITE,
    POST_SAVED,
    WEEKLY,
)
from tests.support.words.mail import IF_NOT_YOU_WRITE
from tests.support.words.preferences import SAVE, UNDO
from tests.support.words.subscribe import CONFIRM, EMAIL_ADDRESS, SIGN_UP
from tests.support.words.unsubscribe import GETS_IT_NO_LONGER
from tests.support.worlds import (
    EMAIL,
    LESS,
    NEWS,
    NEWS_NAME,
    OFF,
    OFFERS,
    OFFERS_NAME,
    SAID,
    TIPS,
    World,
    no,
)
from widget_backend.i18n.languages import language

AGREED_ON_MONDAY = said("en", AGREED_ON, date="1 March 2027", door=ON_THIS_SITE)
PAUSED = {"reach": "paused", "until": "2027-03-10"}


@pytest.fixture
def later() -> str:
    return said("en", GETS_TOPIC_LATER, topic=OFFERS_NAME, channel=EMAIL_CHANNEL, frequency=WEEKLY)


def test_a_pause_that_is_over_is_not_told_as_one_that_holds(world: World) -> None:
    person = world.person({**SAID, "overall": PAUSED})
    told = said("en", ALL_PAUSED, date="10 March 2027")
    assert prove(world, person).text.count(told) == 2, "now, and in the history"
    world.clock.pass_by(days=9)
    page = prove(world, person)
    assert page.text.count(told) == 1, "in the history"
    assert page.says(ALL_AS_CHOSEN)


def test_who_left_a_topic_elsewhere_is_not_told_that_they_agreed(world: World) -> None:
    person = world.person()
    record(world, person, {"topic:offers": OFFERS}, "hosted")
    left = {"OPTIN_TIME": "2023-01-01 09:00:00", "UNSUB_TIME": "2026-12-01 09:00:00"}
    record(world, person, {"topic:offers": no(OFFERS)}, evidence=left)
    page = prove(world, person)
    assert page.says(said("en", GETS_TOPIC_NO_LONGER, topic=OFFERS_NAME))
    assert not page.says(beginning("en", AGREED_ON))


def test_saves_that_sound_alike_are_each_told(world: World) -> None:
    """Two addresses in one minute are two entries: nothing is left out."""
    person = world.person()
    record(world, person, {"contact:post": "Rruga 1, Tirana"}, "hosted")
    record(world, person, {"contact:post": "Rruga 2, Tirana"}, "hosted")
    assert prove(world, person).text.count(POST_SAVED) == 2


def test_a_confirmation_that_is_kept_with_two_profiles_is_told_once(world: World) -> None:
    person = world.person(SAID)
    record(world, person, {}, "confirmation")
    record(world, person, {}, "confirmation")
    assert prove(world, person).text.count(CONFIRMED_ADDRESS) == 1


@pytest.mark.parametrize("end", ["", "?lang=ar"])
def test_who_left_everything_is_told_that_the_topic_comes_no_more(world: World, end: str) -> None:
    person = world.person({**SAID, "overall": OFF})
    page = Reader(world.client()).open(f"{topic_link(world, person)}/why{end}")
    assert page.says(said("ar" if end else "en", GETS_IT_NO_LONGER))
    assert not page.says(beginning("en", AGREED_ON))


def test_a_leaving_that_is_undone_in_a_pause_brings_the_topic_back_after_it(
    world: World, later: str
) -> None:
    person = world.person({**SAID, "overall": PAUSED})
    page = Reader(world.client()).open(topic_link(world, person)).press_first().press(UNDO)
    assert world.state(person)["topic:offers"] == OFFERS
    assert page.says(later)


def test_what_changed_meanwhile_in_a_pause_comes_after_it(world: World, later: str) -> None:
    person = world.person({"topic:news": NEWS, "topic:offers": no(OFFERS), "topic:tips": no(TIPS)})
    world.say(person, {"overall": PAUSED})
    page = at(world, person).untick(NEWS_NAME)
    world.say(person, {"topic:offers": OFFERS})
    page.press(SAVE)
    assert page.status == 409
    assert page.says(later)


def test_a_no_that_is_taken_back_is_not_told_as_a_no_once_more(world: World, tag: str) -> None:
    person = world.person()
    record(world, person, {"topic:offers": no(OFFERS)}, "hosted")
    record(world, person, {"topic:offers": None}, "hosted")
    page = prove(world, person, tag)
    chosen_not = said(tag, DID_NOT_CHOOSE, topic=OFFERS_NAME)
    assert page.text.count(chosen_not) == 1
    assert page.says(said(tag, TOOK_BACK_CHOICE, topic=OFFERS_NAME))


def test_the_old_address_is_promised_nothing_that_it_cannot_do(world: World, tag: str) -> None:
    """Its reader gets no link to the choices any more, so the message has none."""
    page = prove(world, world.person(SAID), tag)
    page.fill(said(tag, NEW_EMAIL_ADDRESS), NEW_ADDRESS)
    page.press(said(tag, SEND_CONFIRMATION))
    Reader(world.client()).open(link_in(messages(world)[-1][2])).press(said(tag, CONFIRM))
    kind, recipient, message = messages(world)[-1]
    assert (kind, recipient) == ("address-changed", EMAIL)
    assert said(tag, IF_NOT_YOU_WRITE) in message
    assert "http" not in message


def test_who_presses_twice_to_delete_everything_reads_twice_that_it_is_deleted(
    world: World, tag: str
) -> None:
    page = prove(world, world.person(SAID), tag)
    address = page.address
    page.press(said(tag, DELETE_EVERYTHING))
    stored, heading = world.dump(), page.heading
    page.post(address, [("do", "erase")])
    assert (page.status, page.heading) == (200, heading)
    assert page.says(said(tag, NO_MORE_MESSAGES_NOR_LINKS))
    assert world.dump() == stored
    assert page.open(address).status == 410


def test_signing_up_in_another_language_is_not_told_as_a_change_of_language(
    world: World, tag: str
) -> None:
    person = world.person({**SAID, "language": "sq"})
    page = Reader(world.client()).open("/s/kutia").fill(EMAIL_ADDRESS, EMAIL)
    page.tick(NEWS_NAME).press(SIGN_UP)
    Reader(world.client()).open(link_in(messages(world)[-1][2])).press(CONFIRM)
    assert world.state(person)["language"] == "sq"
    page = prove(world, person, tag)
    name = language(tag).name_of("en")
    assert page.says(said(tag, SIGNED_UP_IN, language=name))
    assert not page.says(said(tag, LANGUAGE_SAVED, language=name))


@pytest.mark.parametrize("door", ["unsubscribe link", "choices"])
def test_an_undo_puts_back_the_agreement_of_before(each_world: World, door: str) -> None:
    world = each_world
    person = world.person()
    record(world, person, {"topic:offers": OFFERS}, "hosted")
    world.clock.pass_by(days=4)
    if door == "choices":
        page = at(world, person).untick(OFFERS_NAME).press(SAVE)
    else:
        page = Reader(world.client()).open(topic_link(world, person)).press_first()
    page.press(UNDO)
    assert prove(world, person).says(AGREED_ON_MONDAY)


def test_whoever_ticks_a_topic_again_soon_after_leaving_agrees_anew(each_world: World) -> None:
    """Though nothing but the undo button would have changed the same."""
    world = each_world
    person = world.person()
    record(world, person, {"topic:offers": OFFERS}, "hosted")
    world.clock.pass_by(days=4)
    Reader(world.client()).open(topic_link(world, person)).press_first()
    at(world, person).tick(OFFERS_NAME).press(SAVE)
    assert world.state(person)["topic:offers"] == OFFERS
    page = prove(world, person)
    assert not page.says(AGREED_ON_MONDAY)
    assert page.says(f"{beginning('en', AGREED_ON)} 5 March 2027")


def test_a_sign_up_that_nobody_confirmed_is_shown_and_downloaded(
    each_world: World, tag: str
) -> None:
    """Erasing deletes it, so it is held; somebody else may have typed the address."""
    person = each_world.person(SAID)
    page = Reader(each_world.client()).open("/s/kutia").fill(EMAIL_ADDRESS, EMAIL)
    page.tick(NEWS_NAME).press(SIGN_UP)
    day = language(tag).date(each_world.clock().date())
    page = prove(each_world, person, tag)
    assert page.says(said(tag, UNCONFIRMED_SIGN_UP, date=day))
    content = downloaded(each_world, page, tag)
    ((record,),) = content["unconfirmed_sign_ups"]
    assert "topic:news" in [each["subject"] for each in record["changes"]]
    assert record["wording"] in content["wordings"]


def test_with_fewer_messages_a_topic_is_told_as_often_as_it_comes(world: World) -> None:
    person = world.person({"topic:news": NEWS, "topic:offers": no(OFFERS), "overall": LESS})
    page = at(world, person).tick(OFFERS_NAME).press(SAVE)
    assert page.says(
        said("en", GETS_TOPIC, topic=OFFERS_NAME, channel=EMAIL_CHANNEL, frequency=MONTHLY)
    )
    assert world.state(person)["topic:offers"] == OFFERS, "weekly again without fewer messages"
