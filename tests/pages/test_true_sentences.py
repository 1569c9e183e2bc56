"""Pages say what is so: what is saved, what was undone, what was sent, what may be left out."""

from __future__ import annotations

import pytest

from tests.support.browsing import Reader
from tests.support.lint_rules import text
from tests.support.steps import at
from tests.support.words import said
from tests.support.words.account import (
    CODE_ARRIVES_SOON,
    CODE_SENT,
    SEND_CODE,
    SEND_LINK,
    SHOW_DATA,
)
from tests.support.words.preferences import (
    NOTHING_SAVED_YET,
    PHONE_NUMBER,
    SAVE,
    SAVED,
    THERE_IS_A_PROBLEM,
    UNDO,
    UNDONE,
    how,
)
from tests.support.words.questions import OPTIONAL
from tests.support.words.subscribe import SIGN_UP, YOUR_ADDRESS
from tests.support.worlds import LANGUAGES, OFFERS_NAME, SAID, World
from widget_backend.store.profiles import Profile


@pytest.fixture
def person(world: World) -> Profile:
    return world.person(SAID)


def summary(page: Reader) -> str:
    return text(page.document.ids["summary-title"])


@pytest.mark.parametrize("tag", LANGUAGES)
def test_only_a_form_that_saves_says_that_nothing_is_saved(
    world: World, person: Profile, tag: str
) -> None:
    unsaved, problem = said(tag, NOTHING_SAVED_YET), said(tag, THERE_IS_A_PROBLEM)
    form = at(world, person, tag)
    form.choose(how(tag, OFFERS_NAME), "sms")
    assert summary(form.press(said(tag, SAVE))) == unsaved
    questions = Reader(world.client()).open(f"{world.link('questions', person)}?lang={tag}")
    assert summary(questions.press(said(tag, SAVE))) == unsaved
    lost = Reader(world.client()).open(f"/s/kutia/link?lang={tag}")
    assert summary(lost.press(said(tag, SEND_LINK))) == problem
    sign_up = Reader(world.client()).open(f"/s/kutia?lang={tag}")
    assert summary(sign_up.press(said(tag, SIGN_UP))) == problem
    code = Reader(world.client()).open(f"{world.link('preferences', person)}/data?lang={tag}")
    code.press(said(tag, SEND_CODE))
    assert summary(code.press(said(tag, SHOW_DATA))) == problem


@pytest.mark.parametrize("tag", LANGUAGES)
def test_after_an_undo_the_page_says_undone_and_offers_no_other_undo(
    world: World, person: Profile, tag: str
) -> None:
    page = at(world, person, tag).untick(OFFERS_NAME)
    page.press(said(tag, SAVE)).press(said(tag, UNDO))
    assert page.says(said(tag, UNDONE))
    assert not page.says(said(tag, SAVED))
    assert said(tag, UNDO) not in page.buttons()


def test_saving_again_what_was_undone_is_a_save_that_can_be_undone(
    world: World, person: Profile
) -> None:
    page = at(world, person).untick(OFFERS_NAME).press(SAVE).press(UNDO)
    page.untick(OFFERS_NAME).press(SAVE)
    assert page.says(SAVED)
    assert UNDO in page.buttons()


@pytest.mark.parametrize("tag", LANGUAGES)
def test_the_code_page_says_that_a_code_was_sent_once_it_was(
    world: World, person: Profile, tag: str
) -> None:
    page = Reader(world.client()).open(f"{world.link('preferences', person)}/data?lang={tag}")
    sent = said(tag, CODE_SENT, address="c•••@e•••.com")
    assert not page.says(sent)
    page.press(said(tag, SEND_CODE))
    assert page.says(sent)
    assert page.says(said(tag, CODE_ARRIVES_SOON))


@pytest.mark.parametrize("tag", LANGUAGES)
def test_a_question_whose_answer_is_demanded_is_not_called_optional(
    world: World, person: Profile, tag: str
) -> None:
    page = Reader(world.client()).open(f"{world.link('questions', person)}?lang={tag}&stage=home")
    optional = said(tag, OPTIONAL)
    assert page.text.count(optional) == 2
    page.press(said(tag, SAVE))
    assert page.text.count(optional) == 1


@pytest.mark.parametrize("tag", LANGUAGES)
@pytest.mark.parametrize("purpose", ["unsubscribe", "confirm"])
def test_where_there_are_no_choices_the_page_speaks_of_the_address(
    world: World, tag: str, purpose: str
) -> None:
    person = world.person(SAID, pending=purpose == "confirm")
    page = Reader(world.client()).open(f"{world.link(purpose, person)}?lang={tag}")
    assert page.says(said(tag, YOUR_ADDRESS, address="c•••@e•••.com"))


def test_a_phone_number_never_breaks_over_two_lines(world: World, person: Profile) -> None:
    page = at(world, person).choose(how("en", OFFERS_NAME), "sms")
    page.fill(PHONE_NUMBER, "069").press(SAVE)
    assert (
        "+355\N{NO-BREAK SPACE}69\N{NO-BREAK SPACE}123\N{NO-BREAK SPACE}4567" in page.response.text
    )
