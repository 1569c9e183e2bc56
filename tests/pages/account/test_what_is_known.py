"""All that is known is on the page and in the download: evidence, roles, what came back."""

from __future__ import annotations

from tests.support.browsing import Reader
from tests.support.my_data import MAILCHIMP, day_in, downloaded, imported
from tests.support.steps import NEW_ADDRESS, prove, record
from tests.support.words import beginning, said
from tests.support.words.account import (
    AGREED_BEFORE,
    CUSTOMER_NUMBER,
    CUSTOMER_NUMBER_SAVED,
    EMAIL_CAME_BACK,
    MESSAGES_CAME_BACK,
    NEW_EMAIL_ADDRESS,
    SAID_NO,
    SEND_CONFIRMATION,
    UNCONFIRMED_MOVE,
)
from tests.support.words.labels import ALL_OFF, EMAIL_CHANNEL, WEEKLY
from tests.support.words.preferences import SAVE
from tests.support.worlds import NEWS, NEWS_NAME, OFF, OFFERS, OFFERS_NAME, SAID, SIGNER, World, no
from widget_backend.store.erasure import erase
from widget_backend.store.ledger import ConsentContext, Wording
from widget_backend.text import sentence_start


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
