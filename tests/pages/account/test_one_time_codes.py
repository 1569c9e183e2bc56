"""Codes belong to a link: who holds a forwarded mail cannot lock out the person it came from."""

from __future__ import annotations

import pytest

from tests.support.browsing import Reader
from tests.support.steps import SEND, code_in, data, messages
from tests.support.words import said
from tests.support.words.account import (
    CODE_ARRIVES_SOON,
    CODE_FROM_EMAIL,
    ENTER_LATEST_CODE,
    SEND_CODE,
    SHOW_DATA,
)
from tests.support.worlds import SAID, World
from widget_backend.rate_limits import AT_ONCE, MAIL_TO_ONE
from widget_backend.store.models import OneTimeCode
from widget_backend.store.one_time_codes import MINUTES, TRIES
from widget_backend.store.profiles import Profile


@pytest.fixture
def person(each_world: World) -> Profile:
    return each_world.person(SAID)


def enter(world: World, link: str, code: str) -> int:
    return Reader(world.client()).post(link, [("do", "save"), ("code", code)]).status


def test_wrong_codes_by_another_link_leave_the_right_one_alone(
    each_world: World, person: Profile
) -> None:
    mine, forwarded = (data(each_world, person, topic) for topic in ("offers", "news"))
    Reader(each_world.client()).post(mine, SEND)
    code = code_in(each_world)
    wrong = f"{(int(code.replace(' ', '')) + 1) % 10**6:06}"
    for _ in range(TRIES + 1):
        assert enter(each_world, forwarded, wrong) == 422
    assert enter(each_world, mine, code) == 200


def test_codes_sent_by_another_link_leave_mine_and_the_next(
    each_world: World, person: Profile
) -> None:
    mine, forwarded = (data(each_world, person, topic) for topic in ("offers", "news"))
    Reader(each_world.client()).post(mine, SEND)
    code = code_in(each_world)
    for _ in range(MAIL_TO_ONE.most + 1):
        Reader(each_world.client()).post(forwarded, SEND)
        each_world.clock.pass_by(seconds=AT_ONCE)
    assert len(messages(each_world)) == 1 + MAIL_TO_ONE.most
    assert enter(each_world, mine, code) == 200
    Reader(each_world.client()).post(mine, SEND)
    assert len(messages(each_world)) == 2 + MAIL_TO_ONE.most


def test_a_code_opens_nothing_by_another_link(world: World) -> None:
    person = world.person(SAID)
    Reader(world.client()).post(data(world, person, "offers"), SEND)
    code = code_in(world)
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


def test_after_a_wrong_code_only_the_mistake_is_told(world: World, tag: str) -> None:
    link = f"{world.link('preferences', world.person(SAID), tag)}/data"
    page = Reader(world.client()).open(link).press(said(tag, SEND_CODE))
    assert page.says(said(tag, CODE_ARRIVES_SOON))
    page.fill(said(tag, CODE_FROM_EMAIL), "1").press(said(tag, SHOW_DATA))
    assert page.status == 422
    assert page.says(said(tag, ENTER_LATEST_CODE))
    assert len(page.document.classed("notice")) == 1
    assert not page.says(said(tag, CODE_ARRIVES_SOON))
