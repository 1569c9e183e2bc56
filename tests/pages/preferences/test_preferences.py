"""The preference centre, walked through as a person would: saving, being told, undoing."""

from __future__ import annotations

import pytest

from tests.support.browsing import Reader
from tests.support.steps import at
from tests.support.worlds import (
    AS_CHOSEN,
    DECLINED,
    LESS,
    NEWS,
    NEWS_NAME,
    OFF,
    OFFERS,
    OFFERS_NAME,
    SAID,
    TIPS,
    World,
    no,
    said,
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
        "You get “%(topic)s”: %(channel)s, %(frequency)s.",
        topic=topic,
        channel=channel_name(speak, channel),
        frequency=frequency_name(speak, frequency),
    )


def test_the_page_says_who_writes_to_whom_and_why(
    each_world: World, person: Profile, tag: str
) -> None:
    page = at(each_world, person, tag)
    assert page.heading == said(tag, "What %(site)s sends you", site="Kutia C++!")
    assert page.says(said(tag, "These choices are for %(address)s.", address="c•••@e•••.com"))
    assert "canary" not in page.response.text
    assert page.says("You asked us to.")
    everything = " ".join(page.document.tree.itertext())
    for owed in ("شركة 24, Rruga 1, Tirana", "We keep answers for two years & sell nothing."):
        assert owed in everything
    assert page.links()[said(tag, "Privacy policy")] == "https://kutia.example/privacy?a=1&b=2"
    assert page.links()["محل 24"] == "https://videos.example/kutia"


def test_stored_choices_are_shown_as_they_are(each_world: World, person: Profile) -> None:
    page = at(each_world, person)
    assert page.is_ticked(OFFERS_NAME)
    assert page.is_ticked(NEWS_NAME)
    assert not page.is_ticked("\"Tips\" 'n' tricks %(n)s {{ 7*7 }}")
    assert page.value(f"How often you get “{NEWS_NAME}”") == "monthly"


def test_a_save_is_told_in_words_and_can_be_undone(
    each_world: World, person: Profile, tag: str
) -> None:
    page = at(each_world, person, tag).untick(OFFERS_NAME)
    page.choose(said(tag, "How often you get “%(topic)s”", topic=NEWS_NAME), "daily")
    page.press(said(tag, "Save"))
    assert (page.sent.status_code, page.status) == (303, 200)
    assert page.says(said(tag, "Saved"))
    assert page.says(said(tag, "You will no longer get “%(topic)s”.", topic=OFFERS_NAME))
    assert page.says(got(tag, NEWS_NAME, "email", "daily"))
    state = each_world.state(person)
    assert state["topic:offers"] == no(OFFERS)
    assert state["topic:news"] == {**NEWS, "frequency": "daily"}
    assert not page.is_ticked(OFFERS_NAME)

    page.press(said(tag, "Undo"))
    assert page.says(got(tag, OFFERS_NAME, "email", "weekly"))
    assert page.says(got(tag, NEWS_NAME, "email", "monthly"))
    assert {**each_world.state(person), **SAID} == each_world.state(person)

    assert page.says(said(tag, "Your change was undone"))
    assert said(tag, "Undo") not in page.buttons()


def test_each_save_is_one_consent_record(each_world: World, person: Profile) -> None:
    at(each_world, person, "ar").untick(OFFERS_NAME).press(said("ar", "Save"))
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


def test_a_save_of_nothing_says_so(each_world: World, person: Profile, tag: str) -> None:
    each_world.say(person, {"language": tag, **DECLINED})
    stored = each_world.dump()
    page = at(each_world, person, tag).press(said(tag, "Save"))
    assert page.says(said(tag, "No changes to save"))
    assert each_world.dump() == stored
    assert said(tag, "Undo") not in page.buttons()


def test_everything_off_in_one_step_and_undo_brings_the_topics_back(
    each_world: World, person: Profile, tag: str
) -> None:
    page = at(each_world, person, tag)
    page.press(said(tag, "Unsubscribe from everything"))
    off = said(tag, "You are unsubscribed from everything.")
    assert page.says(off)
    assert page.says(said(tag, "You will not get any messages, except about your orders."))
    assert each_world.state(person) == {**person.state, "overall": OFF}
    assert page.is_ticked(OFFERS_NAME), "the topics stay as they are"
    page.press(said(tag, "Undo"))
    assert page.says(said(tag, "You get messages as you chose for each topic."))
    assert each_world.state(person) == person.state


@pytest.mark.parametrize(
    ("button", "overall", "sentence"),
    [
        ("Unsubscribe from everything", OFF, "You are unsubscribed from everything."),
        ("Get fewer messages", LESS, "You get fewer messages: each topic at most once a month."),
    ],
)
def test_one_button_for_all_and_a_choice_that_takes_it_back(
    world: World, tag: str, button: str, overall: dict[str, str | None], sentence: str
) -> None:
    person = world.person(SAID)
    page = at(world, person, tag).press(said(tag, button))
    assert page.says(said(tag, sentence))
    assert world.state(person)["overall"] == overall
    again = at(world, person, tag)
    assert again.says(said(tag, sentence)), "it stands above the topics from now on"
    assert again.is_ticked(said(tag, "Leave it like this"))
    assert not any(each.startswith(said(tag, button)) for each in again.buttons())
    again.tick(said(tag, "Start messages again, as chosen below")).press(said(tag, "Save"))
    assert world.state(person)["overall"] == AS_CHOSEN


