"""The preference centre, walked through as a person would: saving, being told, undoing."""

from __future__ import annotations

import pytest

from tests.support.browsing import Reader
from tests.support.steps import at
from tests.support.words import said
from tests.support.words.labels import (
    ALL_AS_CHOSEN,
    ALL_LESS,
    ALL_OFF,
    ALL_PAUSED,
    GETS_TOPIC,
    GETS_TOPIC_LATER,
    GETS_TOPIC_NO_LONGER,
    LANGUAGE_SAVED,
    PHONE_SAVED,
)
from tests.support.words.preferences import (
    AS_OFTEN_AS_CHOSEN,
    CHOICES_ARE_FOR,
    GET_FEWER,
    LANGUAGE_OF_MESSAGES,
    LEAVE_IT,
    NO_CHANGES,
    NO_MESSAGES,
    NOTHING_FOR_NOW,
    PAUSE_UNTIL,
    PHONE_NUMBER,
    PRIVACY_POLICY,
    SAVE,
    SAVED,
    START_AGAIN,
    UNDO,
    UNDONE,
    WHAT_SITE_SENDS,
    how,
    how_often,
)
from tests.support.words.unsubscribe import UNSUBSCRIBE_FROM_EVERYTHING
from tests.support.worlds import (
    AS_CHOSEN,
    DECLINED,
    LESS,
    NEWS,
    NEWS_NAME,
    OFF,
    OFFERS,
    OFFERS_NAME,
    RECEIPTS,
    SAID,
    World,
    no,
)
from widget_backend.i18n.languages import language
from widget_backend.store.profiles import Profile
from widget_backend.web.labels import channel_name, frequency_name


@pytest.fixture
def person(each_world: World) -> Profile:
    return each_world.person(SAID)


def got(tag: str, topic: str, channel: str, frequency: str) -> str:
    """The sentence that says how a topic comes."""
    speak = language(tag)
    return said(
        tag,
        GETS_TOPIC,
        topic=topic,
        channel=channel_name(speak, channel),
        frequency=frequency_name(speak, frequency),
    )


def test_the_page_says_who_writes_to_whom_and_why(
    each_world: World, person: Profile, tag: str
) -> None:
    page = at(each_world, person, tag)
    assert page.heading == said(tag, WHAT_SITE_SENDS, site="Kutia C++!")
    assert page.says(said(tag, CHOICES_ARE_FOR, address="c•••@e•••.com"))
    assert "canary" not in page.response.text
    assert page.says("You asked us to.")
    everything = " ".join(page.document.tree.itertext())
    for owed in ("شركة 24, Rruga 1, Tirana", "We keep answers for two years & sell nothing."):
        assert owed in everything
    assert page.links()[said(tag, PRIVACY_POLICY)] == "https://kutia.example/privacy?a=1&b=2"
    assert page.links()["محل 24"] == "https://videos.example/kutia"


def test_stored_choices_are_shown_as_they_are(each_world: World, person: Profile) -> None:
    page = at(each_world, person)
    assert page.is_ticked(OFFERS_NAME)
    assert page.is_ticked(NEWS_NAME)
    assert not page.is_ticked("\"Tips\" 'n' tricks %(n)s {{ 7*7 }}")
    assert page.value(how_often("en", NEWS_NAME)) == "monthly"


def test_a_save_is_told_in_words_and_can_be_undone(
    each_world: World, person: Profile, tag: str
) -> None:
    page = at(each_world, person, tag).untick(OFFERS_NAME)
    page.choose(how_often(tag, NEWS_NAME), "daily")
    page.press(said(tag, SAVE))
    assert (page.sent.status_code, page.status) == (303, 200)
    assert page.says(said(tag, SAVED))
    assert page.says(said(tag, GETS_TOPIC_NO_LONGER, topic=OFFERS_NAME))
    assert page.says(got(tag, NEWS_NAME, "email", "daily"))
    state = each_world.state(person)
    assert state["topic:offers"] == no(OFFERS)
    assert state["topic:news"] == {**NEWS, "frequency": "daily"}
    assert not page.is_ticked(OFFERS_NAME)

    page.press(said(tag, UNDO))
    assert page.says(got(tag, OFFERS_NAME, "email", "weekly"))
    assert page.says(got(tag, NEWS_NAME, "email", "monthly"))
    assert {**each_world.state(person), **SAID} == each_world.state(person)

    assert page.says(said(tag, UNDONE))
    assert said(tag, UNDO) not in page.buttons()


