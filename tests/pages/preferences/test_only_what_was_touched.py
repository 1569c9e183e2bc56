"""A save holds what the person changed, and nothing that the form brought along."""

from __future__ import annotations

import pytest

from tests.support.browsing import Reader, text
from tests.support.steps import at
from tests.support.words import beginning, said
from tests.support.words.preferences import (
    GET_FEWER,
    LANGUAGE_OF_MESSAGES,
    PAUSE_UNTIL,
    PHONE_NUMBER,
    SAVE,
    UNDO,
    how,
)
from tests.support.worlds import DECLINED, OFFERS, OFFERS_NAME, SAID, TIPS, TIPS_NAME, World, no
from widget_backend.store.profiles import Profile

PHONE = "+355 69 123 4567"


@pytest.fixture
def person(each_world: World) -> Profile:
    """Brought in by an import, which knows no language."""
    return each_world.person(SAID)


def language_changes(world: World, person: Profile) -> list[object]:
    return [
        each.after
        for record in world.ledger(person)
        for each in record.changes
        if each.subject == "language"
    ]


def test_who_saves_without_choosing_a_language_has_said_none(
    each_world: World, person: Profile, tag: str
) -> None:
    page = Reader(each_world.client()).open(each_world.link("preferences", person, tag))
    page.press(said(tag, SAVE))
    assert each_world.state(person) == {**person.state, **DECLINED}
    assert language_changes(each_world, person) == []


@pytest.mark.parametrize("end", ["", "?lang=ar"])
def test_a_page_that_was_opened_in_another_language_chooses_none(
    each_world: World, person: Profile, end: str
) -> None:
    each_world.say(person, {"language": "sq"})
    page = Reader(each_world.client()).open(f"{each_world.link('preferences', person, 'ar')}{end}")
    page.press(said("ar", SAVE))
    assert each_world.state(person)["language"] == "sq"


def test_who_chooses_a_language_is_written_to_in_it(each_world: World, person: Profile) -> None:
    page = at(each_world, person).choose(LANGUAGE_OF_MESSAGES, "sq").press(SAVE)
    assert each_world.state(person)["language"] == "sq"
    assert page.status == 200
    page.press(UNDO) if UNDO in page.buttons() else page.press(said("sq", UNDO))
    assert "language" not in each_world.state(person)


def test_a_language_chosen_on_a_form_that_comes_back_is_still_chosen(
    each_world: World, person: Profile
) -> None:
    page = at(each_world, person).choose(LANGUAGE_OF_MESSAGES, "ar")
    page.choose(how("en", OFFERS_NAME), "sms").press(SAVE)
    assert page.status == 422
    assert page.value(LANGUAGE_OF_MESSAGES) == "ar"
    page.fill(PHONE_NUMBER, PHONE).press(SAVE)
    assert each_world.state(person)["language"] == "ar"


def test_a_language_that_was_chosen_elsewhere_meanwhile_stays(
    each_world: World, person: Profile
) -> None:
    page = at(each_world, person)
    each_world.say(person, {"language": "ar"})
    page.untick(OFFERS_NAME).press(SAVE)
    state = each_world.state(person)
    assert (state["language"], state["topic:offers"]) == ("ar", no(OFFERS))


def test_two_languages_chosen_at_once_are_asked_about(each_world: World, person: Profile) -> None:
    page = at(each_world, person).choose(LANGUAGE_OF_MESSAGES, "sq")
    each_world.say(person, {"language": "ar"})
    page.press(SAVE)
    assert page.status == 409
    assert page.value(LANGUAGE_OF_MESSAGES) == "sq"
    page.press(SAVE)
    assert each_world.state(person)["language"] == "sq"


# ── contact details ─────────────────────────────────────────────────────────────────────────


def by(page: Reader, channel: str, topic: str = OFFERS_NAME) -> Reader:
    return page.choose(how("en", topic), channel)


@pytest.mark.parametrize("typed", [PHONE, "12"])
def test_a_number_that_was_typed_and_hidden_again_is_not_kept(
    each_world: World, person: Profile, typed: str
) -> None:
    page = by(by(at(each_world, person), "sms").fill(PHONE_NUMBER, typed), "email")
    page.press(SAVE)
    assert page.status == 200
    assert each_world.state(person) == {**person.state, **DECLINED}


def test_a_number_for_a_topic_that_was_unticked_again_is_not_kept(
    each_world: World, person: Profile
) -> None:
    page = by(at(each_world, person), "sms").fill(PHONE_NUMBER, PHONE)
    page.untick(OFFERS_NAME).press(SAVE)
    assert "contact:phone" not in each_world.state(person)


def test_a_number_that_is_used_is_kept_and_can_be_replaced(
    each_world: World, person: Profile
) -> None:
    by(at(each_world, person), "sms").fill(PHONE_NUMBER, PHONE).press(SAVE)
    assert each_world.state(person)["contact:phone"] == "+355691234567"
    at(each_world, person).fill(PHONE_NUMBER, "+355 69 765 4321").press(SAVE)
    assert each_world.state(person)["contact:phone"] == "+355697654321"
    by(at(each_world, person).fill(PHONE_NUMBER, "+355 69 000 0000"), "email").press(SAVE)
    assert each_world.state(person)["contact:phone"] == "+355697654321"


def test_what_is_hidden_holds_up_no_way_out(each_world: World, person: Profile) -> None:
    page = by(by(at(each_world, person), "sms").fill(PHONE_NUMBER, "12"), "email")
    page.tick(TIPS_NAME).press(GET_FEWER)
    state = each_world.state(person)
    assert state["overall"]["reach"] == "less"
    assert state["topic:tips"]["on"] == TIPS["on"]


@pytest.mark.parametrize("button", [GET_FEWER, beginning("en", PAUSE_UNTIL)])
def test_a_button_for_all_messages_says_no_to_no_topic(world: World, button: str) -> None:
    person = world.person({"topic:offers": OFFERS})
    page = Reader(world.client()).open(world.link("preferences", person))
    page.post(page.address, [*page.form("preferences"), ("do", do_of(page, button))])
    assert "topic:tips" not in world.state(person)
    assert world.state(person)["overall"]["reach"] != "as_chosen"


def do_of(page: Reader, button: str) -> str:
    """What the first button that begins so sends."""
    first = next(each for each in page.document.all("button") if text(each).startswith(button))
    return first.get("value", "")
