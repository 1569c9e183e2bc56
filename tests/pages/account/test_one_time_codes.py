"""One-time codes open the data: each works once, for minutes, and by the link it was sent for."""

from __future__ import annotations

import pytest

from tests.support.browsing import Reader
from tests.support.steps import SEND, code_in, data, data_path, messages
from tests.support.words import said
from tests.support.words.account import (
    CODE_ARRIVES_SOON,
    CODE_FROM_EMAIL,
    ENTER_LATEST_CODE,
    SEND_CODE,
    SHOW_DATA,
)
from tests.support.worlds import EMAIL, SAID, World
from widget_backend.rate_limits import AT_ONCE, JUST_NOW, MAIL_TO_ONE
from widget_backend.store.models import OneTimeCode
from widget_backend.store.one_time_codes import MINUTES, TRIES
from widget_backend.store.profiles import Profile


@pytest.fixture
def person(each_world: World) -> Profile:
    return each_world.person(SAID)


def enter(world: World, link: str, code: str) -> int:
    return Reader(world.client()).post(link, [("do", "save"), ("code", code)]).status


def sent(world: World, link: str) -> str:
    """The code that is sent to who asks by this link."""
    Reader(world.client()).post(link, SEND)
    return code_in(world)


def another(code: str) -> str:
    return f"{(int(code.replace(' ', '')) + 1) % 10**6:06}"


# ── which codes open it ─────────────────────────────────────────────────────────────────────


def test_the_code_may_be_typed_in_any_digits_and_works_once(
    each_world: World, person: Profile
) -> None:
    link = data_path(each_world, person)
    code = sent(each_world, link)
    arabic = code.translate({ord("0") + n: ord("٠") + n for n in range(10)})
    assert enter(each_world, link, arabic.replace(" ", "")) == 200
    each_world.clock.pass_by(seconds=JUST_NOW)
    assert enter(each_world, link, arabic.replace(" ", "")) == 422


@pytest.mark.parametrize("typed", ["", "12345", "abcdef", "9" * 400, "1234567"])
def test_a_wrong_code_is_told_so_and_shows_nothing(world: World, tag: str, typed: str) -> None:
    person = world.person(SAID)
    page = Reader(world.client()).open(f"{world.link('preferences', person, tag)}/data")
    page.press(said(tag, SEND_CODE))
    page.fill(said(tag, CODE_FROM_EMAIL), typed).press(said(tag, SHOW_DATA))
    assert page.status == 422
    assert page.says(said(tag, ENTER_LATEST_CODE))
    assert EMAIL not in page.text


def test_after_a_wrong_code_only_the_mistake_is_told(world: World, tag: str) -> None:
    link = f"{world.link('preferences', world.person(SAID), tag)}/data"
    page = Reader(world.client()).open(link).press(said(tag, SEND_CODE))
    assert page.says(said(tag, CODE_ARRIVES_SOON))
    page.fill(said(tag, CODE_FROM_EMAIL), "1").press(said(tag, SHOW_DATA))
    assert page.status == 422
    assert page.says(said(tag, ENTER_LATEST_CODE))
    assert len(page.document.classed("notice")) == 1
    assert not page.says(said(tag, CODE_ARRIVES_SOON))


def test_whoever_guesses_has_few_tries(each_world: World, person: Profile) -> None:
    link = data_path(each_world, person)
    code = sent(each_world, link)
    for _ in range(TRIES):
        enter(each_world, link, another(code))
    assert enter(each_world, link, code) == 422


def test_a_code_ends_after_minutes_and_with_the_next_one(
    each_world: World, person: Profile
) -> None:
    link = data_path(each_world, person)
    first, second = sent(each_world, link), sent(each_world, link)
    if first != second:
        assert enter(each_world, link, first) == 422
    each_world.clock.pass_by(minutes=MINUTES)
    assert enter(each_world, link, second) == 422


def test_a_code_is_not_stored_as_it_is(world: World) -> None:
    code = sent(world, data_path(world, world.person(SAID)))
    assert code.replace(" ", "") not in repr(world.dump()["code"])
    assert OneTimeCode.select().count(world.database) == 1


def test_one_persons_code_opens_nobody_elses_data(world: World) -> None:
    person, other = world.person(SAID), world.person(SAID, email="b@example.com")
    code = sent(world, data_path(world, person))
    assert enter(world, data_path(world, other), code) == 422


# ── whoever holds a forwarded mail cannot lock out the person it came from ──────────────────


def test_wrong_codes_by_another_link_leave_the_right_one_alone(
    each_world: World, person: Profile
) -> None:
    mine, forwarded = (data(each_world, person, topic) for topic in ("offers", "news"))
    code = sent(each_world, mine)
    for _ in range(TRIES + 1):
        assert enter(each_world, forwarded, another(code)) == 422
    assert enter(each_world, mine, code) == 200


def test_codes_sent_by_another_link_leave_mine_and_the_next(
    each_world: World, person: Profile
) -> None:
    mine, forwarded = (data(each_world, person, topic) for topic in ("offers", "news"))
    code = sent(each_world, mine)
    for _ in range(MAIL_TO_ONE.most + 1):
        Reader(each_world.client()).post(forwarded, SEND)
        each_world.clock.pass_by(seconds=AT_ONCE)
    assert len(messages(each_world)) == 1 + MAIL_TO_ONE.most
    assert enter(each_world, mine, code) == 200
    Reader(each_world.client()).post(mine, SEND)
    assert len(messages(each_world)) == 2 + MAIL_TO_ONE.most


def test_a_code_opens_nothing_by_another_link(world: World) -> None:
    person = world.person(SAID)
    code = sent(world, data(world, person, "offers"))
    others = [data(world, person, "news"), data(world, person, "offers", "unsubscribe")]
    assert [enter(world, link, code) for link in others] == [422, 422]


def test_codes_that_are_over_are_not_kept_and_no_link_is_stored(
    each_world: World, person: Profile
) -> None:
    mine, other = (data(each_world, person, topic) for topic in ("offers", "news"))
    Reader(each_world.client()).post(other, SEND)
    each_world.clock.pass_by(minutes=MINUTES)
    Reader(each_world.client()).post(mine, SEND)
    assert OneTimeCode.select().count(each_world.database) == 1
    assert mine.split("/")[2] not in repr(each_world.dump()["code"])
