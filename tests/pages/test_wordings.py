"""Each door records the words that it really showed."""

from __future__ import annotations

from datetime import date

import pytest

from tests.support.browsing import Reader, text
from tests.support.steps import NEW_ADDRESS, at, link_in, messages, prove, topic_link
from tests.support.words import Text, said
from tests.support.words.account import (
    CANCEL_LINKS,
    DELETE_EVERYTHING,
    NEW_EMAIL_ADDRESS,
    SEND_CONFIRMATION,
)
from tests.support.words.preferences import GET_FEWER, PAUSE_UNTIL, SAVE, STILL_COMES, UNDO
from tests.support.words.subscribe import CONFIRM, EMAIL_ADDRESS, SIGN_UP
from tests.support.words.unsubscribe import UNSUBSCRIBE, UNSUBSCRIBE_FROM_EVERYTHING
from tests.support.worlds import (
    KUTIA,
    LESS,
    NEWS_NAME,
    OFFERS,
    OFFERS_NAME,
    SAID,
    World,
    declaring,
    make_world,
    no,
)
from widget_backend.i18n.languages import language
from widget_backend.store.models import ConsentRecord, Wording


def newest_wording(world: World) -> tuple[str, dict[str, str]]:
    """The door of the newest record, and the texts that it names."""
    newest = ConsentRecord.select().order_by(ConsentRecord.id.desc()).limit(1)
    (row,) = newest.execute(world.database)
    (wording,) = Wording.select().where(Wording.id == row.wording).execute(world.database)
    return row.door, wording.texts


VALUES = {"%(site)s": "Kutia C++!", "%(address)s": "m•••@e•••.com", "%(topic)s": OFFERS_NAME}


def plain(text: str) -> str:
    """With what stands in the place of each value; of a sentence with a date, how it begins."""
    for name, value in VALUES.items():
        text = text.replace(name, value)
    return text.partition("%(date)s")[0]


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


LESS_PRESSES = {
    "leave": ("heading", "button leave", "button less", "button pause", "days", "button off"),
    "less": ("heading", "button leave", "button less", "button pause", "days", "button off"),
    "pause:2027-05-31": ("heading", "button leave", "button pause", "days"),
}


@pytest.mark.parametrize(("do", "names"), LESS_PRESSES.items())
def test_each_way_to_less_records_the_buttons_and_second_lines_that_were_shown(
    each_world: World, tag: str, do: str, names: tuple[str, ...]
) -> None:
    person = each_world.person(SAID)
    page = Reader(each_world.client()).open(topic_link(each_world, person, tag=tag))
    before = whole(page)
    page.post(page.address, [("do", do)])
    assert_shown(each_world, "unsubscribe", before)
    assert {*names} <= newest_wording(each_world)[1].keys()


def test_who_left_a_topic_before_everything_was_shown_only_that_button(
    each_world: World, tag: str
) -> None:
    page = Reader(each_world.client()).open(
        topic_link(each_world, each_world.person(SAID), tag=tag)
    )
    before = whole(page.press_first())
    page.press(said(tag, UNSUBSCRIBE_FROM_EVERYTHING))
    assert_shown(each_world, "unsubscribe", before)
    assert buttons_recorded(each_world) == {"button off"}


def buttons_recorded(world: World) -> set[str]:
    return {name for name in newest_wording(world)[1] if name.startswith("button")}


ALL_BUTTONS = {"button leave", "button less", "button pause", "button off"}


@pytest.mark.parametrize("text", [PAUSE_UNTIL, UNSUBSCRIBE_FROM_EVERYTHING])
def test_of_two_open_pages_the_one_with_the_pressed_button_is_recorded(
    each_world: World, tag: str, text: Text
) -> None:
    link = topic_link(each_world, each_world.person(SAID), tag=tag)
    page = Reader(each_world.client()).open(link)
    before = whole(page)
    Reader(each_world.client()).open(link).press_first()
    assert buttons_recorded(each_world) == ALL_BUTTONS
    page.press(said(tag, text, date=language(tag).date(date(2027, 3, 31))))
    assert_shown(each_world, "unsubscribe", before)
    assert buttons_recorded(each_world) == ALL_BUTTONS


