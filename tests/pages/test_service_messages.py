"""What comes whatever people choose: named on each page, and on none where a site declares none."""

from __future__ import annotations

import pytest

from tests.support.browsing import Reader
from tests.support.steps import at
from tests.support.words import Text, beginning, said
from tests.support.words.preferences import (
    NO_MESSAGES,
    NO_MESSAGES_AT_ALL,
    NOTHING_AT_ALL_FOR_NOW,
    NOTHING_FOR_NOW,
    SAVE,
    STILL_COMES,
)
from tests.support.words.unsubscribe import (
    NO_MORE_MESSAGES,
    NO_MORE_MESSAGES_AT_ALL,
    UNSUBSCRIBE,
)
from tests.support.worlds import KUTIA, OFF, OFFERS, World, declaring, make_world, no

LISTS = {
    "en": "order confirmations, delivery confirmations",
    "sq": "konfirmimi i porosisë, konfirmimi i dorëzimit",
    "ar": "تأكيد الطلب، تأكيد التسليم",
}
EXCEPTING = (STILL_COMES, NO_MESSAGES, NO_MORE_MESSAGES, NOTHING_FOR_NOW)


@pytest.fixture
def bare(each_world: World) -> World:
    """Kutia, which declares no service messages here."""
    return make_world(each_world.database, [declaring(KUTIA, service_messages=())])


def pages(world: World, tag: str, site: str) -> dict[Text, Reader]:
    """Pages by the sentence on each that must name what still comes."""
    off = world.person({"topic:offers": OFFERS, "overall": OFF}, site=site)
    nothing = world.person({"topic:offers": no(OFFERS)}, site=site, email="b@x.al")
    unsubscribe = Reader(world.client()).open(world.link("unsubscribe", nothing, tag))
    return {
        NOTHING_FOR_NOW: at(world, off, tag),
        NO_MESSAGES: at(world, nothing, tag).press(said(tag, SAVE)),
        STILL_COMES: at(world, nothing, tag),
        NO_MORE_MESSAGES: unsubscribe.press(said(tag, UNSUBSCRIBE)),
    }


def test_what_still_comes_is_named_in_the_words_of_the_site(world: World, tag: str) -> None:
    for text, page in pages(world, tag, "dimora").items():
        assert page.says(said(tag, text, messages=LISTS[tag])), text


AT_ALL = {
    NOTHING_FOR_NOW: NOTHING_AT_ALL_FOR_NOW,
    NO_MESSAGES: NO_MESSAGES_AT_ALL,
    NO_MORE_MESSAGES: NO_MORE_MESSAGES_AT_ALL,
}


def test_a_site_without_service_messages_promises_none(bare: World, tag: str) -> None:
    for text, page in pages(bare, tag, "kutia").items():
        assert text not in AT_ALL or page.says(said(tag, AT_ALL[text])), text
        assert not any(page.says(beginning(tag, each)) for each in EXCEPTING), page.text


def test_why_excepts_what_still_comes_only_where_something_does(bare: World, tag: str) -> None:
    person = bare.person({"topic:offers": no(OFFERS)})
    why = f"{bare.link('preferences', person, tag)}/why"
    page = Reader(bare.client()).open(why)
    assert page.says(said(tag, NO_MESSAGES_AT_ALL))
