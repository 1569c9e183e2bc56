"""What holds messages of a topic back, and until when, on the pages on which people read of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.support.browsing import Reader
from tests.support.steps import prove
from tests.support.words import Text, said
from tests.support.words.labels import MONTHLY, WEEKLY
from tests.support.words.waiting import (
    AT_NIGHT,
    EMAIL_CAME_BACK,
    LAST_AND_LESS,
    LAST_AND_NEXT,
    NEXT,
    NO_PHONE,
    NOT_TOO_MANY,
    PAUSED_UNTIL,
    PHONE_NOT_CONFIRMED,
)
from tests.support.worlds import (
    KUTIA,
    LESS,
    NEWS,
    OFFERS,
    SAID,
    World,
    declaring,
    make_world,
)
from widget_backend.actions.may_send import ask, question_of
from widget_backend.i18n.languages import language
from widget_backend.links import Link
from widget_backend.rules.decision import Decision
from widget_backend.site.sending import Campaign, Cap, QuietHours
from widget_backend.store.contacts import contacts_of
from widget_backend.store.current_contexts import set_context
from widget_backend.store.database import write_transaction
from widget_backend.store.deliverability import mark_undeliverable
from widget_backend.store.deliveries import Delivery, Message, keep_deliveries
from widget_backend.store.profiles import Profile
from widget_backend.store.reservations import Reservation, take_many

SMS = {"on": True, "channel": "sms", "frequency": "weekly"}
PAUSED = {"reach": "paused", "until": "2027-03-10"}
SITE = declaring(
    KUTIA,
    countries=("AL",),
    time_zone="Europe/Tirane",
    caps=(Cap(most=3, window="4 days"),),
    quiet_hours=(QuietHours(("email", "sms"), "21:00", "08:00"),),
    campaigns=(Campaign("spring", "offers", "Our spring sale begins."),),
)


@pytest.fixture
def shop(each_world: World) -> World:
    """By the clocks of Tirana, on Monday, 1 March 2027, at one in the afternoon."""
    return make_world(each_world.database, [SITE])


def send(world: World, person: Profile, days_ago: int, topic: str = "offers") -> None:
    at = int(world.clock().timestamp()) - days_ago * 86_400
    with write_transaction(world.database):
        message = Message(person.id, f"c{days_ago}", "email", at)
        keep_deliveries(world.database, [Delivery(message, topic, "sent")])


def why(world: World, person: Profile, tag: str = "en") -> str:
    """What stands on the page of the reasons that is opened from the choices."""
    path = world.link("preferences", person, tag)
    return Reader(world.client()).open(f"{path}/why?lang={tag}").text


def day(tag: str, number: int) -> str:
    return language(tag).date(SITE.site.local_time(0).replace(2027, 3, number).date())


# ── each reason ─────────────────────────────────────────────────────────────────────────────


def sent_yesterday(world: World, person: Profile) -> None:
    send(world, person, 1)


def got_many(world: World, person: Profile) -> None:
    for days in (1, 2, 3):
        send(world, person, days, "news")


def came_back(world: World, person: Profile) -> None:
    now = int(world.clock().timestamp())
    with write_transaction(world.database):
        mark_undeliverable(world.database, person.id, now, now)


def at_night(world: World, _: Profile) -> None:
    world.clock.pass_by(hours=10)


def busy(world: World, person: Profile) -> None:
    with write_transaction(world.database):
        until = int(world.clock().timestamp()) + 3 * 86_400
        set_context(world.database, person.id, "open-cart", until)


Happened = Callable[[World, Profile], None] | None
SENT = {"last": "28 February 2027"}
REASONS: list[tuple[dict[str, Any], Happened, Text, dict[str, Any]]] = [
    ({}, sent_yesterday, LAST_AND_NEXT, {**SENT, "frequency": WEEKLY, "date": "7 March 2027"}),
    (
        {"overall": LESS},
        sent_yesterday,
        LAST_AND_LESS,
        {**SENT, "date": "28 March 2027"},
    ),
    ({}, got_many, NOT_TOO_MANY, {"date": "2 March 2027"}),
    ({}, came_back, EMAIL_CAME_BACK, {}),
    ({}, at_night, AT_NIGHT, {"date": "2 March 2027", "time": "08:00"}),
    ({}, busy, NEXT, {"date": "4 March 2027"}),
    ({"topic:offers": SMS}, None, NO_PHONE, {}),
    ({"topic:offers": SMS, "contact:phone": "+355691234567"}, None, PHONE_NOT_CONFIRMED, {}),
]


@pytest.mark.parametrize(("wanted", "happens", "sentence", "values"), REASONS)
def test_each_reason_is_told_with_its_end(
    shop: World, wanted: dict[str, Any], happens: Happened, sentence: Text, values: dict[str, Any]
) -> None:
    person = shop.person({"topic:offers": OFFERS, **wanted})
    if happens:
        happens(shop, person)
    expected = said("en", sentence, **values)
    assert expected in why(shop, person)
    assert expected in prove(shop, person).text


def test_it_is_told_in_the_readers_language(shop: World, tag: str) -> None:
    person = shop.person({"topic:offers": OFFERS})
    send(shop, person, 0)
    dates = {"last": day(tag, 1), "date": day(tag, 8)}
    expected = said(tag, LAST_AND_NEXT, **dates, frequency=said(tag, WEEKLY))
    assert expected in why(shop, person, tag)


def test_where_nothing_holds_it_back_nothing_is_told(shop: World) -> None:
    person = shop.person(SAID)
    send(shop, person, 30)
    for text in (why(shop, person), prove(shop, person).text):
        assert "next may come" not in text
        assert "Nothing comes" not in text


# ── what is told once, and what is not told ─────────────────────────────────────────────────


def test_a_pause_is_told_once_above_the_topics_and_with_the_topic_of_a_message(
    shop: World,
) -> None:
    person = shop.person({**SAID, "overall": PAUSED})
    sentence = said("en", PAUSED_UNTIL, date="10 March 2027")
    assert sentence not in why(shop, person)
    link = Link("kutia", person.handle, campaign="spring", topic="offers")
    path = f"/p/{shop.signer.mint('preferences', link, shop.clock())}/why"
    assert sentence in Reader(shop.client()).open(path).text


def test_whoever_a_message_was_forwarded_to_learns_nothing_of_it(shop: World) -> None:
    """An unsubscribe link is in each message, and shows nobody's choices."""
    person = shop.person({**SAID, "overall": PAUSED})
    link = Link("kutia", person.handle, campaign="spring", topic="offers")
    for door, purpose in (("u", "unsubscribe"), ("q", "questions")):
        path = f"/{door}/{shop.signer.mint(purpose, link, shop.clock())}/why"  # type: ignore[arg-type]
        assert "10 March 2027" not in Reader(shop.client()).open(path).text