def test_each_save_is_one_consent_record(each_world: World, person: Profile) -> None:
    at(each_world, person, "ar").untick(OFFERS_NAME).press(said("ar", SAVE))
    _imported, saved = each_world.ledger(person)
    assert (saved.revision, saved.door, saved.language) == (2, "hosted", "ar")
    changed = {change.subject: (change.before, change.after) for change in saved.changes}
    assert changed == {
        "topic:offers": (OFFERS, no(OFFERS)),
        "topic:tips": (None, DECLINED["topic:tips"]),
    }, "and no language, which nobody touched"


def test_the_same_save_again_counts_as_saved(each_world: World, person: Profile) -> None:
    page = at(each_world, person).untick(OFFERS_NAME)
    entries = [*page.form("preferences"), ("do", "save")]
    first = page.post(each_world.link("preferences", person), entries).text
    stored = each_world.dump()
    again = page.post(each_world.link("preferences", person), entries)
    assert (again.status, again.text) == (200, first)
    assert each_world.dump() == stored


def test_save_pressed_again_on_the_page_that_tells_of_it_tells_it_once_more(
    each_world: World, person: Profile, tag: str
) -> None:
    save = said(tag, SAVE)
    page = at(each_world, person, tag).untick(NEWS_NAME).press(save).press(save)
    assert page.says(said(tag, GETS_TOPIC_NO_LONGER, topic=NEWS_NAME))
    assert said(tag, UNDO) in page.buttons()
    each_world.clock.pass_by(minutes=2)
    assert page.press(save).says(said(tag, NO_CHANGES))


def test_a_save_of_nothing_says_so(each_world: World, person: Profile, tag: str) -> None:
    each_world.say(person, {"language": tag, **DECLINED})
    stored = each_world.dump()
    page = at(each_world, person, tag).press(said(tag, SAVE))
    assert page.says(said(tag, NO_CHANGES))
    assert each_world.dump() == stored
    assert said(tag, UNDO) not in page.buttons()


def test_everything_off_in_one_step_and_undo_brings_the_topics_back(
    each_world: World, person: Profile, tag: str
) -> None:
    page = at(each_world, person, tag)
    page.press(said(tag, UNSUBSCRIBE_FROM_EVERYTHING))
    off = said(tag, ALL_OFF)
    assert page.says(off)
    assert page.says(said(tag, NO_MESSAGES, messages=RECEIPTS))
    assert each_world.state(person) == {**person.state, "overall": OFF}
    assert page.is_ticked(OFFERS_NAME), "the topics stay as they are"
    page.press(said(tag, UNDO))
    assert page.says(said(tag, ALL_AS_CHOSEN))
    assert each_world.state(person) == person.state


@pytest.mark.parametrize(
    ("button", "overall", "sentence", "end"),
    [
        (UNSUBSCRIBE_FROM_EVERYTHING, OFF, ALL_OFF, START_AGAIN),
        (GET_FEWER, LESS, ALL_LESS, AS_OFTEN_AS_CHOSEN),
    ],
)
def test_one_button_for_all_and_a_choice_that_takes_it_back(
    world: World,
    tag: str,
    button: str,
    overall: dict[str, str | None],
    sentence: str,
    end: str,
) -> None:
    person = world.person(SAID)
    page = at(world, person, tag).press(said(tag, button))
    assert page.says(said(tag, sentence))
    assert world.state(person)["overall"] == overall
    again = at(world, person, tag)
    assert again.says(said(tag, sentence)), "it stands above the topics from now on"
    assert again.is_ticked(said(tag, LEAVE_IT))
    assert not any(each.startswith(said(tag, button)) for each in again.buttons())
    again.tick(said(tag, end)).press(said(tag, SAVE))
    assert world.state(person)["overall"] == AS_CHOSEN


