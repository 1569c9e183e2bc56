"""Staged questions: a few at a time, short-term ones first, never more than people want to say."""

from __future__ import annotations

import pytest

from tests.support.browsing import Reader
from tests.support.steps import answered, answers, asked
from tests.support.words import said
from tests.support.words.labels import NO, YES
from tests.support.words.preferences import SAVE
from tests.support.words.questions import (
    ALL_FOR_NOW,
    ALREADY_ANSWERED,
    AT_MOST_MORE_STEPS,
    BACK,
    CHOOSE_ANSWER,
    ENTER_ANSWER,
    GO_ON_WITHOUT_ANSWER,
    LAST_STEP,
    MORE_STEPS,
    NO_QUESTIONS,
    OPTIONAL,
    OR,
    SKIP,
    STEP,
    STEP_OF_UP_TO,
)
from tests.support.words.subscribe import CHECK_EMAIL
from tests.support.worlds import KUTIA, World, declaring, make_world
from widget_backend.store.profiles import Profile


@pytest.fixture
def person(each_world: World) -> Profile:
    return each_world.person({"language": "en"})


def step(page: Reader) -> str:
    (progress,) = page.document.all("progress")
    return progress.get("aria-label", "")


def test_the_whole_way_short_questions_before_long_ones(
    each_world: World, person: Profile, tag: str
) -> None:
    yes, save = said(tag, YES), said(tag, SAVE)
    seen = []
    page = asked(each_world, person, tag)
    for labels, typed in (
        ([yes, "صالة 2", "Attic"], {}),
        (["Now"], {}),
        ([], {"How many live with you?": "3", "What would you change?": "The <b>balcony</b>"}),
        (["Round", "Blue", "Red"], {}),
        (["Much <u>indeed</u>"], {}),
    ):
        seen.append((page.heading, step(page)))
        for label in labels:
            page.tick(label)
        for question, text in typed.items():
            page.fill(f"{question} {said(tag, OPTIONAL)}", text)
        page.press(save)
        assert page.status == 200
    count = [
        said(tag, STEP_OF_UP_TO if each == 1 else STEP, number=each, total=5)
        for each in range(1, 6)
    ]
    headings = [
        "What changes",
        "When did you move?",
        "Your home",
        "Your taste",
        "What do you earn?",
    ]
    assert seen == [*zip(headings, count, strict=True)]
    assert page.heading == said(tag, ALL_FOR_NOW)
    assert answers(each_world, person) == {
        "moved": {"said": "yes"},
        "rooms": {"said": ["hall", "attic"]},
        "moved-when": {"said": "now"},
        "people": {"said": 3},
        "wish": {"said": "The <b>balcony</b>"},
        "style": {"said": "round"},
        "colours": {"said": ["red", "blue"]},
        "income": {"said": "much"},
    }
    assert [record.door for record in each_world.ledger(person)[1:]] == ["hosted"] * 5


def test_a_follow_up_comes_only_after_the_answer_it_follows(world: World) -> None:
    person = world.person()
    page = asked(world, person).tick(NO).tick("Attic").press(SAVE)
    assert page.heading == "Your home"
    assert step(page) == said("en", STEP, number=2, total=4), "it was never promised"


def test_each_step_says_how_many_there_may_still_be(world: World, tag: str) -> None:
    person, skip = world.person(), said(tag, SKIP)
    page = asked(world, person, tag).tick(said(tag, YES))
    bars, texts = [], []
    for press in (said(tag, SAVE), skip, skip, skip, skip):
        (progress,) = page.document.all("progress")
        bars.append((progress.get("value"), progress.get("max")))
        texts.append(page.text)
        page.press(press)
    assert bars == [(str(each), "5") for each in range(1, 6)]
    wanted = [(AT_MOST_MORE_STEPS, 4), (MORE_STEPS, 3), (MORE_STEPS, 2), (MORE_STEPS, 1)]
    for page_text, (sentence, count) in zip(texts, wanted, strict=False):
        assert said(tag, sentence, count=count) in page_text
    assert said(tag, LAST_STEP) in texts[-1]


