"""What was said is told whole: each record says what happened, when, and on what evidence."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from tests.support.browsing import Reader
from tests.support.steps import NEW_ADDRESS, link_in, messages, prove, record
from tests.support.words import beginning, said
from tests.support.words.account import (
    AGREED_BEFORE,
    AGREED_ON,
    ANSWERED,
    ANSWERED_A_FORMER_QUESTION,
    CANCEL_LINKS,
    CANCELLED_LINKS,
    CHOSE_A_FORMER_TOPIC,
    CONFIRMED_ADDRESS,
    CUSTOMER_NUMBER,
    CUSTOMER_NUMBER_SAVED,
    DID_NOT_CHOOSE,
    DOWNLOAD_DATA,
    EMAIL_CAME_BACK,
    IMPORTED,
    MESSAGES_CAME_BACK,
    NEW_EMAIL_ADDRESS,
    NO_LONGER_HELD,
    NOTHING_CHANGED_FOR_YOU,
    SAID_NO,
    SEND_CONFIRMATION,
    SKIPPED_QUESTION,
    STAFF_TOOK_BACK,
    TIMES_ARE_UTC,
    TOOK_BACK_ANSWER,
    TOOK_BACK_CHOICE,
    UNCONFIRMED_MOVE,
)
from tests.support.words.labels import (
    ALL_OFF,
    EMAIL_CHANNEL,
    FROM_PREVIOUS_SYSTEM,
    GETS_TOPIC_NO_LONGER,
    WEEKLY,
    WHEN_CONFIRMING,
    WHEN_SIGNING_UP,
    YES,
)
from tests.support.words.preferences import SAVE
from tests.support.words.subscribe import CONFIRM, EMAIL_ADDRESS, SIGN_UP
from tests.support.worlds import (
    EMAIL,
    KUTIA,
    NEWS,
    NEWS_NAME,
    OFF,
    OFFERS,
    OFFERS_NAME,
    SAID,
    SIGNER,
    World,
    make_world,
    no,
    without_topic,
)
from widget_backend.i18n.languages import language
from widget_backend.store.erasure import erase
from widget_backend.store.ledger import ConsentContext, Door, Wording
from widget_backend.store.profiles import Profile
from widget_backend.text import sentence_start
from widget_backend.web.labels import door_name

MAILCHIMP = {
    "file": "subscribed.csv",
    "OPTIN_TIME": "2023-01-01 09:00:00",
    "CONFIRM_TIME": "2023-01-02 09:30:00",
    "OPTIN_IP": "192.0.2.7",
}


def imported(world: World, evidence: dict[str, str] | None = None) -> Profile:
    person = world.person()
    record(world, person, {"topic:offers": OFFERS}, evidence=evidence)
    return person


# ── since when ──────────────────────────────────────────────────────────────────────────────


def test_who_was_brought_in_agreed_when_they_agreed(each_world: World, tag: str) -> None:
    page = prove(each_world, imported(each_world, MAILCHIMP), tag)
    day = day_in(tag, 2023, 1, 2)
    sentence = said(tag, AGREED_ON, date=day, door="@").partition("@")[0]
    assert page.text.count(sentence.strip()) == 2, "of the topic, and in the history"


@pytest.mark.parametrize("evidence", [None, {"consent": "at the fair"}, {"CONFIRM_TIME": "1/2/24"}])
def test_where_the_day_is_unknown_only_that_of_the_import_is_claimed(
    each_world: World, tag: str, evidence: dict[str, str] | None
) -> None:
    page = prove(each_world, imported(each_world, evidence), tag)
    day = day_in(tag, 2027, 3, 1)
    before = said(tag, AGREED_BEFORE, date=day, door="@")
    assert not page.says(beginning(tag, AGREED_ON))
    assert before.partition("@")[0].strip() in page.text


def test_topics_that_were_agreed_to_on_several_days_have_each_its_own(
    each_world: World, tag: str
) -> None:
    person = each_world.person()
    evidence = {"offers:at": "2023-01-02T09:00:00Z", "news:at": "2024-01-02T09:00:00Z"}
    record(each_world, person, SAID, evidence=evidence)
    page = prove(each_world, person, tag)
    for year in (2023, 2024):
        day = said(tag, AGREED_ON, date=day_in(tag, year, 1, 2), door="@").partition("@")[0]
        assert page.text.count(day.strip()) == 1, "of the topic"
    before = said(tag, AGREED_BEFORE, date=day_in(tag, 2027, 3, 1), door="@").partition("@")[0]
    assert page.text.count(before.strip()) == 1, "in the history"


def day_in(tag: str, year: int, month: int, day: int) -> str:
    return language(tag).date(date(year, month, day))


def test_what_came_from_elsewhere_was_not_said_there_on_the_day_it_came(world: World) -> None:
    (entry,) = prove(world, imported(world, MAILCHIMP)).items("history")
    assert entry.startswith("12:00 ")
    assert FROM_PREVIOUS_SYSTEM in entry


# ── what happened ───────────────────────────────────────────────────────────────────────────

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


def test_a_topic_that_our_staff_gives_back_was_agreed_to_when_it_was(world: World) -> None:
    person = imported(world, MAILCHIMP)
    record(world, person, {"topic:offers": no(OFFERS)}, "import")
    world.clock.pass_by(hours=24 * 30)
    record(world, person, {"topic:offers": OFFERS}, "staff")
    agreed = said("en", AGREED_ON, date=day_in("en", 2023, 1, 2), door="@").partition("@")[0]
    assert prove(world, person).text.count(agreed.strip()) == 2, "of the topic, and in the history"


def test_what_they_told_our_staff_is_their_word(world: World, tag: str) -> None:
    person = imported(world, MAILCHIMP)
    record(world, person, {"topic:offers": no(OFFERS)}, "phone")
    entry, _ = prove(world, person, tag).items("history")
    assert door_name(language(tag), "phone") in entry
    assert said(tag, STAFF_TOOK_BACK) not in entry


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


# ── all of it ───────────────────────────────────────────────────────────────────────────────


def test_evidence_is_shown_as_it_was_recorded(each_world: World) -> None:
    page = prove(each_world, imported(each_world, MAILCHIMP))
    for name, value in MAILCHIMP.items():
        assert page.says(f"{name}: {value}")


def test_roles_channels_and_what_was_declined_are_shown(each_world: World) -> None:
    person = each_world.person(
        {"topic:offers": OFFERS, "topic:news": no(NEWS), "overall": OFF}, roles=["trade", "gone"]
    )
    page = prove(each_world, person)
    assert page.says(
        f"{OFFERS_NAME} {sentence_start(EMAIL_CHANNEL)}, {WEEKLY} {beginning('en', AGREED_BEFORE)}"
    )
    assert page.says(f"{NEWS_NAME} {SAID_NO}")
    assert page.says(ALL_OFF)
    assert page.says("gone")


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


def test_mail_that_came_back_and_a_move_that_waits_are_shown(each_world: World) -> None:
    person = each_world.person(SAID)
    page = prove(each_world, person)
    page.fill(NEW_EMAIL_ADDRESS, NEW_ADDRESS).press(SEND_CONFIRMATION)
    each_world.database.execute_sql("UPDATE identity SET undeliverable_at = 1900000000")
    page.open(page.address)
    assert page.says(NEW_ADDRESS)
    assert page.says(UNCONFIRMED_MOVE)
    assert page.says(beginning("en", EMAIL_CAME_BACK))
    assert downloaded(each_world, page)["wants_to_move_to"] == NEW_ADDRESS
    assert downloaded(each_world, page)["email"]["undeliverable_at"].startswith("2030")


def test_messages_to_a_number_that_came_back_are_shown(each_world: World, tag: str) -> None:
    person = each_world.person({**SAID, "contact:phone": "+355691234567"})
    each_world.database.execute_sql(
        "UPDATE identity SET undeliverable_at = 1900000000 WHERE kind = 'phone'"
    )
    page = prove(each_world, person, tag)
    assert page.says(said(tag, MESSAGES_CAME_BACK, date=day_in(tag, 2030, 3, 17)))
    assert not page.says(beginning(tag, EMAIL_CAME_BACK))
    answer = downloaded(each_world, prove(each_world, person))
    assert answer["came_back"]["phone"].startswith("2030-03-17")


def test_a_customer_number_is_shown_and_goes_with_the_person(each_world: World, tag: str) -> None:
    person = each_world.person(SAID)
    record(each_world, person, {"contact:customer": "K-1"}, evidence={"file": "till.csv"})
    page = prove(each_world, person, tag)
    assert page.says(said(tag, CUSTOMER_NUMBER))
    assert page.says("K-1")
    assert page.says(said(tag, CUSTOMER_NUMBER_SAVED))
    assert downloaded(each_world, prove(each_world, person))["customer_number"] == "K-1"
    how = ConsentContext(1_900_000_000, "my-data", Wording.of(person.site, "en", {}))
    erase(each_world.database, each_world.read(person), how, SIGNER.addresses)
    assert "K-1" not in repr(each_world.dump())


def downloaded(world: World, page: Reader) -> dict[str, Any]:
    answer = world.client().get(page.links()[DOWNLOAD_DATA])
    content: dict[str, Any] = json.loads(answer.get_data())
    return content


def test_a_download_holds_evidence_and_the_wordings_behind_each_record(each_world: World) -> None:
    person = imported(each_world, MAILCHIMP)
    Reader(each_world.client()).open(each_world.link("preferences", person)).press(SAVE)
    content = downloaded(each_world, prove(each_world, person))
    first, second = content["records"]
    assert first["evidence"] == MAILCHIMP
    assert first["changes"] == [{"subject": "topic:offers", "before": None, "after": OFFERS}]
    texts = content["wordings"][second["wording"]]["texts"]
    assert OFFERS_NAME in texts["topics.offers"]
    assert content["known_since"].startswith("2027-03-01T12:00")


def test_what_was_changed_to_and_fro_in_one_minute_is_told_each_time(world: World) -> None:
    person = world.person(SAID)
    for topic in (no(OFFERS), OFFERS, no(OFFERS)):
        world.say(person, {"topic:offers": topic})
    page = prove(world, person)
    assert page.text.count(said("en", GETS_TOPIC_NO_LONGER, topic=OFFERS_NAME)) == 2
