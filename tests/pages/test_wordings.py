"""Each door records the words that it really showed."""

from __future__ import annotations

from tests.support.browsing import Reader, text
from tests.support.steps import NEW_ADDRESS, link_in, messages, prove
from tests.support.words import said
from tests.support.words.account import (
    CANCEL_LINKS,
    DELETE_EVERYTHING,
    NEW_EMAIL_ADDRESS,
    SEND_CONFIRMATION,
)
from tests.support.words.subscribe import CONFIRM, EMAIL_ADDRESS, SIGN_UP
from tests.support.words.unsubscribe import UNSUBSCRIBE, UNSUBSCRIBE_FROM_EVERYTHING
from tests.support.worlds import NEWS_NAME, SAID, World
from widget_backend.store.models import ConsentRecord, Wording


def newest_wording(world: World) -> tuple[str, dict[str, str]]:
    """The door of the newest record, and the texts that it names."""
    newest = ConsentRecord.select().order_by(ConsentRecord.id.desc()).limit(1)
    (row,) = newest.execute(world.database)
    (wording,) = Wording.select().where(Wording.id == row.wording).execute(world.database)
    return row.door, wording.texts


def plain(text: str) -> str:
    return text.replace("%(site)s", "Kutia C++!").replace("%(address)s", "m•••@e•••.com")


def test_moving_records_the_words_of_its_own_page(each_world: World, tag: str) -> None:
    page = prove(each_world, each_world.person(SAID), tag)
    page.fill(said(tag, NEW_EMAIL_ADDRESS), NEW_ADDRESS)
    page.press(said(tag, SEND_CONFIRMATION))
    move = Reader(each_world.client()).open(link_in(messages(each_world)[-1][2]))
    before = whole(move)
    move.press(said(tag, CONFIRM))
    assert_shown(each_world, "new-address", before)


def test_ending_links_and_erasing_record_the_words_of_theirs(each_world: World, tag: str) -> None:
    page = prove(each_world, each_world.person(SAID), tag)
    before = whole(page)
    page.press(said(tag, CANCEL_LINKS))
    assert_shown(each_world, "my-data", before)
    before = whole(page)
    page.press(said(tag, DELETE_EVERYTHING))
    assert_shown(each_world, "my-data", before)
    assert {"what", "kept", "button"} < newest_wording(each_world)[1].keys()


def whole(page: Reader) -> str:
    """The text of a page with what stands around its form."""
    return text(page.document.tree)


def assert_shown(world: World, door: str, page: str) -> None:
    recorded, texts = newest_wording(world)
    assert recorded == door
    for name in texts.keys() - {"privacy_policy"}:
        assert " ".join(plain(texts[name]).split()) in page, name


def test_a_confirmation_records_the_words_and_topics_that_it_showed(each_world: World) -> None:
    page = Reader(each_world.client()).open("/s/kutia").fill(EMAIL_ADDRESS, NEW_ADDRESS)
    page.tick(NEWS_NAME).press(SIGN_UP)
    confirm = Reader(each_world.client()).open(link_in(messages(each_world)[-1][2]))
    before = whole(confirm)
    confirm.press(CONFIRM)
    _, texts = newest_wording(each_world)
    assert "topics.news" in texts
    assert "topics.offers" not in texts, "which was not shown"
    assert_shown(each_world, "confirmation", before)


def test_a_mail_program_that_leaves_was_shown_nothing_of_ours(each_world: World) -> None:
    person = each_world.person(SAID)
    data = {"List-Unsubscribe": "One-Click"}
    each_world.client().post(each_world.link("one-click", person), data=data)
    assert newest_wording(each_world) == ("one-click", {})


def test_unsubscribing_records_the_words_of_the_page_that_had_the_button(
    each_world: World, tag: str
) -> None:
    link = each_world.link("unsubscribe", each_world.person(SAID), tag)
    page = Reader(each_world.client()).open(link)
    before = whole(page)
    page.press(said(tag, UNSUBSCRIBE))
    assert_shown(each_world, "unsubscribe", before)


def test_unsubscribing_with_an_ended_link_records_what_that_page_offered(
    each_world: World, tag: str
) -> None:
    link = each_world.link("preferences", each_world.person(SAID), tag)
    each_world.clock.pass_by(days=200)
    page = Reader(each_world.client()).open(link)
    before = whole(page)
    page.press(said(tag, UNSUBSCRIBE_FROM_EVERYTHING))
    assert_shown(each_world, "hosted", before)