def test_who_goes_back_is_told_how_many_steps_still_follow(world: World, tag: str) -> None:
    person, skip, back = world.person(answered(world, moved="no")), said(tag, SKIP), said(tag, BACK)
    page = asked(world, person, tag).press(skip).press(skip)
    page.follow(back).follow(back)
    following = [said(tag, MORE_STEPS, count=count) for count in (3, 2, 1)]
    (claimed,) = [
        count for count, each in zip((3, 2, 1), following, strict=True) if page.says(each)
    ]
    presses = 0
    while page.press(skip).document.all("progress"):
        presses += 1
    assert presses == claimed


def test_a_single_step_is_not_counted(world: World) -> None:
    alone = make_world(world.database, [declaring(KUTIA, stages=KUTIA.site.stages[:1])])
    page = asked(alone, alone.person())
    assert page.heading == "What changes"
    assert page.document.all("progress") == []
    assert not page.says(LAST_STEP)


def test_where_a_person_stopped_they_go_on(each_world: World, person: Profile) -> None:
    asked(each_world, person).tick(NO).press(SAVE)
    assert asked(each_world, person).heading == "Your home"


def test_one_answer_of_two_leaves_the_other_for_later(each_world: World, person: Profile) -> None:
    asked(each_world, person).tick(NO).press(SAVE)
    assert answers(each_world, person) == {"moved": {"said": "no"}, "rooms": {"skipped": True}}
    each_world.clock.pass_by(days=29)
    assert asked(each_world, person).heading == "Your home"
    each_world.clock.pass_by(days=1)
    page = asked(each_world, person)
    assert page.heading == "Which rooms?"
    assert step(page) == said("en", STEP, number=1, total=4)


def test_skip_asks_again_after_a_month(each_world: World, person: Profile, tag: str) -> None:
    page = asked(each_world, person, tag).press(said(tag, SKIP))
    assert page.heading == "Your home"
    assert answers(each_world, person) == {"moved": {"skipped": True}, "rooms": {"skipped": True}}
    each_world.clock.pass_by(days=30)
    assert asked(each_world, person, tag).heading == "What changes"


def test_skip_does_not_look_at_what_was_typed(world: World) -> None:
    person = world.person(answered(world, moved="no", rooms=[]))
    page = asked(world, person)
    page.fill(f"How many live with you? {OPTIONAL}", "many").press(SKIP)
    assert page.status == 200
    assert answers(world, person)["people"] == {"skipped": True}


def test_nothing_chosen_and_saved_is_told_how_to_go_on(world: World, tag: str) -> None:
    page = asked(world, world.person(), tag).press(said(tag, SAVE))
    assert page.status == 422
    assert page.says(said(tag, CHOOSE_ANSWER))
    page = asked(world, world.person(answered(world, moved="no", rooms=[]), email="b@x.al"), tag)
    page.press(said(tag, SAVE))
    assert page.says(said(tag, ENTER_ANSWER))


def test_prefer_not_to_say_is_an_answer_that_lasts(
    each_world: World, person: Profile, tag: str
) -> None:
    page = asked(each_world, person, tag)
    for control in page.document.all("input"):
        if control.get("value") == "-declined" or control.get("name") == "decline-rooms":
            control.set("checked", "")
    page.press(said(tag, SAVE))
    assert answers(each_world, person) == {"moved": {"declined": True}, "rooms": {"declined": True}}
    each_world.clock.pass_by(days=29)
    assert asked(each_world, person, tag).heading == "Your home"
    each_world.clock.pass_by(days=1)
    assert asked(each_world, person, tag).heading == "Which rooms?"


def test_an_answer_past_its_lifespan_is_asked_again(each_world: World, person: Profile) -> None:
    each_world.say(person, answered(each_world, moved="yes", rooms=["bath"], people=2))
    each_world.clock.pass_by(days=29)
    assert asked(each_world, person).heading != "Which rooms?"
    each_world.clock.pass_by(days=1)
    page = asked(each_world, person)
    assert page.heading == "Which rooms?"
    page.tick("Attic").press(SAVE)
    assert answers(each_world, person)["rooms"] == {"said": ["attic"]}
    assert answers(each_world, person)["moved"] == {"said": "yes"}, "what still holds stays"
    each_world.clock.pass_by(days=60)
    page = asked(each_world, person)
    assert page.heading == "What changes", "both are due by now"


