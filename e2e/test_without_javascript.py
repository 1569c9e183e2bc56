"""Everything works with JavaScript off and cookies blocked, in a person's own browser settings."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from e2e.support.browsers import ENGINES
from e2e.support.engines import Engines
from e2e.support.hosted import SUBSCRIBED, save_without_address
from e2e.support.keyboard import walk_to
from e2e.support.tab import Tab
from e2e.support.world import EVERY_ROLE, World
from tests.support.words import said
from tests.support.words.labels import GETS_TOPIC_NO_LONGER, PREFER_NOT_TO_SAY
from tests.support.words.preferences import PHONE_NUMBER, SAVE, SAVED, UNDO
from tests.support.words.questions import ALL_FOR_NOW, SKIP
from tests.support.words.subscribe import SIGN_UP
from tests.support.words.unsubscribe import UNSUBSCRIBE, UNSUBSCRIBE_FROM_EVERYTHING, UNSUBSCRIBED

in_chromium = pytest.mark.parametrize("plain_tab", ["chromium"], indirect=True)
"""Forms that are sent without scripts: what each engine does is seen once, in the tests of all."""


@pytest.fixture(params=ENGINES)
def plain_tab(request: pytest.FixtureRequest, engines: Engines, world: World) -> Iterator[Tab]:
    with engines.shared_tab(request.param, "scripts", "cookies") as tab:
        yield tab
    assert world.watch.cookies == []


HEIGHT = "() => parseFloat(getComputedStyle(document.querySelector('preference-widget')).blockSize)"
STAGES = (
    ("What’s new for you", "answer-moved-yes"),
    ("Your plans at home", "answer-kitchen-yes"),
    ("When would you like the new kitchen to be ready?", "answer-kitchen-when-three-months"),
    ("Your taste", "answer-style-light"),
    ("Your home", ""),
    ("Who lives with you", "answer-children-yes"),
    ("How old are your children?", "answer-children-ages-small"),
)
"""What each stage is headed and the answer to choose; none where it is skipped."""


def test_scripts_do_not_run_and_cookies_are_not_kept(plain_tab: Tab, world: World) -> None:
    plain_tab.open(f"{world.shop}/")
    assert plain_tab.run("() => document.querySelector('preference-widget').shadowRoot") is None
    plain_tab.run("() => { document.cookie = 'who=me'; }")
    assert plain_tab.run("() => document.cookie") == ""


@pytest.mark.parametrize("path", ["/", "/account"])
def test_the_shop_keeps_no_room_for_a_form_that_cannot_come(
    plain_tab: Tab, world: World, path: str
) -> None:
    """In WebKit, whose style sheets do not learn that scripts are off, after ten seconds."""
    plain_tab.open(f"{world.shop}{path}")
    if not plain_tab.run("() => matchMedia('(scripting: none)').matches"):
        plain_tab.run("() => document.getAnimations().forEach((each) => each.finish())")
    assert plain_tab.run(HEIGHT) < 100


def test_choices_are_saved_undone_and_ended_all_at_once(plain_tab: Tab, world: World) -> None:
    person = world.person(SUBSCRIBED, EVERY_ROLE)
    plain_tab.open(world.link("preferences", person))
    plain_tab.click("checkbox", "Decorating tips")
    plain_tab.click("checkbox", "Offers")
    plain_tab.click("button", SAVE)
    plain_tab.see("heading", SAVED)
    assert world.state(person)["topic:tips"]["on"]
    assert not world.state(person)["topic:offers"]["on"]
    plain_tab.click("button", UNDO)
    plain_tab.see_text(said("en", GETS_TOPIC_NO_LONGER, topic="Decorating tips"))
    assert world.state(person)["topic:offers"]["on"]
    plain_tab.click("button", UNSUBSCRIBE_FROM_EVERYTHING)
    plain_tab.see("group", UNSUBSCRIBED)
    assert world.state(person)["overall"]["reach"] == "off"
    plain_tab.click("button", UNDO)
    plain_tab.see("button", UNSUBSCRIBE_FROM_EVERYTHING)
    assert world.state(person)["topic:offers"]["on"]


def test_mistakes_take_the_focus_and_lead_to_their_field(plain_tab: Tab, world: World) -> None:
    plain_tab.open(world.link("preferences", world.person(SUBSCRIBED, EVERY_ROLE)))
    save_without_address(plain_tab, "en")
    plain_tab.see_focus(".summary")
    walk_to(plain_tab, "")
    plain_tab.press("Enter")
    plain_tab.see_focus("#phone")


TOO_LONG = """() => {
  const phone = document.getElementById('phone');
  phone.value = '+355 69 123 4567'.repeat(3);
  return phone.checkVisibility();
}"""


def test_a_field_that_is_wrong_is_in_sight_even_if_nothing_chosen_needs_it(
    plain_tab: Tab, world: World
) -> None:
    plain_tab.open(world.link("preferences", world.person(SUBSCRIBED, EVERY_ROLE)))
    assert not plain_tab.run(TOO_LONG)
    plain_tab.click("button", SAVE)
    plain_tab.see_focus(".summary")
    plain_tab.see("textbox", PHONE_NUMBER)
    walk_to(plain_tab, "")
    plain_tab.press("Enter")
    plain_tab.see_focus("#phone")


@in_chromium
def test_questions_are_answered_to_the_end(plain_tab: Tab, world: World) -> None:
    plain_tab.open(world.link("questions", world.person()))
    for heading, answer in STAGES:
        plain_tab.see("heading", heading)
        if answer:
            walk_to(plain_tab, answer)
            plain_tab.press("Space")
        plain_tab.click("button", SAVE if answer else SKIP)
    plain_tab.see("heading", "What is the monthly income of your household?")
    plain_tab.click("radio", PREFER_NOT_TO_SAY)
    plain_tab.click("button", SAVE)
    plain_tab.see("heading", ALL_FOR_NOW)


@in_chromium
def test_leaving_takes_one_press_and_can_be_undone(plain_tab: Tab, world: World) -> None:
    person = world.person(SUBSCRIBED)
    plain_tab.open(world.link("unsubscribe", person))
    plain_tab.click("button", UNSUBSCRIBE)
    plain_tab.see("heading", UNSUBSCRIBED)
    assert world.state(person)["overall"]["reach"] == "off"
    plain_tab.click("button", UNDO)
    plain_tab.see("button", UNSUBSCRIBE)
    assert world.state(person).get("overall", {"reach": "as_chosen"})["reach"] == "as_chosen"


@in_chromium
def test_the_shop_leads_on_to_the_hosted_sign_up(plain_tab: Tab, world: World) -> None:
    plain_tab.open(f"{world.shop}/?lang=sq")
    plain_tab.click("link", "Abonohuni për mesazhe nga Dimora")
    plain_tab.see("button", said("sq", SIGN_UP))
    walk_to(plain_tab, "email")
    plain_tab.type("someone@example.com")
    plain_tab.click("checkbox", world.site("sq").topics[0].name)
    plain_tab.click("button", said("sq", SIGN_UP))
    plain_tab.see("heading", world.site("sq").stages[0].title)
