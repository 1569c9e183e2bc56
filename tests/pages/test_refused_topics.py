"""What may not come is promised nowhere: the number is not confirmed, or mail came back."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.browsing import Reader
from tests.support.steps import at, prove, topic_link
from tests.support.words import beginning, said
from tests.support.words.account import NUMBER_NOT_CONFIRMED
from tests.support.words.labels import GETS_TOPIC, GETS_TOPIC_LATER, SET_TO, SMS_CHANNEL, WEEKLY
from tests.support.words.preferences import (
    AT_MOST_A_MONTH,
    BEFORE_AT_MOST,
    HOW,
    NEW_NUMBER,
    NO_MESSAGES,
    PHONE_IS_KNOWN,
    PHONE_NUMBER,
    SAVE,
    UNDO,
)
from tests.support.words.waiting import EMAIL_CAME_BACK, NOTHING_FOR_NOW, PHONE_NOT_CONFIRMED
from tests.support.worlds import (
    KUTIA,
    NEWS,
    NEWS_NAME,
    OFFERS,
    OFFERS_NAME,
    RECEIPTS,
    World,
    declaring,
    make_world,
)
from widget_backend.actions.may_send import outlook
from widget_backend.store.database import write_transaction
from widget_backend.store.deliverability import mark_undeliverable
from widget_backend.store.models import Identity
from widget_backend.store.profiles import Profile

NUMBER = "+355691234567"
BY_SMS = {"on": True, "channel": "sms", "frequency": "weekly"}
TYPED = {"topic:offers": BY_SMS, "contact:phone": NUMBER}
PAUSED = {"reach": "paused", "until": "2027-03-10"}
AGREED_BEFOREHAND = {**OFFERS, "basis": "pre_ticked", "basis_at": None}


def confirm_number(world: World, person: Profile) -> None:
    theirs = (Identity.profile == person.id) & (Identity.kind == "phone")
    Identity.update(confirmed=True).where(theirs).execute(world.database)


def set_to_sms(tag: str) -> str:
    channel, frequency = said(tag, SMS_CHANNEL), said(tag, WEEKLY)
    return said(tag, SET_TO, topic=OFFERS_NAME, channel=channel, frequency=frequency)


def offers_come_by_sms(tag: str) -> str:
    channel, frequency = said(tag, SMS_CHANNEL), said(tag, WEEKLY)
    return said(tag, GETS_TOPIC, topic=OFFERS_NAME, channel=channel, frequency=frequency)


# ── the form ────────────────────────────────────────────────────────────────────────────────


def test_who_types_a_number_is_told_that_nothing_comes_to_it_yet(world: World, tag: str) -> None:
    person = world.person({"topic:offers": OFFERS, "topic:news": NEWS, "language": tag})
    page = at(world, person, tag)
    assert page.says(said(tag, NEW_NUMBER)), "before it is typed"
    page.choose(f"{said(tag, HOW)} {OFFERS_NAME}", "sms").fill(said(tag, PHONE_NUMBER), NUMBER)
    page.press(said(tag, SAVE))
    assert page.says(f"{set_to_sms(tag)} {said(tag, PHONE_NOT_CONFIRMED)}")
    assert not page.says(offers_come_by_sms(tag))
    assert page.says(said(tag, AT_MOST_A_MONTH, count=1)), "the news, by email"
    assert page.text.count(said(tag, PHONE_NOT_CONFIRMED)) == 2, "in the notice and at the topic"
    is_known = said(tag, PHONE_IS_KNOWN, number="•••• 67")
    assert page.says(f"{said(tag, NEW_NUMBER)} {is_known}")


@pytest.mark.parametrize("door", ["preferences", "embed"])
def test_the_form_counts_and_names_what_may_not_come(world: World, tag: str, door: Any) -> None:
    person = world.person({**TYPED, "topic:news": NEWS})
    page = Reader(world.client()).open(f"{world.link(door, person, tag)}?lang={tag}")
    assert page.says(said(tag, AT_MOST_A_MONTH, count=1))
    assert page.text.count(said(tag, PHONE_NOT_CONFIRMED)) == 1
    confirm_number(world, person)
    page.open(f"{world.link(door, person, tag)}?lang={tag}")
    assert page.says(said(tag, AT_MOST_A_MONTH, count=6))
    assert not page.says(said(tag, PHONE_NOT_CONFIRMED))


def test_where_nothing_may_come_at_all_no_number_is_promised(world: World, tag: str) -> None:
    page = at(world, world.person({**TYPED, "language": tag}), tag)
    assert not page.says(beginning(tag, AT_MOST_A_MONTH))
    assert page.press(said(tag, SAVE)).says(said(tag, NO_MESSAGES, messages=RECEIPTS))


def test_a_site_that_sends_to_numbers_as_typed_says_so(each_world: World) -> None:
    site = declaring(KUTIA, unverified_numbers=True)
    world = make_world(each_world.database, [site])
    person = world.person(TYPED)
    page = at(world, person)
    assert not page.says(NEW_NUMBER)
    assert page.says(said("en", AT_MOST_A_MONTH, count=5))
    assert not page.says(PHONE_NOT_CONFIRMED)
    assert not prove(world, person).says(NUMBER_NOT_CONFIRMED)


def test_what_came_before_is_only_counted_where_it_is_known(world: World) -> None:
    person = world.person({**TYPED, "topic:news": NEWS})
    page = at(world, person).untick(NEWS_NAME).press(SAVE)
    assert not page.says(beginning("en", BEFORE_AT_MOST)), "of SMS it is not"


def test_after_an_undo_nothing_is_promised_either(world: World) -> None:
    page = at(world, world.person({**TYPED, "topic:news": NEWS})).untick(OFFERS_NAME).press(SAVE)
    page.press(UNDO)
    assert page.says(f"{set_to_sms('en')} {PHONE_NOT_CONFIRMED}")


def test_a_pause_promises_nothing_for_its_end(world: World) -> None:
    person = world.person({"topic:news": NEWS, "topic:offers": {**BY_SMS, "on": False}})
    world.say(person, {"contact:phone": NUMBER, "overall": PAUSED})
    page = at(world, person).tick(OFFERS_NAME).press(SAVE)
    assert page.says(set_to_sms("en"))
    assert not page.says(beginning("en", GETS_TOPIC_LATER))


def test_leaving_everything_is_said_once_and_not_at_each_topic(world: World, tag: str) -> None:
    """At a topic only the reason stands that outlasts coming back."""
    person = world.person({**TYPED, "overall": {"reach": "off", "until": None}})
    page = at(world, person, tag)
    assert page.text.count(said(tag, PHONE_NOT_CONFIRMED)) == 1
    confirm_number(world, person)
    for page in (at(world, person, tag), prove(world, person, tag)):
        assert not page.says(said(tag, PHONE_NOT_CONFIRMED))
        assert not page.says(said(tag, NOTHING_FOR_NOW))


def test_who_has_left_a_topic_reads_nothing_of_its_number(world: World) -> None:
    page = at(world, world.person({**TYPED, "topic:news": NEWS})).untick(OFFERS_NAME).press(SAVE)
    assert not page.says(PHONE_NOT_CONFIRMED)


# ── the other pages ─────────────────────────────────────────────────────────────────────────


def test_no_page_says_that_it_comes(world: World, tag: str) -> None:
    person = world.person(TYPED)
    link = world.link("preferences", person, tag)
    data, why, leave = (
        prove(world, person, tag),
        Reader(world.client()).open(f"{link}/why?lang={tag}"),
        Reader(world.client()).open(topic_link(world, person, tag=tag)),
    )
    for page in (data, why, leave):
        assert not page.says(offers_come_by_sms(tag))
        assert page.says(set_to_sms(tag))
    assert data.says(said(tag, NUMBER_NOT_CONFIRMED))
    assert data.says(said(tag, PHONE_NOT_CONFIRMED))
    assert why.says(said(tag, NO_MESSAGES, messages=RECEIPTS))


def test_a_confirmed_number_is_not_called_unconfirmed(world: World) -> None:
    person = world.person(TYPED)
    confirm_number(world, person)
    assert not prove(world, person).says(NUMBER_NOT_CONFIRMED)


def test_who_unsubscribes_from_another_topic_is_promised_no_more(world: World) -> None:
    person = world.person({**TYPED, "topic:news": NEWS})
    page = Reader(world.client()).open(topic_link(world, person, "news")).press_first()
    assert not page.says(beginning("en", AT_MOST_A_MONTH))


# ── other reasons ───────────────────────────────────────────────────────────────────────────


def test_mail_that_came_back_is_not_promised(world: World, tag: str) -> None:
    person = world.person({"topic:offers": OFFERS})
    now = int(world.clock().timestamp())
    with write_transaction(world.database):
        mark_undeliverable(world.database, person.id, now, now)
    page = Reader(world.client()).open(f"{world.link('embed', person, tag)}?lang={tag}")
    assert page.says(said(tag, EMAIL_CAME_BACK))
    assert not page.says(beginning(tag, AT_MOST_A_MONTH))


def test_a_consent_that_is_none_by_law_is_not_counted(each_world: World) -> None:
    """And nobody is told that they chose what was ticked beforehand."""
    world = make_world(each_world.database, [declaring(KUTIA, countries=("DE",))])
    person = world.person({"topic:offers": AGREED_BEFOREHAND, "topic:news": NEWS})
    assert at(world, person).says(said("en", AT_MOST_A_MONTH, count=1))


@pytest.mark.parametrize(
    "state",
    [
        {"topic:offers": OFFERS, "topic:news": NEWS},
        {**TYPED, "topic:news": NEWS},
        {"topic:offers": BY_SMS},
        {"topic:offers": AGREED_BEFOREHAND},
    ],
)
def test_the_number_is_that_of_what_a_sender_may_send(
    each_world: World, state: dict[str, Any]
) -> None:
    """At a moment at which nothing waits."""
    world = make_world(each_world.database, [declaring(KUTIA, countries=("DE",))])
    person = world.person(state)
    now = int(world.clock().timestamp())
    decisions = outlook(world.database, world.site(), person.id, now)
    may_come = {"offers": 5, "news": 1}
    count = sum(may_come[topic] for topic, each in decisions.items() if each.allowed)
    page = at(world, person)
    if count:
        assert page.says(said("en", AT_MOST_A_MONTH, count=count))
    else:
        assert not page.says(beginning("en", AT_MOST_A_MONTH))


def test_who_gets_everything_by_email_costs_no_query_more(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = world.person({"topic:offers": OFFERS})
    asked: list[object] = []
    monkeypatch.setattr(
        "widget_backend.pages.waiting.outlook", lambda *args: asked.append(args) or {}
    )
    assert at(world, person).says(said("en", AT_MOST_A_MONTH, count=5))
    assert asked == []