def test_the_same_answer_after_its_lifespan_counts_anew(each_world: World, person: Profile) -> None:
    each_world.say(person, answered(each_world, moved="no", rooms=["bath"]))
    each_world.clock.pass_by(days=31)
    asked(each_world, person).tick("Bath & shower").press(SAVE)
    assert asked(each_world, person).heading == "Your home"


def test_income_is_asked_of_people_we_know_and_not_of_strangers(world: World) -> None:
    """Sensitive questions only once a person is known."""
    everything = answered(
        world, moved="no", rooms=[], people=2, wish="x", style="round", colours=["red"]
    )
    known = world.person(everything)
    assert asked(world, known).heading == "What do you earn?"
    pending = world.person(everything, email="b@example.com", pending=True)
    page = Reader(world.client()).open(world.link("answers", pending))
    assert page.heading == CHECK_EMAIL, "and nothing else"
    fresh = world.person(email="c@example.com", pending=True)
    page = Reader(world.client()).open(world.link("answers", fresh))
    assert step(page) == said("en", STEP_OF_UP_TO, number=1, total=4)
    entries = [("stage", "budget"), ("asked", "income"), ("answer-income", "much"), ("do", "save")]
    page.post(world.link("answers", pending), entries)
    assert "income" not in answers(world, pending)


def test_people_can_go_back_and_a_new_answer_replaces_the_old(
    each_world: World, person: Profile, tag: str
) -> None:
    page = asked(each_world, person, tag).tick("صالة 2")
    page.tick(said(tag, NO)).press(said(tag, SAVE))
    page.follow(said(tag, BACK))
    assert page.heading == "What changes"
    assert page.says(said(tag, ALREADY_ANSWERED))
    first = said(tag, STEP, number=1, total=4)
    assert step(page) == first
    assert page.open(page.links()[said(tag, GO_ON_WITHOUT_ANSWER)]).heading == "Your home"
    page.follow(said(tag, BACK)).tick(said(tag, YES)).press(said(tag, SAVE))
    assert page.heading == "When did you move?"
    assert answers(each_world, person) == {"moved": {"said": "yes"}, "rooms": {"said": ["hall"]}}


def test_skipping_where_one_went_back_takes_nothing_back(world: World) -> None:
    person = world.person(answered(world, moved="no", rooms=["bath"]))
    page = asked(world, person).follow(BACK).press(SKIP)
    assert page.heading == "Your home"
    assert answers(world, person) == {"moved": {"said": "no"}, "rooms": {"said": ["bath"]}}


def test_an_error_where_one_went_back_stays_there(world: World) -> None:
    person = world.person(answered(world, moved="no", rooms=["bath"]))
    page = asked(world, person).follow(BACK).tick("None of these").tick("Attic").press(SAVE)
    assert (page.status, page.heading) == (422, "What changes")
    assert page.is_ticked("Attic")


def test_who_has_answered_everything_is_told_so(world: World, tag: str) -> None:
    said_all = answered(
        world, moved="no", rooms=[], people=2, wish="x", style="round", colours=[], income="much"
    )
    page = asked(world, world.person(said_all), tag)
    assert page.heading == said(tag, NO_QUESTIONS)


def test_one_question_is_the_heading_and_two_are_marked_optional(world: World, tag: str) -> None:
    optional = said(tag, OPTIONAL)
    two = asked(world, world.person(), tag)
    assert two.text.count(optional) == 2
    one = asked(world, world.person(answered(world, moved="no"), email="b@x.al"), tag)
    assert one.heading == "Which rooms?"
    assert optional not in one.text


def test_none_of_these_comes_last_after_the_word_or(world: World, tag: str) -> None:
    page = asked(world, world.person(), tag)
    rooms = [
        each.get("value") or each.get("name")
        for each in page.document.all("input")
        if (each.get("name") or "").endswith("rooms")
    ]
    assert rooms == ["bath", "hall", "attic", "-none", "on"]
    dividers = [" ".join(each.itertext()).strip() for each in page.document.classed("or")]
    assert dividers == [said(tag, OR)]