def test_an_all_at_once_button_leaves_unsaved_ticks_alone(world: World) -> None:
    """Leaving must not subscribe anyone: what was ticked and not saved stays unsaved."""
    person = world.person(SAID)
    page = at(world, person).tick("\"Tips\" 'n' tricks %(n)s {{ 7*7 }}")
    page.press("Unsubscribe from everything")
    assert world.state(person) == {**person.state, "overall": OFF}


def test_a_pause_ends_by_itself(each_world: World, person: Profile, tag: str) -> None:
    page = at(each_world, person, tag)
    day = language(tag).date(each_world.clock().date().replace(day=31))
    page.press(said(tag, "Pause until %(date)s", date=day))
    paused = said(tag, "All messages are paused until %(date)s.", date=day)
    assert page.says(paused)
    assert each_world.state(person)["overall"] == {"reach": "paused", "until": "2027-03-31"}
    stored = each_world.dump()
    each_world.clock.pass_by(days=29)
    assert at(each_world, person, tag).says(paused)
    each_world.clock.pass_by(days=1)
    over = at(each_world, person, tag)
    assert not over.says(paused)
    over.press(said(tag, "Get fewer messages"))
    assert each_world.state(person)["overall"] == LESS
    assert stored != each_world.dump()


MONTHLY = {**OFFERS, "frequency": "monthly"}


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        ({"topic:offers": OFFERS}, 5),
        ({"topic:offers": MONTHLY}, 1),
        ({"topic:offers": OFFERS, "topic:news": {**NEWS, "frequency": "daily"}}, 35),
        ({"topic:tips": TIPS}, 1),
        ({"topic:offers": MONTHLY, "topic:news": NEWS, "topic:tips": TIPS}, 3),
        ({"topic:offers": OFFERS, "overall": LESS}, 1),
        ({"topic:offers": no(OFFERS)}, 0),
        ({"topic:offers": OFFERS, "overall": OFF}, 0),
        ({"topic:offers": OFFERS, "overall": {"reach": "paused", "until": "2027-05-01"}}, 0),
        ({"topic:offers": OFFERS, "overall": {"reach": "paused", "until": "2027-02-01"}}, 5),
    ],
)
def test_after_saving_the_expected_volume_is_told(
    world: World, tag: str, state: dict[str, object], expected: int
) -> None:
    person = world.person({**state, "language": tag})
    page = at(world, person, tag).press(said(tag, "Save"))
    speak = language(tag)
    counted = speak.translations.ngettext(
        "You will get at most %(number)s message a month.",
        "You will get at most %(number)s messages a month.",
        expected,
    ) % {"number": speak.number(expected)}
    none = said(tag, "You will not get any messages, except about your orders.")
    assert page.says(counted if expected else none)


def test_people_may_choose_the_language_we_write_in(world: World) -> None:
    person = world.person(SAID)
    page = at(world, person).choose("Language of messages", "sq").press("Save")
    assert page.says("We will now write to you in Albanian.")
    assert world.state(person)["language"] == "sq"
    reopened = Reader(world.client()).open(world.link("preferences", person))
    assert reopened.document.root.get("lang") == "sq"


def test_enter_in_a_text_field_saves(world: World) -> None:
    person = world.person(SAID)
    page = at(world, person).untick(NEWS_NAME).choose(f"How you get “{OFFERS_NAME}”", "sms")
    page.fill("Phone number", "+355 69 123 4567").enter()
    assert page.says(f"You will no longer get “{NEWS_NAME}”.")
    assert world.state(person)["contact:phone"] == "+355691234567"
    assert page.says("We saved your phone number: •••• 67.")


def test_a_masked_number_is_not_broken_over_two_lines(world: World) -> None:
    page = at(world, world.person(SAID)).choose(f"How you get “{OFFERS_NAME}”", "sms")
    page.fill("Phone number", "+355691234567").press("Save")
    assert "••••\N{NO-BREAK SPACE}67" in page.response.text


@pytest.mark.parametrize("overall", [OFF, {"reach": "paused", "until": "2027-05-01"}])
def test_what_is_chosen_while_nothing_comes_is_told_for_later(
    world: World, tag: str, overall: dict[str, str | None]
) -> None:
    person = world.person({**SAID, "overall": overall})
    page = at(world, person, tag).untick(NEWS_NAME).press(said(tag, "Save"))
    page.tick(NEWS_NAME).press(said(tag, "Save"))
    speak = language(tag)
    assert page.says(
        said(
            tag,
            "When messages start again, you will get “%(topic)s”: %(channel)s, %(frequency)s.",
            topic=NEWS_NAME,
            channel=channel_name(speak, "email"),
            frequency=frequency_name(speak, "monthly"),
        )
    )
    assert f" {got(tag, NEWS_NAME, 'email', 'monthly')}" not in page.text
