"""A channel asks for what it needs, a number or an address, and shows what is known masked."""

from __future__ import annotations

import pytest

from tests.support.browsing import Reader
from tests.support.steps import at
from tests.support.words import said
from tests.support.words.preferences import (
    AS_OFTEN_AS_CHOSEN,
    ENTER_PHONE,
    ENTER_PHONE_LIKE,
    ENTER_POST,
    PHONE_IS_KNOWN,
    PHONE_NUMBER,
    POST_IS_KNOWN,
    POSTAL_ADDRESS,
    SAVE,
    SHORTEN_POST,
    how,
)
from tests.support.worlds import OFFERS, OFFERS_NAME, SAID, SIGNER, World
from widget_backend.address_hashes import of_number
from widget_backend.store.database import write_transaction
from widget_backend.store.profiles import Profile
from widget_backend.store.suppression import suppress, suppressed

MINIMAL = [("revision", "1"), ("do", "save")]


@pytest.fixture
def person(each_world: World) -> Profile:
    return each_world.person(SAID)


@pytest.mark.parametrize(
    ("channel", "label", "message", "typed", "stored"),
    [
        ("sms", PHONE_NUMBER, ENTER_PHONE, "+355 69 123 4567", "+355691234567"),
        ("phone", PHONE_NUMBER, ENTER_PHONE, "(00355) 69-123.45/67", "+355691234567"),
        ("phone", PHONE_NUMBER, ENTER_PHONE, "+٣٥٥ ٦٩ ١٢٣ ٤٥٦٧", "+355691234567"),
        ("post", POSTAL_ADDRESS, ENTER_POST, "Rruga 1\nTirana", "Rruga 1\nTirana"),
    ],
)
def test_a_channel_asks_for_the_detail_it_needs(
    each_world: World,
    person: Profile,
    tag: str,
    channel: str,
    label: str,
    message: str,
    typed: str,
    stored: str,
) -> None:
    control = how(tag, OFFERS_NAME)
    page = at(each_world, person, tag).choose(control, channel).press(said(tag, SAVE))
    assert page.status == 422
    assert page.says(said(tag, message))
    assert page.value(control) == channel
    assert each_world.state(person)["topic:offers"] == OFFERS
    page.fill(said(tag, label), typed).press(said(tag, SAVE))
    assert page.status == 200
    state = each_world.state(person)
    kind = "post" if channel == "post" else "phone"
    assert state["topic:offers"] == {**OFFERS, "channel": channel}
    assert state[f"contact:{kind}"] == stored
    assert typed not in page.text
    assert "691234567" not in page.response.text


def test_a_number_that_its_owner_types_is_kept_out_of_imports_no_longer(
    each_world: World, person: Profile
) -> None:
    kept_out, hashes = [of_number("+355691234567"), of_number("+355691234568")], SIGNER.addresses
    with write_transaction(each_world.database):
        suppress(each_world.database, person.site, kept_out, hashes, 1)
    page = at(each_world, person).choose(how("en", OFFERS_NAME), "sms")
    page.fill(PHONE_NUMBER, "+355 69 123 4567").press(SAVE)
    assert suppressed(each_world.database, person.site, kept_out, hashes) == {kept_out[1]}


def test_a_known_detail_is_not_asked_for_again_and_shown_masked(world: World, tag: str) -> None:
    person = world.person({**SAID, "contact:phone": "+355691234567", "contact:post": "Rruga 1"})
    control = how(tag, OFFERS_NAME)
    page = at(world, person, tag)
    has = said(tag, PHONE_IS_KNOWN, number="•••• 67")
    assert page.says(has)
    assert page.says(said(tag, POST_IS_KNOWN))
    assert "Rruga 1," not in page.text.replace("شركة 24, Rruga 1, Tirana", "")
    page.choose(control, "phone").press(said(tag, SAVE))
    assert page.status == 200
    assert world.state(person)["contact:phone"] == "+355691234567"


@pytest.mark.parametrize(
    "typed",
    [
        "12",
        "069 123 4567",
        "+355",
        "+355 69 123 4567 890 123",
        "call me",
        "+0 69 123 4567",
        "++355691234567",
    ],
)
def test_a_number_that_cannot_be_called_comes_back_as_typed(
    world: World, tag: str, typed: str
) -> None:
    person = world.person(SAID)
    page = at(world, person, tag)
    page.choose(how(tag, OFFERS_NAME), "phone")
    page.fill(said(tag, PHONE_NUMBER), typed).press(said(tag, SAVE))
    assert page.status == 422
    assert page.says(said(tag, ENTER_PHONE_LIKE, example="+355 69 123 4567"))
    assert page.value(said(tag, PHONE_NUMBER)) == typed
    assert "contact:phone" not in world.state(person)


def test_an_address_of_400_characters_is_kept_and_401_are_not(each_world: World) -> None:
    person = each_world.person(SAID)
    page = at(each_world, person).choose(how("en", OFFERS_NAME), "post")
    page.fill(POSTAL_ADDRESS, "ع" * 401).press(SAVE)
    assert page.says(SHORTEN_POST)
    page.fill(POSTAL_ADDRESS, "ع" * 400).press(SAVE)
    assert each_world.state(person)["contact:post"] == "ع" * 400


def test_several_errors_come_in_the_order_of_the_page(world: World) -> None:
    """The linting compares the order; here it is what is in it."""
    person = world.person(SAID)
    entries = [
        *MINIMAL,
        *[("offered", topic) for topic in ("offers", "news", "tips", "gone")],
        *[(f"topic-{topic}", "on") for topic in ("offers", "news", "tips")],
        ("channel-offers", "fax"),
        ("channel-tips", "sms"),
        ("frequency-tips", "quarterly"),
        ("frequency-offers", "hourly"),
        ("channel-news", "post"),
        ("phone", "12"),
        ("language", "xx"),
        ("do", "pause:1999-01-01"),
    ]
    page = Reader(world.client())
    page.post(world.link("preferences", person), [each for each in entries if each != MINIMAL[1]])
    assert page.status == 422
    summary = page.document.classed("summary")[0]
    assert [each.get("href") for each in summary.iter("a")] == [
        "#offered",
        "#channel-offers",
        "#frequency-offers",
        "#frequency-news",
        "#channel-tips",
        "#phone",
        "#post",
        "#language",
        "#do",
    ]
    assert "fax" not in page.text


def test_a_choice_at_the_top_survives_an_error_below(world: World) -> None:
    person = world.person({**SAID, "overall": {"reach": "less", "until": None}})
    label = AS_OFTEN_AS_CHOSEN
    page = at(world, person).tick(label).choose(how("en", OFFERS_NAME), "sms")
    page.fill(PHONE_NUMBER, "12").press(SAVE)
    assert page.status == 422
    assert page.is_ticked(label)