def test_an_undo_records_its_own_page_whatever_was_saved_meanwhile(
    each_world: World, tag: str
) -> None:
    person = each_world.person(SAID)
    page = Reader(each_world.client()).open(topic_link(each_world, person, tag=tag))
    before = whole(page.press(said(tag, GET_FEWER)))
    each_world.say(person, {"overall": LESS})
    page.press(said(tag, UNDO))
    assert_shown(each_world, "unsubscribe", before)
    assert buttons_recorded(each_world) == ALL_BUTTONS - {"button less"}


@pytest.mark.parametrize("sent", [None, "", "x", "leave less pause pay", "off"])
@pytest.mark.parametrize(
    ("do", "button"), [("pause:2027-03-31", "pause"), ("off", "off"), ("", "leave")]
)
def test_whatever_a_form_says_of_its_page_the_pressed_button_and_the_heading_are_recorded(
    world: World, sent: str | None, do: str, button: str
) -> None:
    person = world.person({"topic:offers": no(OFFERS)} if button != "leave" else SAID)
    fields = [("do", do), *([] if sent is None else [("buttons", sent)])]
    Reader(world.client()).post(topic_link(world, person), fields)
    door, texts = newest_wording(world)
    assert door == "unsubscribe"
    assert {"heading", f"button {button}", "transactional"} <= texts.keys()
    assert buttons_recorded(world) <= ALL_BUTTONS


def test_the_page_that_an_ended_link_leads_to_is_recorded_as_itself(
    each_world: World, tag: str
) -> None:
    link = each_world.link("preferences", each_world.person(SAID), tag)
    each_world.clock.pass_by(days=200)
    page = Reader(each_world.client()).open(link)
    page.press(said(tag, UNSUBSCRIBE_FROM_EVERYTHING)).press(said(tag, UNDO))
    before = whole(page)
    page.press_first()
    assert_shown(each_world, "unsubscribe", before)
    assert buttons_recorded(each_world) == {"button leave"}


def test_in_a_pause_no_fewer_messages_are_recorded_as_offered(each_world: World) -> None:
    paused = {"overall": {"reach": "paused", "until": "2027-03-31"}}
    person = each_world.person({**SAID, **paused})
    page = Reader(each_world.client()).open(topic_link(each_world, person))
    before = whole(page)
    page.press_first()
    assert_shown(each_world, "unsubscribe", before)
    assert "button less" not in newest_wording(each_world)[1]


def test_unsubscribing_with_an_ended_link_records_what_that_page_offered(
    each_world: World, tag: str
) -> None:
    link = each_world.link("preferences", each_world.person(SAID), tag)
    each_world.clock.pass_by(days=200)
    page = Reader(each_world.client()).open(link)
    before = whole(page)
    page.press(said(tag, UNSUBSCRIBE_FROM_EVERYTHING))
    assert_shown(each_world, "hosted", before)


def test_what_still_comes_is_recorded_by_name_as_each_page_showed_it(
    world: World, tag: str
) -> None:
    person = world.person(SAID, site="dimora")
    service = world.site(tag, "dimora").service_messages
    names = [each.name for each in service]
    form = at(world, person, tag)
    assert all(form.says(each) for each in names)
    form.press(said(tag, UNSUBSCRIBE_FROM_EVERYTHING)).press(said(tag, UNDO))
    recorded = newest_wording(world)[1]
    assert [recorded[f"service_messages.{each.id}"] for each in service] == names
    page = Reader(world.client()).open(world.link("unsubscribe", person, tag))
    between = language(tag).pgettext("between items of a list", ", ")
    sentence = said(tag, STILL_COMES, messages=between.join(names))
    assert page.says(sentence)
    page.press(said(tag, UNSUBSCRIBE))
    assert newest_wording(world)[1]["transactional"] == sentence


def test_nothing_is_recorded_of_service_messages_that_no_page_showed(each_world: World) -> None:
    bare = make_world(each_world.database, [declaring(KUTIA, service_messages=())])
    person = bare.person(SAID)
    at(bare, person).press(SAVE)
    assert not any("service" in name for name in newest_wording(bare)[1])
    Reader(bare.client()).open(bare.link("unsubscribe", person)).press(UNSUBSCRIBE)
    assert "transactional" not in newest_wording(bare)[1]
