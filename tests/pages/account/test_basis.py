"""Who was not simply asked is told why they get something, and never that they agreed."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from peewee import Database

from tests.support.browsing import Reader
from tests.support.receipts import mistakes_of
from tests.support.steps import at, button, prove, record, topic_link
from tests.support.words import Text, beginning, said
from tests.support.words.account import (
    AGREED_BEFORE,
    AGREED_ON,
    BOUGHT_ON,
    GOT_SOMETHING,
    RECEIPT,
    TICKED_BEFOREHAND,
)
from tests.support.words.preferences import SAVE, UNDO
from tests.support.words.unsubscribe import (
    ONLY_TOPIC,
    UNSUBSCRIBE,
    WHY_YOU_GET_IT,
    YOUR_AGREEMENT,
)
from tests.support.worlds import KUTIA, OFFERS, OFFERS_NAME, World, declaring, make_world, no
from widget_backend.i18n.languages import language
from widget_backend.rules.basis import Basis, Ground, ground_of, grounded
from widget_backend.site.evidence import Evidence
from widget_backend.store.profiles import Profile

MAY = datetime(2026, 5, 3, 12, tzinfo=UTC)


EVIDENCE = Evidence("privacy@kutia.example", "Until you leave", "Frankfurt", ())


def who(world: World, basis: Basis = "purchase", at: datetime = MAY, **evidence: str) -> Profile:
    person = world.person()
    wanted = {"topic:offers": grounded(OFFERS, Ground(basis, int(at.timestamp())))}
    record(world, person, wanted, evidence={"basis": basis, **evidence})
    return world.read(person)


def bought(tag: str, day: date = date(2026, 5, 3)) -> str:
    return said(tag, BOUGHT_ON, date=language(tag).date(day))


def test_the_page_with_their_data_says_why(each_world: World, tag: str) -> None:
    page = prove(each_world, who(each_world), tag)
    assert page.text.count(bought(tag)) == 2, "of the topic, and in the history"
    for agreed in (AGREED_ON, AGREED_BEFORE):
        assert not page.says(beginning(tag, agreed))


def test_the_day_of_another_topic_in_the_same_row_is_not_told(world: World) -> None:
    page = prove(world, who(world, consented_on="2026-05-02"))
    assert page.says(bought("en"))
    assert not page.says(bought("en", date(2026, 5, 2)))


@pytest.mark.parametrize("zone", ["America/Los_Angeles", "Pacific/Kiritimati"])
def test_a_stated_day_is_that_day_by_whatever_clock(sqlite: Database, zone: str) -> None:
    world = make_world(sqlite, [declaring(KUTIA, time_zone=zone, evidence=EVIDENCE)])
    person = who(world, at=datetime(2026, 5, 2, tzinfo=UTC), consented_on="2026-05-02")
    day = bought("en", date(2026, 5, 2))
    page = prove(world, person)
    assert page.text.count(day) == 2
    assert Reader(world.client()).open(f"{topic_link(world, person)}/why?lang=en").says(day)
    assert note_of_offers(receipt(page)) == day


def test_a_moment_is_of_the_day_that_it_is_there(sqlite: Database) -> None:
    late = datetime(2026, 5, 3, 2, tzinfo=UTC)
    site = declaring(KUTIA, time_zone="America/Los_Angeles", evidence=EVIDENCE)
    world = make_world(sqlite, [site])
    page = prove(world, who(world, at=late))
    assert page.says(bought("en", date(2026, 5, 2)))
    assert note_of_offers(receipt(page)) == bought("en", date(2026, 5, 2))


@pytest.mark.parametrize(
    ("basis", "sentence"), [("pre_ticked", TICKED_BEFOREHAND), ("rewarded", GOT_SOMETHING)]
)
def test_each_basis_has_its_own_words(
    each_world: World, tag: str, basis: Basis, sentence: Text
) -> None:
    assert prove(each_world, who(each_world, basis), tag).says(said(tag, sentence))


def test_why_they_get_a_message_is_no_agreement(world: World, tag: str) -> None:
    page = Reader(world.client()).open(f"{topic_link(world, who(world))}/why?lang={tag}")
    assert page.says(bought(tag))
    assert page.says(said(tag, WHY_YOU_GET_IT))
    assert not page.says(said(tag, YOUR_AGREEMENT))
    other = world.person({"topic:offers": OFFERS}, email="other@example.com")
    page = Reader(world.client()).open(f"{topic_link(world, other)}/why?lang={tag}")
    assert page.says(said(tag, YOUR_AGREEMENT))


def test_who_saves_the_form_and_leaves_the_box_as_it_was_has_not_agreed(
    each_world: World,
) -> None:
    person = who(each_world)
    at(each_world, person).press(said("en", SAVE))
    saved = each_world.read(person)
    assert saved.revision > person.revision, "for the other topics were declined"
    assert ground_of(saved.state.preference("offers")) == Ground("purchase", int(MAY.timestamp()))
    assert not prove(each_world, person).says(beginning("en", AGREED_ON))


def test_who_unticks_it_and_ticks_it_again_has_agreed_then(each_world: World) -> None:
    person = who(each_world)
    at(each_world, person).untick(OFFERS_NAME).press(said("en", SAVE))
    at(each_world, person).tick(OFFERS_NAME).press(said("en", SAVE))
    assert ground_of(each_world.read(person).state.preference("offers")) == Ground()
    assert prove(each_world, person).says(beginning("en", AGREED_ON))


def test_who_leaves_and_undoes_it_is_where_they_were(each_world: World) -> None:
    """The link is in mail that gets forwarded: undoing makes no yes of it, and no later day."""
    person = who(each_world)
    saved = each_world.read(person).state.preference("offers")
    page = Reader(each_world.client()).open(topic_link(each_world, person))
    page.press(button("en", UNSUBSCRIBE, ONLY_TOPIC))
    assert each_world.read(person).state.preference("offers") == no(OFFERS)
    page.press(said("en", UNDO))
    assert each_world.read(person).state.preference("offers") == saved
    page = prove(each_world, person)
    assert page.says(bought("en"))
    assert not page.says(beginning("en", AGREED_ON))


def receipt(page: Reader) -> Any:
    """The only one that the page with their data offers."""
    start = beginning("en", RECEIPT)
    (address,) = [link for name, link in page.links().items() if name.startswith(start)]
    content: Any = page.client.get(address).get_json()
    return content["receipt"]


def offers_in(content: Any) -> Any:
    (process,) = content["dpv:hasProcess"]
    topics = {
        each["dpv:hasPurpose"][0]["skos:prefLabel"]: each for each in process["dpv:hasProcess"]
    }
    return topics[OFFERS_NAME]


def note_of_offers(content: Any) -> Any:
    (status,) = offers_in(content)["dpv:hasConsentStatus"]
    return status["skos:note"]


def test_a_receipt_does_not_say_that_consent_was_given(sqlite: Database) -> None:
    world = make_world(sqlite, [declaring(KUTIA, evidence=EVIDENCE)])
    content = receipt(prove(world, who(world)))
    assert mistakes_of(content) == []
    offers = offers_in(content)
    assert offers["dpv:hasLegalBasis"] == ["dpv:ImpliedConsent"]
    (status,) = offers["dpv:hasConsentStatus"]
    assert status["@type"] == "dpv:ConsentUnknown"
    assert status["dpv:isIndicatedAtTime"] == MAY.isoformat()
    assert status["skos:note"] == bought("en")
