"""What was said is told whole: each record says what happened, and when."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.browsing import Reader
from tests.support.my_data import MAILCHIMP, downloaded, imported
from tests.support.steps import link_in, messages, prove, record
from tests.support.words import beginning, said
from tests.support.words.account import (
    ANSWERED,
    ANSWERED_A_FORMER_QUESTION,
    CANCEL_LINKS,
    CANCELLED_LINKS,
    CHOSE_A_FORMER_TOPIC,
    CONFIRMED_ADDRESS,
    COUNTS_AS_NO,
    DID_NOT_CHOOSE,
    IMPORTED,
    NO_LONGER_HELD,
    NOTHING_CHANGED_FOR_YOU,
    SKIPPED_QUESTION,
    STAFF_TOOK_BACK,
    TIMES_ARE_UTC,
    TOOK_BACK_ANSWER,
    TOOK_BACK_CHOICE,
)
from tests.support.words.labels import GETS_TOPIC_NO_LONGER, WHEN_CONFIRMING, WHEN_SIGNING_UP, YES
from tests.support.words.subscribe import CONFIRM, EMAIL_ADDRESS, SIGN_UP
from tests.support.worlds import (
    EMAIL,
    KUTIA,
    NEWS,
    NEWS_NAME,
    OFFERS,
    OFFERS_NAME,
    SAID,
    World,
    make_world,
    no,
    without_topic,
)
from widget_backend.i18n.languages import language
from widget_backend.store.ledger import Door
from widget_backend.web.labels import door_name

TOLD: dict[str, tuple[Door, dict[str, Any], str]] = {
    "an address confirmed": ("confirmation", {}, CONFIRMED_ADDRESS),
    "consent brought in": ("import", {}, IMPORTED),
    "a no": ("hosted", {"topic:news": no(NEWS)}, said("en", DID_NOT_CHOOSE, topic=NEWS_NAME)),
    "an answer": (
        "hosted",
        {"answer:moved": {"said": "yes", "at": 1}},
        said("en", ANSWERED, question="Have you moved?", answer=YES),
    ),
    "nothing that is seen": ("hosted", {}, NOTHING_CHANGED_FOR_YOU),
}


@pytest.mark.parametrize("case", TOLD)
def test_a_record_always_says_something(world: World, case: str) -> None:
    door, wanted, sentence = TOLD[case]
    person = world.person()
    record(world, person, wanted, door)
    assert prove(world, person).says(sentence)


def test_what_our_staff_took_back_is_not_told_as_the_persons_word(
    each_world: World, tag: str
) -> None:
    person = imported(each_world)
    record(each_world, person, {"topic:news": no(NEWS)}, "import")
    record(each_world, person, {"topic:news": None, "topic:offers": None}, "staff")
    page = prove(each_world, person, tag)
    assert page.says(said(tag, STAFF_TOOK_BACK))
    assert page.text.count(beginning(tag, NO_LONGER_HELD)) == 1
    assert not page.says(beginning(tag, TOOK_BACK_CHOICE))


def test_what_they_told_our_staff_is_their_word(world: World, tag: str) -> None:
    person = imported(world, MAILCHIMP)
    record(world, person, {"topic:offers": no(OFFERS)}, "phone")
    entry, _ = prove(world, person, tag).items("history")
    assert door_name(language(tag), "phone") in entry
    assert said(tag, STAFF_TOOK_BACK) not in entry


def test_a_message_marked_as_spam_is_no_choice_among_topics_that_they_never_had(
    world: World, tag: str
) -> None:
    person = world.person({"topic:offers": OFFERS})
    record(world, person, {"topic:offers": no(OFFERS), "topic:news": no(NEWS)}, "delivery")
    page = prove(world, person, tag)
    assert page.says(said(tag, GETS_TOPIC_NO_LONGER, topic=OFFERS_NAME))
    assert page.says(said(tag, COUNTS_AS_NO, topic=NEWS_NAME))
    assert not page.says(said(tag, DID_NOT_CHOOSE, topic=NEWS_NAME))


def test_answers_that_were_skipped_or_taken_back_are_told(world: World) -> None:
    person = world.person()
    record(world, person, {"answer:moved": {"skipped": True, "at": 1}}, "hosted")
    record(world, person, {"answer:moved": None}, "hosted")
    page = prove(world, person)
    assert page.says(said("en", SKIPPED_QUESTION, question="Have you moved?"))
    assert page.says(said("en", TOOK_BACK_ANSWER, question="Have you moved?"))


def test_what_the_site_has_no_words_for_any_more_is_told_too(each_world: World) -> None:
    world = make_world(each_world.database, [without_topic(KUTIA, "offers")])
    person = imported(world)
    record(world, person, {"answer:gone": {"said": "blue", "at": 1}}, "hosted")
    page = prove(world, person)
    assert page.says(CHOSE_A_FORMER_TOPIC)
    assert page.says(ANSWERED_A_FORMER_QUESTION)
    assert page.says("offers"), "by its id"
    assert page.says("blue")


def test_entries_have_a_time_and_the_page_says_whose(world: World, tag: str) -> None:
    person = world.person()
    world.clock.pass_by(hours=3, minutes=7)
    record(world, person, {"topic:offers": OFFERS}, "hosted")
    page = prove(world, person, tag)
    assert page.says("15:07")
    assert page.says(said(tag, TIMES_ARE_UTC))


def test_ending_links_is_told(each_world: World) -> None:
    person = each_world.person(SAID)
    page = prove(each_world, person).press(CANCEL_LINKS)
    assert page.says(CANCELLED_LINKS)


def test_a_sign_up_that_became_part_of_somebody_is_told_as_theirs(each_world: World) -> None:
    person = each_world.person(SAID)
    each_world.clock.pass_by(minutes=1)
    page = Reader(each_world.client()).open("/s/kutia").fill(EMAIL_ADDRESS, EMAIL)
    page.tick(NEWS_NAME).press(SIGN_UP)
    each_world.clock.pass_by(hours=1)
    Reader(each_world.client()).open(link_in(messages(each_world)[-1][2])).press(CONFIRM)
    page = prove(each_world, person)
    confirmed, _, signed_up, _ = page.items("history")
    assert confirmed.startswith("13:01 ")
    assert confirmed.endswith(f" {WHEN_CONFIRMING}")
    assert signed_up.startswith("12:01 ")
    assert signed_up.endswith(f" {WHEN_SIGNING_UP}")
    doors = [each["door"] for each in downloaded(each_world, page)["records"]]
    assert doors == ["import", "sign-up", "confirmation", "confirmation"]


def test_what_was_changed_to_and_fro_in_one_minute_is_told_each_time(world: World) -> None:
    person = world.person(SAID)
    for topic in (no(OFFERS), OFFERS, no(OFFERS)):
        world.say(person, {"topic:offers": topic})
    page = prove(world, person)
    assert page.text.count(said("en", GETS_TOPIC_NO_LONGER, topic=OFFERS_NAME)) == 2
