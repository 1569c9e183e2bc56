"""Why people leave: one press, counted once for who has really left, and kept with nobody."""

from __future__ import annotations

from typing import Any

import pytest
from peewee import Database

from tests.support.browsing import Reader
from tests.support.steps import prove, topic_link
from tests.support.together import pressed_at_once
from tests.support.words import Text, said
from tests.support.words.account import DELETE_EVERYTHING
from tests.support.words.preferences import GET_FEWER, PAUSE_UNTIL, UNDO
from tests.support.words.unsubscribe import (
    FOLLOWS_ELSEWHERE,
    LEFT_TOPIC,
    NOT_ASKED_FOR,
    NOT_USEFUL,
    SOMETHING_ELSE,
    TELL_US_WHY,
    THANK_YOU,
    TOO_MANY,
    UNSUBSCRIBE_FROM_EVERYTHING,
    UNSUBSCRIBED,
)
from tests.support.worlds import OFF, OFFERS, OFFERS_NAME, SAID, World, no
from widget_backend.actions import reasons as actions
from widget_backend.errors import DatabaseUnavailable
from widget_backend.store.profiles import Profile
from widget_backend.store.reasons import Reasons, reasons_told

REASONS = {
    "many": TOO_MANY,
    "use": NOT_USEFUL,
    "asked": NOT_ASKED_FOR,
    "elsewhere": FOLLOWS_ELSEWHERE,
    "other": SOMETHING_ELSE,
}


@pytest.fixture
def person(each_world: World) -> Profile:
    return each_world.person(SAID)


def counted(database: Database) -> list[Reasons]:
    return reasons_told(database, "kutia")


def left(world: World, person: Profile, topic: str = "offers", tag: str = "en") -> Reader:
    """The page after leaving the topic, or everything without one."""
    return Reader(world.client()).open(topic_link(world, person, topic, tag)).press_first()


def entries(page: Reader, why: str) -> list[tuple[str, str]]:
    """What a press on this reason sends."""
    return [*page.form("reason"), ("why", why)]


# ── counted ─────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("reason", "text"), REASONS.items())
def test_a_reason_is_counted_with_topic_and_month_and_thanked_for(
    each_world: World, person: Profile, tag: str, reason: str, text: Text
) -> None:
    page = left(each_world, person, tag=tag)
    assert page.says(said(tag, TELL_US_WHY))
    state, records = each_world.state(person), len(each_world.ledger(person))
    page.press(said(tag, text))
    assert page.sent.status_code == 303
    assert page.heading == said(tag, LEFT_TOPIC, topic=OFFERS_NAME)
    assert page.says(said(tag, THANK_YOU))
    assert not page.says(said(tag, TELL_US_WHY))
    assert counted(each_world.database) == [Reasons("2027-03", "offers", reason, 1)]
    assert each_world.state(person) == state == {**person.state, "topic:offers": no(OFFERS)}
    assert len(each_world.ledger(person)) == records, "it changes nothing else"


def test_for_everything_it_is_counted_without_a_topic(each_world: World, person: Profile) -> None:
    left(each_world, person, topic="").press(TOO_MANY)
    other = each_world.person(SAID, email="b@example.com")
    page = Reader(each_world.client()).open(topic_link(each_world, other))
    page.press(UNSUBSCRIBE_FROM_EVERYTHING).press(TOO_MANY)
    assert page.heading == UNSUBSCRIBED
    assert counted(each_world.database) == [Reasons("2027-03", "", "many", 2)]


def test_who_has_told_why_may_still_undo(each_world: World, person: Profile) -> None:
    page = left(each_world, person).press(NOT_USEFUL).press(UNDO)
    assert each_world.state(person) == person.state
    assert not page.says(TELL_US_WHY)


def test_who_leaves_the_topic_and_then_everything_may_tell_both(world: World) -> None:
    page = left(world, world.person(SAID)).press(TOO_MANY)
    page.press(UNSUBSCRIBE_FROM_EVERYTHING).press(NOT_USEFUL)
    assert counted(world.database) == [
        Reasons("2027-03", "", "use", 1),
        Reasons("2027-03", "offers", "many", 1),
    ]


