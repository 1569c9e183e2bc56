"""Through somebody else's shop: the pasted snippet, under that page's strict policy."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import uuid4

import pytest

from e2e.support.browsers import ENGINES
from e2e.support.engines import Engines
from e2e.support.hosted import SUBSCRIBED
from e2e.support.hosts.visiting import differences, form_of
from e2e.support.keyboard import walk_to
from e2e.support.pairs import tab_and_tag
from e2e.support.tab import Tab
from e2e.support.world import EVERY_ROLE, World
from tests.support.words import said
from tests.support.words.labels import GETS_TOPIC_NO_LONGER
from tests.support.words.preferences import ANSWER_QUESTIONS, SAVE, SAVED, UNDO
from tests.support.words.questions import ANSWERS_SAVED, SKIP
from tests.support.words.subscribe import SIGN_UP


@pytest.fixture
def tab(tab: Tab, world: World) -> Iterator[Tab]:
    yield tab
    world.watch.check(tab)


def sign_up(tab: Tab, world: World, tag: str) -> None:
    tab.open(f"{world.shop}/?lang={tag}")
    tab.see("button", said(tag, SIGN_UP))
    walk_to(tab, "email")
    tab.type(f"{uuid4().hex}@example.com")
    tab.click("checkbox", world.site(tag).topics[0].name)
    tab.click("button", said(tag, SIGN_UP))
    tab.see("heading", world.site(tag).stages[0].title)


@tab_and_tag
def test_a_stranger_signs_up_and_goes_on_with_the_next_questions_on_the_next_visit(
    tab: Tab, world: World, tag: str
) -> None:
    sign_up(tab, world, tag)
    tab.click("button", said(tag, SKIP))
    tab.see("heading", world.site(tag).stages[1].title)
    tab.open(f"{world.shop}/?lang={tag}")
    tab.see("heading", world.site(tag).stages[1].title)
    tab.click("button", said(tag, SKIP))
    tab.see("heading", world.site(tag).stages[3].title)  # no kitchen, so no stage about it


@tab_and_tag
def test_a_customer_saves_undoes_and_answers_without_leaving_the_page(
    tab: Tab, world: World, tag: str
) -> None:
    person = world.person(SUBSCRIBED, EVERY_ROLE)
    world.sign_in(person.handle)
    address = f"{world.shop}/account?lang={tag}"
    tab.open(address)
    tab.click("checkbox", world.site(tag).topic("tips").name)
    tab.click("button", said(tag, SAVE))
    tab.see("heading", said(tag, SAVED))
    tab.see_focus(".saved")
    assert world.state(person)["topic:tips"]["on"]
    tab.click("button", said(tag, UNDO))
    tips = world.site(tag).topic("tips").name
    tab.see_text(said(tag, GETS_TOPIC_NO_LONGER, topic=tips))
    assert not world.state(person).get("topic:tips", {"on": False})["on"]
    tab.click("link", said(tag, ANSWER_QUESTIONS, count=11))
    tab.see("heading", world.site(tag).stages[0].title)
    tab.click("button", said(tag, SKIP))
    tab.see("heading", world.site(tag).stages[1].title)
    assert tab.url() == address


def test_the_shop_may_ask_a_customer_only_its_questions(tab: Tab, world: World) -> None:
    person = world.person()
    world.sign_in(person.handle)
    tab.open(f"{world.shop}/account?view=questions")
    tab.see("heading", "What’s new for you")
    walk_to(tab, "answer-moved-yes")
    tab.press("Space")
    tab.click("button", SAVE)
    tab.see("heading", "Your plans at home")
    tab.see_text(ANSWERS_SAVED)
    tab.see_focus(".saved")


@pytest.mark.parametrize(("tag", "other"), [("en", "rtl"), ("ar", "ltr")])
def test_a_page_in_the_other_direction_changes_nothing_inside(
    tab: Tab, world: World, tag: str, other: str
) -> None:
    world.sign_in(world.person(SUBSCRIBED, EVERY_ROLE).handle)
    tab.open(f"{world.shop}/account?lang={tag}")
    tab.see("button", said(tag, SAVE))
    before = form_of(tab)
    tab.run("(dir) => { document.documentElement.dir = dir; }", other)
    assert differences(before, form_of(tab)) == []


HEIGHT = "() => parseFloat(getComputedStyle(document.querySelector('preference-widget')).blockSize)"
LATER = "() => document.getAnimations().forEach((each) => each.finish())"


@pytest.mark.parametrize("engine", ["chromium", "firefox"])
def test_room_for_a_form_whose_script_does_not_arrive_is_given_back(
    engine: str, engines: Engines, world: World
) -> None:
    """WebKit has one cache for all tests, and the script in it."""
    with engines.tab(engine) as tab, world.line.cut("requests"):
        tab.open(f"{world.shop}/account")
        tab.see("link", "Choose how we keep in touch")
        assert tab.run(HEIGHT) > 900, "while it may still come"
        tab.run(LATER)
        assert tab.run(HEIGHT) < 100


@pytest.mark.parametrize("engine", ENGINES)
def test_with_cookies_and_storage_forbidden_one_can_still_sign_up(
    engine: str, engines: Engines, world: World
) -> None:
    with engines.tab(engine, "cookies") as tab:
        sign_up(tab, world, "en")
        assert tab.script_errors() == []
