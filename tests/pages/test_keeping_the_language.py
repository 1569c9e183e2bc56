"""The language of a page stays, whichever button or link leads on from it."""

from __future__ import annotations

import pytest

from tests.support.browsing import Reader
from tests.support.campaigns import SECRET, SITE, link
from tests.support.steps import NEW, code_in, link_in, messages, sign_up
from tests.support.words import said
from tests.support.words.account import (
    CODE_FROM_EMAIL,
    DATA_HEADING,
    DOWNLOAD_DATA,
    GET_LINK,
    SEND_CODE,
    SEND_NEW_CODE,
    SEND_NEW_LINK,
    SHOW_DATA,
)
from tests.support.words.subscribe import CONFIRM, EMAIL_ADDRESS, SIGN_UP_AGAIN
from tests.support.words.unsubscribe import UNSUBSCRIBE, UNSUBSCRIBE_FROM_EVERYTHING, WHY
from tests.support.worlds import LANGUAGES, SAID, World, make_world
from widget_backend.links import Purpose

OTHERS = [tag for tag in LANGUAGES if tag != "en"]


def lang(page: Reader) -> str | None:
    return page.document.root.get("lang")


def opened(world: World, tag: str, purpose: Purpose = "preferences", page: str = "") -> Reader:
    """A page of a link of an English mail, asked for in another language."""
    address = world.link(purpose, world.person(SAID), "en")
    return Reader(world.client()).open(f"{address}{page}?lang={tag}")


@pytest.mark.parametrize("tag", OTHERS)
@pytest.mark.parametrize("purpose", ["preferences", "questions", "unsubscribe"])
def test_from_asking_for_a_code_to_the_data(world: World, tag: str, purpose: Purpose) -> None:
    page = opened(world, tag, purpose, "/data")
    assert lang(page.press(said(tag, SEND_CODE))) == tag
    page.fill(said(tag, CODE_FROM_EMAIL), "1").press(said(tag, SHOW_DATA))
    assert (page.status, lang(page)) == (422, tag)
    assert lang(page.press(said(tag, SEND_NEW_CODE))) == tag
    page.fill(said(tag, CODE_FROM_EMAIL), code_in(world))
    assert lang(page.press(said(tag, SHOW_DATA))) == tag
    assert f"lang={tag}" in page.links()[said(tag, DOWNLOAD_DATA)]


@pytest.mark.parametrize("tag", OTHERS)
@pytest.mark.parametrize("purpose", ["preferences", "questions"])
def test_from_an_ended_link_to_the_message(world: World, tag: str, purpose: Purpose) -> None:
    address = world.link(purpose, world.person(SAID), "en")
    world.clock.pass_by(days=200)
    page = Reader(world.client()).open(f"{address}?lang={tag}")
    assert lang(page.press(said(tag, SEND_NEW_LINK))) == tag
    again = Reader(world.client()).open(f"{address}/renew?lang={tag}")
    assert lang(again.press(said(tag, SEND_NEW_LINK))) == tag
    for _, _, text in messages(world):
        assert lang(Reader(world.client()).open(link_in(text))) == tag


@pytest.mark.parametrize("tag", OTHERS)
def test_from_an_ended_link_to_leaving(world: World, tag: str) -> None:
    address = world.link("preferences", world.person(SAID), "en")
    world.clock.pass_by(days=200)
    page = Reader(world.client()).open(f"{address}?lang={tag}")
    assert lang(page.press(said(tag, UNSUBSCRIBE_FROM_EVERYTHING))) == tag


@pytest.mark.parametrize("tag", OTHERS)
def test_from_a_broken_link_to_the_way_back(world: World, tag: str) -> None:
    alone = make_world(world.database, [SITE])
    page = Reader(alone.client()).open(f"/p/x?lang={tag}")
    assert lang(page.follow(said(tag, GET_LINK))) == tag


@pytest.mark.parametrize("tag", OTHERS)
@pytest.mark.parametrize(
    ("purpose", "on"),
    [
        ("preferences", WHY),
        ("preferences", DATA_HEADING),
        ("unsubscribe", WHY),
    ],
)
def test_from_a_page_to_what_stands_behind_it(
    world: World, tag: str, purpose: Purpose, on: str
) -> None:
    page = opened(world, tag, purpose).follow(said(tag, on))
    assert (page.heading, lang(page)) == (said(tag, on), tag)


@pytest.mark.parametrize("tag", OTHERS)
def test_from_the_reason_on(world: World, tag: str) -> None:
    told = make_world(world.database, [SITE])
    address = link(told, told.person(SAID), "preferences", SECRET)
    page = Reader(told.client()).open(f"{address}/why?lang={tag}")
    assert lang(page.follow(said(tag, UNSUBSCRIBE))) == tag


@pytest.mark.parametrize("tag", OTHERS)
@pytest.mark.parametrize(
    ("purpose", "page"), [("unsubscribe", ""), ("unsubscribe", "/why"), ("questions", "/why")]
)
def test_the_language_of_a_link_leads_on_to_pages_without_it(
    world: World, tag: str, purpose: Purpose, page: str
) -> None:
    """Also in a browser of another language."""
    address = world.link(purpose, world.person(SAID), tag)
    reader = Reader(world.client(), "en").open(f"{address}{page}")
    assert lang(reader.follow(said(tag, GET_LINK))) == tag


@pytest.mark.parametrize("tag", OTHERS)
def test_the_language_of_a_sign_up_leads_on_from_its_confirmation(world: World, tag: str) -> None:
    link = sign_up(world, tag=tag)
    Reader(world.client(), "en").open(link).press(said(tag, CONFIRM))
    reader = Reader(world.client(), "en").open(link)
    assert lang(reader.follow(said(tag, GET_LINK))) == tag


@pytest.mark.parametrize("tag", OTHERS)
def test_the_language_of_a_sign_up_leads_back_to_it(world: World, tag: str) -> None:
    address = world.link("answers", world.person(SAID, pending=True), tag)
    reader = Reader(world.client(), "en").open(address)
    assert lang(reader.follow(said(tag, SIGN_UP_AGAIN))) == tag


@pytest.mark.parametrize("tag", OTHERS)
def test_the_language_of_an_ended_link_leads_on(world: World, tag: str) -> None:
    address = world.link("preferences", world.person(SAID), tag)
    world.clock.pass_by(days=200)
    reader = Reader(world.client(), "en").open(address)
    assert lang(reader.press(said(tag, SEND_NEW_LINK))) == tag
    left = Reader(world.client(), "en").open(address)
    assert lang(left.press(said(tag, UNSUBSCRIBE_FROM_EVERYTHING))) == tag


def test_a_page_with_mistakes_offers_the_other_languages_too(world: World) -> None:
    reader = Reader(world.client()).open("/s/kutia")
    names = [tag for tag in reader.links() if reader.links()[tag].startswith("?lang=")]
    reader.fill(EMAIL_ADDRESS, NEW).press_first()
    assert reader.status == 422
    assert names == [tag for tag in reader.links() if reader.links()[tag].startswith("?lang=")]
    assert names