@pytest.mark.parametrize(
    ("overall", "is_stopped"),
    [
        (OFF, True),
        ({"reach": "paused", "until": "2027-03-10"}, True),
        (LESS, False),
        (AS_CHOSEN, False),
    ],
)
def test_while_nothing_comes_the_page_says_so_above_what_is_chosen(
    world: World, tag: str, overall: dict[str, str | None], is_stopped: bool
) -> None:
    page = at(world, world.person({**SAID, "overall": overall}), tag)
    assert page.says(said(tag, NOTHING_FOR_NOW, messages=RECEIPTS)) is is_stopped
    assert bool(page.document.classed("stopped")) is is_stopped


def test_an_all_at_once_button_leaves_unsaved_ticks_alone(world: World) -> None:
    """Leaving must not subscribe anyone: what was ticked and not saved stays unsaved."""
    person = world.person(SAID)
    page = at(world, person).tick("\"Tips\" 'n' tricks %(n)s {{ 7*7 }}")
    page.press(UNSUBSCRIBE_FROM_EVERYTHING)
    assert world.state(person) == {**person.state, "overall": OFF}


def test_a_pause_ends_by_itself(each_world: World, person: Profile, tag: str) -> None:
    page = at(each_world, person, tag)
    day = language(tag).date(each_world.clock().date().replace(day=31))
    page.press(said(tag, PAUSE_UNTIL, date=day))
    paused = said(tag, ALL_PAUSED, date=day)
    assert page.says(paused)
    assert each_world.state(person)["overall"] == {"reach": "paused", "until": "2027-03-31"}
    stored = each_world.dump()
    each_world.clock.pass_by(days=29)
    assert at(each_world, person, tag).says(paused)
    each_world.clock.pass_by(days=1)
    over = at(each_world, person, tag)
    assert not over.says(paused)
    over.press(said(tag, GET_FEWER))
    assert each_world.state(person)["overall"] == LESS
    assert stored != each_world.dump()


def test_people_may_choose_the_language_we_write_in(world: World) -> None:
    person = world.person(SAID)
    page = at(world, person).choose(LANGUAGE_OF_MESSAGES, "sq").press(SAVE)
    assert page.says(said("en", LANGUAGE_SAVED, language="Albanian"))
    assert world.state(person)["language"] == "sq"
    reopened = Reader(world.client()).open(world.link("preferences", person))
    assert reopened.document.root.get("lang") == "sq"


def test_enter_in_a_text_field_saves(world: World) -> None:
    person = world.person(SAID)
    page = at(world, person).untick(NEWS_NAME).choose(how("en", OFFERS_NAME), "sms")
    page.fill(PHONE_NUMBER, "+355 69 123 4567").enter()
    assert page.says(said("en", GETS_TOPIC_NO_LONGER, topic=NEWS_NAME))
    assert world.state(person)["contact:phone"] == "+355691234567"
    assert page.says(said("en", PHONE_SAVED, phone="•••• 67"))


def test_a_masked_number_is_not_broken_over_two_lines(world: World) -> None:
    page = at(world, world.person(SAID)).choose(how("en", OFFERS_NAME), "sms")
    page.fill(PHONE_NUMBER, "+355691234567").press(SAVE)
    assert "••••\N{NO-BREAK SPACE}67" in page.response.text


@pytest.mark.parametrize("overall", [OFF, {"reach": "paused", "until": "2027-05-01"}])
def test_what_is_chosen_while_nothing_comes_is_told_for_later(
    world: World, tag: str, overall: dict[str, str | None]
) -> None:
    person = world.person({**SAID, "overall": overall})
    page = at(world, person, tag).untick(NEWS_NAME).press(said(tag, SAVE))
    page.tick(NEWS_NAME).press(said(tag, SAVE))
    speak = language(tag)
    assert page.says(
        said(
            tag,
            GETS_TOPIC_LATER,
            topic=NEWS_NAME,
            channel=channel_name(speak, "email"),
            frequency=frequency_name(speak, "monthly"),
        )
    )
    assert f" {got(tag, NEWS_NAME, 'email', 'monthly')}" not in page.text
