"""The scripts of the page around it can read a fragment: what a known person said is not in it.

What they type or choose in the form is; what we hold is masked, or only said to be held.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.browsing import Reader
from tests.support.words import said
from tests.support.words.preferences import (
    CHOICES_ARE_FOR,
    GET_FEWER,
    PHONE_IS_KNOWN,
    PHONE_NUMBER,
    POST_IS_KNOWN,
    POSTAL_ADDRESS,
    SAVE,
    UNDO,
    how,
)
from tests.support.words.unsubscribe import UNSUBSCRIBE_FROM_EVERYTHING
from tests.support.worlds import EMAIL, KUTIA, OFF, OFFERS_NAME, SAID, SHOP, World
from widget_backend.store.profiles import Profile

PHONE, STREET, WORDS, NUMBER = "+355697654321", "Rruga Kanarina 17", "canary words", 5
NAME = EMAIL.partition("@")[0]


@pytest.fixture
def person(world: World) -> Profile:
    """Somebody of whom we hold everything: address, number, street and an answer of each kind."""
    at = int(world.clock().timestamp())
    answers = {
        f"answer:{each.id}": {**_answer(each.kind), "at": at} for each in KUTIA.site.questions
    }
    contacts = {"contact:phone": PHONE, "contact:post": STREET, "language": "en"}
    return world.person({**SAID, **contacts, **answers})


def _answer(kind: str) -> dict[str, object]:
    options = {each.kind: each.options for each in KUTIA.site.questions}[kind]
    answer = {"yes_no": "yes", "number": NUMBER, "text": WORDS}.get(kind)
    many = kind in {"several", "colour"}
    return {"said": answer or ([options[0].id] if many else options[0].id)}


def views(world: World, person: Profile) -> Iterator[str]:
    """Every fragment that a known person's embed link shows."""
    link = world.link("embed", person)
    yield from (link, f"{link}?saved={person.revision}", f"{link}?view=questions")
    for stage in KUTIA.site.stages:
        yield f"{link}?view=questions&stage={stage.id}"


def test_no_fragment_tells_an_address_a_number_a_street_or_an_answer(
    world: World, person: Profile
) -> None:
    for path in views(world, person):
        page = Reader(world.client()).open(path)
        assert page.status == 200
        told = page.response.get_data(as_text=True)
        for held in (EMAIL, NAME, PHONE, PHONE[4:], STREET, WORDS):
            assert held not in told, path


def test_no_question_shows_what_was_answered(world: World, person: Profile) -> None:
    """Not even by a tick: whoever answers anew begins with an empty form."""
    asked = 0
    for path in views(world, person):
        if "stage=" not in path:
            continue
        page = Reader(world.client()).open(path)
        controls = [each for each in page.document.all("input") if each.get("type") != "hidden"]
        asked += len(controls)
        assert [each for each in controls if "checked" in each.attrib] == []
        typed = [each for each in controls if each.get("type") not in {"checkbox", "radio"}]
        assert [each.get("value") for each in typed] == [""] * len(typed)
    assert asked > 20, "or nothing was looked at"


def test_the_form_shows_what_is_chosen_and_says_only_that_it_holds_the_rest(
    world: World, person: Profile
) -> None:
    page = Reader(world.client()).open(world.link("embed", person))
    assert page.is_ticked(OFFERS_NAME)
    assert (page.value(PHONE_NUMBER), page.value(POSTAL_ADDRESS)) == ("", "")
    assert page.says(said("en", CHOICES_ARE_FOR, address="c•••@e•••.com"))
    assert page.says(said("en", PHONE_IS_KNOWN, number="•••• 21"))
    assert page.says(POST_IS_KNOWN)


BUTTONS = [SAVE, GET_FEWER, UNSUBSCRIBE_FROM_EVERYTHING]


@pytest.mark.parametrize("button", BUTTONS)
def test_what_is_typed_comes_back_only_while_it_is_not_saved(
    world: World, person: Profile, button: str
) -> None:
    link = world.link("embed", person)
    page = Reader(world.client()).open(link)
    page.choose(how("en", OFFERS_NAME), "sms")
    page.fill(PHONE_NUMBER, "no number").fill(POSTAL_ADDRESS, "Rruga 2").press(SAVE)
    assert (page.status, page.value(PHONE_NUMBER)) == (422, "no number")
    page.fill(PHONE_NUMBER, "+355 69 111 2233").press(button)
    told = page.response.get_data(as_text=True)
    assert page.status == 200
    typed = ("111 2233", "1112233")  # fewer digits may stand in a link by chance
    for held in (*typed, "no number", "Rruga 2", STREET, PHONE, EMAIL):
        assert held not in told
    page.press(UNDO)
    told = page.response.get_data(as_text=True)
    assert not any(each in told for each in typed)
    assert world.state(person)["contact:phone"] == PHONE


def test_what_changed_elsewhere_is_told_without_what_it_was(world: World, person: Profile) -> None:
    page = Reader(world.client()).open(world.link("embed", person))
    elsewhere = {"contact:phone": "+355690001112", "contact:post": "Rruga Tjetër 3"}
    world.say(person, {**elsewhere, "overall": OFF})
    page.fill(PHONE_NUMBER, "+355 69 111 2233").press(SAVE)
    assert page.status == 409
    told = page.response.get_data(as_text=True)
    for held in (*elsewhere.values(), "0001112", PHONE, STREET):
        assert held not in told


def test_an_address_is_in_no_refusal(world: World, person: Profile) -> None:
    link = world.link("embed", person)
    world.clock.pass_by(days=3)
    for path in (link, f"{link}?view=questions", f"{link}?opened="):
        answer = world.client().get(path, headers={"Origin": SHOP})
        assert answer.status_code == 410
        assert NAME not in answer.get_data(as_text=True)
    left = world.client().post(link, data={"do": "off"}, headers={"Origin": SHOP})
    told = left.get_data(as_text=True)
    assert "c•••&#64;e•••.com" in told, "leaving works, and shows whose choices these are"
    for held in (NAME, PHONE, STREET, WORDS):
        assert held not in told