def test_a_reason_counts_in_the_month_in_which_it_is_given(world: World) -> None:
    world.clock.pass_by(days=30, hours=11, minutes=59, seconds=59)
    page = left(world, world.person(SAID))
    other = left(world, world.person(SAID, email="b@example.com"))
    page.press(TOO_MANY)
    world.clock.pass_by(seconds=1)
    other.press(TOO_MANY)
    assert counted(world.database) == [
        Reasons("2027-04", "offers", "many", 1),
        Reasons("2027-03", "offers", "many", 1),
    ]


def test_each_month_and_each_site_is_counted_alone(world: World) -> None:
    left(world, world.person(SAID)).press(TOO_MANY)
    left(world, world.person(SAID, site="dimora")).press(TOO_MANY)
    world.clock.pass_by(days=31)
    left(world, world.person(SAID, email="b@example.com")).press(TOO_MANY)
    assert [each.month for each in counted(world.database)] == ["2027-04", "2027-03"]
    assert reasons_told(world.database, "dimora") == [Reasons("2027-03", "offers", "many", 1)]


# ── counted once ────────────────────────────────────────────────────────────────────────────


def test_a_reason_pressed_again_or_another_one_after_it_is_counted_once(world: World) -> None:
    page = left(world, world.person(SAID))
    link, sent = page.address.partition("?")[0], entries(page, "many")
    for form in (sent, sent, entries(page, "use")):
        again = Reader(world.client()).post(link, form)
        assert again.says(THANK_YOU)
    assert counted(world.database) == [Reasons("2027-03", "offers", "many", 1)]


def test_a_reason_pressed_many_times_at_once_is_counted_once(
    each_world: World, person: Profile
) -> None:
    page = left(each_world, person)
    link = page.address.partition("?")[0]
    answers = pressed_at_once(each_world, link, dict(entries(page, "many")))
    assert {each.status_code for each in answers} == {303}
    assert [each.times for each in counted(each_world.database)] == [1]


def test_who_leaves_undoes_and_leaves_again_counts_once_a_day_for_each_topic(
    world: World,
) -> None:
    person = world.person(SAID)
    for _ in range(3):
        left(world, person).press(TOO_MANY).press(UNDO)
    left(world, person, topic="news").press(TOO_MANY)
    once = [Reasons("2027-03", each, "many", 1) for each in ("news", "offers")]
    assert counted(world.database) == once
    world.clock.pass_by(days=1, seconds=1)
    left(world, person).press(NOT_USEFUL)
    assert counted(world.database) == [*once, Reasons("2027-03", "offers", "use", 1)]


def test_a_reason_that_could_not_be_written_counts_when_it_is_pressed_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = left(world, world.person(SAID))
    link, form = page.address.partition("?")[0], entries(page, "many")
    with monkeypatch.context() as broken:
        broken.setattr(actions, "count_reason", _fail)
        assert Reader(world.client()).post(link, form).status == 503
    assert counted(world.database) == []
    assert Reader(world.client()).post(link, form).says(THANK_YOU)
    assert counted(world.database) == [Reasons("2027-03", "offers", "many", 1)]


def _fail(*_: object) -> None:
    raise DatabaseUnavailable("held", "it takes too long")


# ── not counted ─────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "forged",
    [
        {"revision": "1"},
        {"revision": "3"},
        {"revision": ""},
        {"revision": "x"},
        {"receipt": ""},
        {"receipt": "x"},
        {"receipt": "A" * 22},
        {"why": ""},
        {"why": "everything"},
        {"why": "x" * 500},
        {"why": "\x00"},
    ],
)
def test_what_nobody_has_left_for_is_thanked_and_not_counted(
    world: World, forged: dict[str, str]
) -> None:
    page = left(world, world.person(SAID))
    link, form = page.address.partition("?")[0], dict(entries(page, "many"))
    stored = world.dump()
    page = Reader(world.client()).post(link, {**form, **forged}.items())
    assert (page.status, page.says(THANK_YOU)) == (200, True)
    assert world.dump() == stored


