"""What pages say of a person is true of them today: pauses, agreements, topics, and all of it."""

from __future__ import annotations

import pytest

from tests.support.browsing import Reader
from tests.support.steps import NEW_ADDRESS, at, letters, link_in, prove, record, topic_link
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
    said,
)
from widget_backend.i18n.languages import language

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


def test_a_no_that_is_taken_back_is_not_told_as_a_no_once_more(world: World, tag: str) -> None:
    person = world.person()
    record(world, person, {"topic:offers": no(OFFERS)}, "hosted")
    record(world, person, {"topic:offers": None}, "hosted")
    page = prove(world, person, tag)
    chosen_not = said(tag, "You did not choose “%(topic)s”.", topic=OFFERS_NAME)
    assert page.text.count(chosen_not) == 1
    assert page.says(said(tag, "You took back your choice about “%(topic)s”.", topic=OFFERS_NAME))


def test_the_old_address_is_promised_nothing_that_it_cannot_do(world: World, tag: str) -> None:
    """Its reader gets no link to the choices any more, so the message has none."""
    page = prove(world, world.person(SAID), tag)
    page.fill(said(tag, "New email address"), NEW_ADDRESS)
    page.press(said(tag, "Send confirmation email"))
    Reader(world.client()).open(link_in(letters(world)[-1][2])).press(said(tag, "Confirm"))
    kind, recipient, message = letters(world)[-1]
    assert (kind, recipient) == ("address-changed", EMAIL)
    assert said(tag, "If this was not you, write to us: our postal address is below.") in message
    assert "http" not in message


def test_who_presses_twice_to_delete_everything_reads_twice_that_it_is_deleted(
    world: World, tag: str
) -> None:
    page = prove(world, world.person(SAID), tag)
    address = page.address
    page.press(said(tag, "Delete everything now"))
    stored, heading = world.dump(), page.heading
    page.post(address, [("do", "erase")])
    assert (page.status, page.heading) == (200, heading)
    assert page.says(
        said(tag, "You will not get any more messages, and your links no longer work.")
    )
    assert world.dump() == stored
    assert page.open(address).status == 410


def test_signing_up_in_another_language_is_not_told_as_a_change_of_language(
    world: World, tag: str
) -> None:
    person = world.person({**SAID, "language": "sq"})
    page = Reader(world.client()).open("/s/kutia").fill("Email address", EMAIL)
    page.tick(NEWS_NAME).press("Sign up")
    Reader(world.client()).open(link_in(letters(world)[-1][2])).press("Confirm")
    assert world.state(person)["language"] == "sq"
    page = prove(world, person, tag)
    name = language(tag).name_of("en")
    assert page.says(said(tag, "You signed up in %(language)s.", language=name))
    assert not page.says(said(tag, "We will now write to you in %(language)s.", language=name))


@pytest.mark.parametrize("hours", [0, 30])
def test_an_undo_puts_back_the_agreement_of_before(world: World, hours: int) -> None:
    person = world.person()
    record(world, person, {"topic:offers": OFFERS}, "hosted")
    world.clock.pass_by(days=4)
    Reader(world.client()).open(topic_link(world, person)).press_first()
    world.clock.pass_by(hours=hours)
    record(world, person, {"topic:offers": OFFERS}, "unsubscribe")
    page = prove(world, person)
    assert page.says("You agreed to this on 1\u00a0March\u00a02027, on this site.") is (not hours)
    assert page.says("You agreed to this on 6\u00a0March\u00a02027") is bool(hours)


def test_a_sign_up_that_nobody_confirmed_is_shown_and_downloaded(
    each_world: World, tag: str
) -> None:
    """Erasing deletes it, so it is held; somebody else may have typed the address."""
    person = each_world.person(SAID)
    page = Reader(each_world.client()).open("/s/kutia").fill("Email address", EMAIL)
    page.tick(NEWS_NAME).press("Sign up")
    day = language(tag).date(each_world.clock().date())
    told = "Someone signed up with this address on %(date)s but has not confirmed it yet."
    page = prove(each_world, person, tag)
    assert page.says(said(tag, told, date=day))
    link = page.links()[said(tag, "Download my data")]
    content = each_world.client().get(link).get_json()
    ((record,),) = content["unconfirmed_sign_ups"]
    assert "topic:news" in [each["subject"] for each in record["changes"]]
    assert record["wording"] in content["wordings"]


def test_with_fewer_messages_a_topic_is_told_as_often_as_it_comes(world: World) -> None:
    person = world.person({"topic:news": NEWS, "topic:offers": no(OFFERS), "overall": LESS})
    page = at(world, person).tick(OFFERS_NAME).press("Save")
    assert page.says(f"You get “{OFFERS_NAME}”: email, monthly.")
    assert world.state(person)["topic:offers"] == OFFERS, "weekly again without fewer messages"