def test_no_number_of_a_cap_and_no_place_of_a_sender_is_told(shop: World) -> None:
    person = shop.person({"topic:offers": OFFERS})
    now = int(shop.clock().timestamp())
    place = Reservation(person.id, "spring", "offers", "email", "shop", now + 60, now + 600)
    with write_transaction(shop.database):
        take_many(shop.database, [place])
    assert "next may come" not in why(shop, person), "nothing came yet"
    got_many(shop, person)
    assert "at most" not in why(shop, person)


def test_who_has_not_confirmed_is_told_nothing(shop: World) -> None:
    person = shop.person(SAID, pending=True)
    assert "next may come" not in why(shop, person)


# ── true ────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("days_ago", [0, 1, 6, 7])
@pytest.mark.parametrize("frequency", [WEEKLY, MONTHLY])
def test_the_day_is_that_on_which_a_campaign_may_go(
    shop: World, days_ago: int, frequency: Text
) -> None:
    person = shop.person({"topic:offers": {**OFFERS, "frequency": frequency.msgid}})
    send(shop, person, days_ago)
    decision = decided(shop, person)
    if decision.not_before is None:
        assert decision.allowed
        assert "next may come" not in why(shop, person)
    else:
        first = SITE.site.local_time(decision.not_before).date()
        day = " ".join(language("en").date(first).split())
        assert f"the next may come from {day}." in why(shop, person)


def decided(shop: World, person: Profile) -> Decision:
    """What a sender of the spring campaign is told."""
    now = int(shop.clock().timestamp())
    question = question_of(shop.database, SITE.site, "spring")
    contact = contacts_of(shop.database, "kutia", [person.id])[person.id]
    return ask(shop.database, SITE.site, question, contact, now, now)


def test_it_takes_as_many_queries_for_two_topics_as_for_one(
    shop: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, two = (
        shop.person({"topic:offers": OFFERS}),
        shop.person({"topic:offers": OFFERS, "topic:news": NEWS}, email="b@example.com"),
    )
    counts = []
    execute = shop.database.execute_sql
    for person in (one, two):
        asked: list[str] = []
        monkeypatch.setattr(
            shop.database, "execute_sql", lambda sql, *a, q=asked: q.append(sql) or execute(sql, *a)
        )
        why(shop, person)
        counts.append(len(asked))
    assert counts[0] == counts[1]
