"""The same copy of the sign-up form sent again: who goes back, or whose message was lost."""

from __future__ import annotations

import pytest

from tests.support.browsing import Reader
from tests.support.steps import DOORS, NEW, form, link_in, messages, newest
from tests.support.words import said
from tests.support.words.account import GET_LINK
from tests.support.words.subscribe import ALREADY_GET_MESSAGES, CONFIRM, THANKS_OPEN_EMAIL
from tests.support.worlds import SAID, World
from widget_backend.rate_limits import AT_ONCE, MAIL_TO_ONE
from widget_backend.store.retention import tidy


def kept_as(world: World, page: Reader) -> str:
    """The handle of the sign-up whose questions are shown."""
    return world.signer.read("answers", page.response.request.path.split("/")[2]).handle


def test_the_same_form_sent_twice_is_one_sign_up_and_a_second_message(each_world: World) -> None:
    """The first may be lost, and whoever goes back presses the same button again."""
    page = Reader(each_world.client()).post("/s/kutia", form())
    stored = each_world.dump()
    first = kept_as(each_world, page)
    each_world.clock.pass_by(seconds=AT_ONCE)
    page.post("/s/kutia", form())
    now = each_world.dump()
    changed = {table for table in now if now[table] != stored[table]}
    assert changed <= {"job", "profile", "sqlite_sequence"}, "it is kept as long as a new one"
    assert len(now["profile"]) == 1
    assert [recipient for _, recipient, _ in messages(each_world)] == [NEW, NEW]
    assert kept_as(each_world, page) == first
    confirm = Reader(each_world.client()).open(link_in(messages(each_world)[1][2]))
    confirm.press(CONFIRM)
    assert not newest(each_world).pending


def test_who_asks_for_the_message_weeks_later_can_still_confirm(each_world: World) -> None:
    page = Reader(each_world.client()).post("/s/kutia", form())
    each_world.clock.pass_by(days=25)
    page.post("/s/kutia", form())
    each_world.clock.pass_by(days=13)
    while tidy(each_world.database, int(each_world.clock().timestamp())):
        pass
    Reader(each_world.client()).open(link_in(messages(each_world)[1][2])).press(CONFIRM)
    assert not newest(each_world).pending


def test_the_same_form_sent_very_often_floods_nobody(world: World) -> None:
    for _ in range(MAIL_TO_ONE.most + 2):
        assert Reader(world.client()).post("/s/kutia", form()).says(THANKS_OPEN_EMAIL)
        world.clock.pass_by(seconds=AT_ONCE)
    assert len(messages(world)) == MAIL_TO_ONE.most


@pytest.mark.parametrize("is_known", [False, True])
def test_the_same_form_sent_after_confirming_leads_to_a_new_link(
    world: World, tag: str, is_known: bool
) -> None:
    if is_known:
        world.person(SAID, email=NEW)
    for door, name in zip(DOORS, ("a" * 32, "b" * 32), strict=True):
        page = Reader(world.client()).post(f"{door}?lang={tag}", form(name=name))
        confirm = Reader(world.client()).open(link_in(messages(world)[-1][2]))
        confirm.press_first()
        before = messages(world)
        page.post(f"{door}?lang={tag}", form(name=name))
        assert page.status == 200
        to_link = said(tag, ALREADY_GET_MESSAGES)
        if to_link in page.links():  # a fragment shows only its own form
            page.follow(to_link)
        assert page.heading == said(tag, GET_LINK)
        assert messages(world) == before
