"""“Why do I get this?”: told of the topic of that message, and of nothing else."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.browsing import Reader
from tests.support.campaigns import ANSWERS, CHOICES, SALE, SECRET, SITE, link
from tests.support.lint_rules import text
from tests.support.steps import code_in
from tests.support.words import Text, beginning, said
from tests.support.words.account import (
    AGREED_BEFORE,
    CODE_FROM_EMAIL,
    GET_LINK,
    SEND_CODE,
    SHOW_DATA,
)
from tests.support.words.labels import (
    ALL_OFF,
    ALL_PAUSED,
    EMAIL_CHANNEL,
    GETS_TOPIC,
    GETS_TOPIC_LATER,
    IN_PREVIOUS_SYSTEM,
    MONTHLY,
    QUARTERLY,
    WEEKLY,
)
from tests.support.words.preferences import NO_MESSAGES, WHAT_SITE_SENDS
from tests.support.words.unsubscribe import (
    CHOOSE_WHAT_YOU_GET,
    DOES_NOT_GET_IT,
    GETS_IT_NO_LONGER,
    ITS_TOPIC,
    PART_OF_TOPIC,
    THIS_MESSAGE,
    UNSUBSCRIBE,
    UNSUBSCRIBE_FROM_TOPIC,
    WHY,
    YOUR_AGREEMENT,
)
from tests.support.worlds import (
    LESS,
    NEWS,
    NEWS_NAME,
    OFF,
    OFFERS,
    OFFERS_NAME,
    RECEIPTS,
    SAID,
    TIPS,
    TIPS_NAME,
    World,
    make_world,
    no,
)
from widget_backend.i18n.languages import language
from widget_backend.links import Purpose
from widget_backend.rules.state import State
from widget_backend.site.sending import Campaign
from widget_backend.store.campaigns import register
from widget_backend.store.models import ConsentValue
from widget_backend.store.profiles import Profile

PAUSED = {"reach": "paused", "until": "2027-03-10"}
MAILED: tuple[Purpose, ...] = ("preferences", "questions", "unsubscribe")


@pytest.fixture
def shop(each_world: World) -> World:
    return make_world(each_world.database, [SITE])


@pytest.mark.parametrize("purpose", MAILED)
def test_it_tells_the_topic_since_when_and_why_from_any_link(shop: World, purpose: Purpose) -> None:
    person = shop.person(SAID)
    page = Reader(shop.client()).open(f"{link(shop, person, purpose)}/why")
    assert page.heading == WHY
    assert page.says("Our spring sale begins.")
    assert page.says(OFFERS_NAME)
    assert page.says(said("en", AGREED_BEFORE, date="1 March 2027", door=IN_PREVIOUS_SYSTEM))
    assert NEWS_NAME not in page.text, "no other topic is told"
    assert SALE.id not in page.text
    page.follow(UNSUBSCRIBE)
    assert page.heading == said("en", UNSUBSCRIBE_FROM_TOPIC, topic=OFFERS_NAME)


def test_it_speaks_three_languages(shop: World, tag: str) -> None:
    person = shop.person(SAID)
    page = Reader(shop.client()).open(f"{link(shop, person, 'unsubscribe')}/why?lang={tag}")
    assert page.heading == said(tag, WHY)
    assert page.says(said(tag, PART_OF_TOPIC, topic=OFFERS_NAME))


@pytest.mark.parametrize("campaign", [SALE, SECRET])
def test_nothing_is_claimed_of_who_may_not_be_in_the_segment(
    shop: World, campaign: Campaign
) -> None:
    person = shop.person(SAID)
    page = Reader(shop.client()).open(f"{link(shop, person, 'preferences', campaign)}/why")
    assert page.says(campaign.sentence)
    for segment in (CHOICES, ANSWERS):
        assert segment.sentence not in page.text
    page.open(f"{link(shop, person, 'preferences', campaign)}/data")
    page.press(SEND_CODE).fill(CODE_FROM_EMAIL, code_in(shop))
    page.press(SHOW_DATA)
    for segment in (CHOICES, ANSWERS):
        assert segment.sentence not in page.text


def test_who_gets_the_topic_is_not_told_otherwise(shop: World) -> None:
    """Where no record says since when, as after a migration by hand."""
    person = shop.person(SAID)
    ConsentValue.delete().execute(shop.database)
    page = Reader(shop.client()).open(f"{link(shop, person, 'preferences')}/why")
    assert not page.says(GETS_IT_NO_LONGER)
    assert not page.says(beginning("en", AGREED_BEFORE))


def test_the_agreement_is_the_last_one(shop: World) -> None:
    person = shop.person(SAID)
    shop.say(person, {"topic:offers": no(SAID["topic:offers"])})
    shop.clock.pass_by(days=30)
    shop.say(person, {"topic:offers": SAID["topic:offers"]})
    page = Reader(shop.client()).open(f"{link(shop, person, 'preferences')}/why")
    assert page.says(f"{beginning('en', AGREED_BEFORE)} 31 March 2027")


@pytest.mark.parametrize("left", [{"topic:offers": no(SAID["topic:offers"])}, {"overall": OFF}])
def test_who_left_the_topic_is_told_that(shop: World, tag: str, left: State) -> None:
    person = shop.person(SAID)
    shop.say(person, left)
    page = Reader(shop.client()).open(f"{link(shop, person, 'unsubscribe')}/why?lang={tag}")
    assert page.says(said(tag, GETS_IT_NO_LONGER))
    assert said(tag, UNSUBSCRIBE) not in page.links(), "it would change nothing"


@pytest.mark.parametrize("choices", [{}, {"topic:offers": no(SAID["topic:offers"])}])
def test_who_never_had_the_topic_is_told_that(shop: World, tag: str, choices: State) -> None:
    person = shop.person(choices)
    page = Reader(shop.client()).open(f"{link(shop, person, 'unsubscribe')}/why?lang={tag}")
    assert page.says(said(tag, DOES_NOT_GET_IT))
    assert not page.says(said(tag, GETS_IT_NO_LONGER))
    assert said(tag, UNSUBSCRIBE) not in page.links()


@pytest.mark.parametrize("purpose", ["questions", "unsubscribe"])
def test_without_a_campaign_the_general_reason_is_told(shop: World, purpose: Purpose) -> None:
    """A link that does not open the choices tells nothing of them: mail gets forwarded."""
    person = shop.person(SAID)
    page = Reader(shop.client()).open(f"{link(shop, person, purpose, None)}/why")
    assert page.says("You asked us to.")
    assert page.items("reasons") == [], "a chain of one link is none"
    assert OFFERS_NAME not in page.text


def test_from_the_choices_it_tells_of_each_topic_how_it_comes_and_since_when(
    shop: World, tag: str
) -> None:
    person = shop.person(SAID)
    shop.say(person, {"topic:tips": TIPS, "topic:news": no(NEWS)})
    page = opened_from_the_choices(shop, person, tag)
    day, door = language(tag).date(shop.clock().date()), said(tag, IN_PREVIOUS_SYSTEM)
    agreed = said(tag, AGREED_BEFORE, date=day, door=door)
    assert page.headings(2) == [OFFERS_NAME, TIPS_NAME]
    offers, tips = page.items("reasons")
    assert offers == f"{OFFERS_NAME} {comes(tag, OFFERS_NAME, WEEKLY)} {agreed}"
    assert tips == f"{TIPS_NAME} {comes(tag, TIPS_NAME, QUARTERLY)} {agreed}"


def opened_from_the_choices(shop: World, person: Profile, tag: str = "en") -> Reader:
    return Reader(shop.client()).open(f"{link(shop, person, 'preferences', None)}/why?lang={tag}")


def comes(tag: str, topic: str, frequency: Text, sentence: Text = GETS_TOPIC) -> str:
    channel = said(tag, EMAIL_CHANNEL)
    return said(tag, sentence, topic=topic, channel=channel, frequency=said(tag, frequency))


def test_where_no_record_says_since_when_only_how_it_comes_is_told(shop: World) -> None:
    person = shop.person({"topic:offers": OFFERS})
    ConsentValue.delete().execute(shop.database)
    (item,) = opened_from_the_choices(shop, person).items("reasons")
    assert item == f"{OFFERS_NAME} {comes('en', OFFERS_NAME, WEEKLY)}"


@pytest.mark.parametrize(
    ("overall", "sentence", "told"),
    [
        (PAUSED, said("en", ALL_PAUSED, date="10 March 2027"), [(WEEKLY, GETS_TOPIC_LATER)]),
        (LESS, "", [(MONTHLY, GETS_TOPIC)]),
        (OFF, ALL_OFF, []),
    ],
)
def test_what_holds_above_all_topics_is_told_with_them(
    shop: World, overall: Any, sentence: str, told: list[tuple[Text, Text]]
) -> None:
    person = shop.person({"topic:offers": OFFERS, "overall": overall})
    page = opened_from_the_choices(shop, person)
    assert page.says(sentence)
    items = [comes("en", OFFERS_NAME, *each) for each in told]
    assert len(page.items("reasons")) == len(items)
    for item, expected in zip(page.items("reasons"), items, strict=True):
        assert expected in item
    assert (UNSUBSCRIBE in page.links()) is bool(told), "only where something comes"


def test_who_gets_nothing_is_told_that(shop: World) -> None:
    page = opened_from_the_choices(shop, shop.person({"topic:offers": no(OFFERS)}))
    assert page.says(said("en", NO_MESSAGES, messages=RECEIPTS))
    assert page.items("reasons") == []


@pytest.mark.parametrize(
    ("choice", "named"),
    [
        (SAID["topic:offers"], [THIS_MESSAGE, ITS_TOPIC, YOUR_AGREEMENT]),
        (no(SAID["topic:offers"]), [THIS_MESSAGE, ITS_TOPIC]),
    ],
)
def test_reasons_are_a_chain_from_the_message_to_the_agreement(
    shop: World, tag: str, choice: object, named: list[Text]
) -> None:
    person = shop.person({"topic:offers": choice})
    page = Reader(shop.client()).open(f"{link(shop, person, 'preferences')}/why?lang={tag}")
    assert page.headings(2) == [said(tag, each) for each in named]
    assert len(page.items("reasons")) == len(named)


@pytest.mark.parametrize("purpose", MAILED)
def test_only_a_link_that_opens_the_choices_leads_to_them(
    shop: World, tag: str, purpose: Purpose
) -> None:
    """Whoever holds another link is sent one, at the address on file."""
    person = shop.person(SAID)
    page = Reader(shop.client()).open(f"{link(shop, person, purpose)}/why?lang={tag}")
    other = CHOOSE_WHAT_YOU_GET if purpose == "preferences" else GET_LINK
    alike = [text(each) for each in page.document.classed("button")]
    assert alike == [said(tag, UNSUBSCRIBE), said(tag, other)]
    page.follow(said(tag, other))
    heading = WHAT_SITE_SENDS if purpose == "preferences" else GET_LINK
    assert page.heading == said(tag, heading, site=shop.site(tag).name)


def test_a_campaign_registered_by_command_is_told_in_the_readers_language(shop: World) -> None:
    person = shop.person(SAID)
    campaign = Campaign("sale", "offers", "Sale!")
    register(shop.database, "kutia", campaign, {"en": "Sale!", "sq": "Ulje!"}, 1)
    page = Reader(shop.client()).open(f"{link(shop, person, 'preferences', campaign)}/why?lang=sq")
    assert page.says("Ulje!")


def test_a_campaign_that_nobody_knows_any_more_still_has_its_topic(shop: World) -> None:
    person = shop.person(SAID)
    gone = Campaign("gone", "offers", "")
    page = Reader(shop.client()).open(f"{link(shop, person, 'unsubscribe', gone)}/why")
    assert page.says(OFFERS_NAME)
    assert page.says("You asked us to.")


def test_an_old_link_tells_nothing_but_the_way_out(shop: World) -> None:
    person = shop.person(SAID)
    old, lasting = link(shop, person, "preferences"), link(shop, person, "unsubscribe")
    shop.clock.pass_by(days=200)
    assert Reader(shop.client()).open(f"{old}/why").status == 410
    assert Reader(shop.client()).open(f"{lasting}/why").status == 200
