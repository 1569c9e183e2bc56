"""A server that sends no mail says so: no page tells that a letter was sent that only waits."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.support.browsing import Reader
from tests.support.steps import DOORS, MOVE, NEW, SEND, STRANGER, form, messages, prove
from tests.support.words import Text, beginning, said
from tests.support.words.account import (
    CANCEL_LINKS,
    CODE_ARRIVES_SOON,
    CODE_SENT,
    CONFIRMATION_SENT,
    CONFIRMATION_WAITS,
    GET_NEW_LINK,
    LINK_SENT_IF_KNOWN,
    LINK_WAITS,
    LINK_WAITS_IF_KNOWN,
    LINKS_CANCELLED,
    NEW_LINK_WAITS,
    NO_CODE_NOW,
    SEND_NEW_LINK,
    SENT_SEVERAL_ALREADY,
    SEVERAL_WAIT,
)
from tests.support.words.questions import SKIP
from tests.support.words.subscribe import CHECK_EMAIL, EMAIL_WAITS, OPEN_EMAIL, THANKS_OPEN_EMAIL
from tests.support.worlds import EMAIL, SAID, World
from widget_backend.store.profiles import Profile

UNTRUE = (
    CODE_ARRIVES_SOON,
    CODE_SENT,
    CONFIRMATION_SENT,
    LINK_SENT_IF_KNOWN,
    LINKS_CANCELLED,
    OPEN_EMAIL,
    SENT_SEVERAL_ALREADY,
    THANKS_OPEN_EMAIL,
)
"""What pages say where letters leave at once."""


@pytest.fixture
def silent(world: World) -> World:
    """A world from which no letter leaves."""
    context = world.app.extensions["preference-widget"]
    world.app.extensions["preference-widget"] = replace(context, sends_mail=False)
    return world


@pytest.fixture
def person(silent: World) -> Profile:
    return silent.person(SAID)


def tells(page: Reader, tag: str, text: Text) -> bool:
    """Whether the page says this, and nothing that is not so."""
    is_untrue = any(page.says(beginning(tag, each)) for each in UNTRUE)
    return page.says(_whole(tag, text)) and not is_untrue


def _whole(tag: str, text: Text) -> str:
    return said(tag, text) if "%(" not in text else said(tag, text, address="c•••@e•••.com")


@pytest.mark.parametrize("door", DOORS)
def test_who_signs_up_reads_that_the_letter_waits(silent: World, tag: str, door: str) -> None:
    page = Reader(silent.client()).post(f"{door}?lang={tag}", form())
    assert tells(page, tag, EMAIL_WAITS)
    while said(tag, SKIP) in page.buttons():
        page.press(said(tag, SKIP))
    assert tells(page, tag, EMAIL_WAITS)
    assert not page.says(said(tag, CHECK_EMAIL)), "there is nothing yet"
    assert [(kind, to) for kind, to, _ in messages(silent)] == [("confirm", NEW)]


def test_whoever_asks_for_a_link_reads_the_same_whether_or_not_they_are_known(
    silent: World, person: Profile, tag: str
) -> None:
    pages = []
    for email in (EMAIL, STRANGER):
        path = f"/s/kutia/link?lang={tag}"
        pages.append(Reader(silent.client()).post(path, [("email", email)]))
    assert tells(pages[0], tag, LINK_WAITS_IF_KNOWN)
    assert pages[0].text == pages[1].text


def test_who_asks_for_a_code_is_told_to_come_later(
    silent: World, person: Profile, tag: str
) -> None:
    """It would no longer work when it arrives."""
    path = f"{silent.link('preferences', person, tag)}/data?lang={tag}"
    assert tells(Reader(silent.client()).post(path, SEND), tag, NO_CODE_NOW)


def test_a_new_link_for_one_that_has_ended_waits(silent: World, person: Profile, tag: str) -> None:
    path = f"{silent.link('preferences', person, tag)}/renew?lang={tag}"
    page = Reader(silent.client()).open(path).press(said(tag, SEND_NEW_LINK))
    assert page.heading == said(tag, GET_NEW_LINK)
    assert tells(page, tag, LINK_WAITS)
    for _ in range(5):
        page = Reader(silent.client()).open(path).press(said(tag, SEND_NEW_LINK))
    assert tells(page, tag, SEVERAL_WAIT)


def test_a_new_address_and_a_new_link_after_ending_the_old_ones_wait(
    silent: World, person: Profile, tag: str
) -> None:
    page = prove(silent, person, tag)
    assert tells(page.post(page.address, [*MOVE.items()]), tag, CONFIRMATION_WAITS)
    page = prove(silent, person, tag)
    assert tells(page.press(said(tag, CANCEL_LINKS)), tag, NEW_LINK_WAITS)