def test_one_persons_token_counts_nothing_for_another(world: World) -> None:
    page = left(world, world.person(SAID))
    other = world.person(SAID, email="b@example.com")
    link = left(world, other).address.partition("?")[0]
    Reader(world.client()).post(link, entries(page, "many"))
    assert counted(world.database) == []


def test_after_a_day_or_another_save_nothing_is_counted(world: World) -> None:
    person = world.person(SAID)
    page = left(world, person)
    link, form = page.address.partition("?")[0], entries(page, "many")
    world.clock.pass_by(days=1, seconds=1)
    assert not Reader(world.client()).open(page.address).says(TELL_US_WHY)
    Reader(world.client()).post(link, form)
    world.clock.pass_by(days=-1)
    world.say(person, {"language": "sq"})
    assert not Reader(world.client()).open(page.address).says(TELL_US_WHY)
    Reader(world.client()).post(link, form)
    assert counted(world.database) == []


@pytest.mark.parametrize("press", [GET_FEWER, said("en", PAUSE_UNTIL, date="31 March 2027")])
def test_who_only_gets_less_is_not_asked_and_not_counted(world: World, press: str) -> None:
    page = Reader(world.client()).open(topic_link(world, world.person(SAID))).press(press)
    assert not page.says(TELL_US_WHY)
    form = [*page.form("undo"), ("why", "many")]
    page.post(page.address.partition("?")[0], form)
    assert page.says(THANK_YOU)
    assert counted(world.database) == []


def test_who_left_long_ago_or_was_forwarded_the_mail_is_not_asked(world: World) -> None:
    person = world.person(SAID)
    page = left(world, person)
    link = page.address.partition("?")[0]
    world.clock.pass_by(minutes=2)
    for address in (link, f"{link}?saved=2", f"{link}?saved=2&undo=x"):
        assert not Reader(world.client()).open(address).says(TELL_US_WHY)
    assert not Reader(world.client()).post(link, [("do", "leave")]).says(TELL_US_WHY)


def test_a_reason_without_having_left_does_not_unsubscribe(world: World) -> None:
    person = world.person(SAID)
    page = Reader(world.client()).post(topic_link(world, person), [("why", "many")])
    assert page.says(THANK_YOU)
    assert world.state(person) == person.state
    assert counted(world.database) == []


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize("query", ["", "?why=many", "?thanked=1", "?thanked=1&saved=2&why=use"])
def test_reading_counts_nothing(world: World, method: str, query: str) -> None:
    page = left(world, world.person(SAID))
    form: dict[str, Any] = dict(entries(page, "many"))
    stored = world.dump()
    for link in (page.address, page.address.partition("?")[0] + query):
        assert world.client().open(link, method=method, data=form).status_code == 200
    assert world.dump() == stored


# ── kept with nobody ────────────────────────────────────────────────────────────────────────


def test_what_is_stored_of_it_names_nobody(world: World) -> None:
    person = world.person(SAID)
    page = left(world, person)
    before = world.dump()
    page.press(TOO_MANY)
    after = world.dump()
    changed = {table: rows for table, rows in after.items() if rows != before[table]}
    assert changed == {"reasoncount": ["('kutia', 'offers', '2027-03', 'many', 1)"]}


def test_erasing_a_person_leaves_the_counts_as_they_are(each_world: World, person: Profile) -> None:
    """They are about nobody."""
    left(each_world, person).press(TOO_MANY)
    prove(each_world, person).press(DELETE_EVERYTHING)
    assert counted(each_world.database) == [Reasons("2027-03", "offers", "many", 1)]


def test_a_link_of_choices_that_has_ended_asks_nothing(world: World) -> None:
    person = world.person(SAID)
    link = world.link("preferences", person)
    world.clock.pass_by(days=200)
    page = Reader(world.client()).open(link).press(UNSUBSCRIBE_FROM_EVERYTHING)
    assert world.state(person)["overall"] == OFF
    assert not page.says(TELL_US_WHY)
