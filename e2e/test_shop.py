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
from e2e.support.tab import Tab, measure
from e2e.support.world import EVERY_ROLE, World
from widget_backend.i18n.languages import language


@pytest.fixture
def tab(tab: Tab, world: World) -> Iterator[Tab]:
    yield tab
    world.watch.check(tab)


def sign_up(tab: Tab, world: World, tag: str) -> None:
    say = language(tag).translations.gettext
    tab.open(f"{world.shop}/?lang={tag}")
    tab.see("button", say("Sign up"))
    walk_to(tab, "email")
    tab.type(f"{uuid4().hex}@example.com")
    tab.click("checkbox", world.site(tag).topics[0].name)
    tab.click("button", say("Sign up"))
    tab.see("heading", world.site(tag).stages[0].title)


@tab_and_tag
def test_a_stranger_signs_up_and_goes_on_with_the_next_questions_on_the_next_visit(
    tab: Tab, world: World, tag: str
) -> None:
    say = language(tag).translations.gettext
    sign_up(tab, world, tag)
    tab.click("button", say("Skip"))
    tab.see("heading", world.site(tag).stages[1].title)
    tab.open(f"{world.shop}/?lang={tag}")
    tab.see("heading", world.site(tag).stages[1].title)
    tab.click("button", say("Skip"))
    tab.see("heading", world.site(tag).stages[3].title)  # no kitchen, so no stage about it


@tab_and_tag
def test_a_customer_saves_undoes_and_answers_without_leaving_the_page(
    tab: Tab, world: World, tag: str
) -> None:
    spoken = language(tag)
    say = spoken.translations.gettext
    person = world.person(SUBSCRIBED, EVERY_ROLE)
    world.sign_in(person.handle)
    address = f"{world.shop}/account?lang={tag}"
    tab.open(address)
    tab.click("checkbox", world.site(tag).topic("tips").name)
    tab.click("button", say("Save"))
    tab.see("heading", say("Saved"))
    tab.see_focus(".saved")
    assert world.state(person)["topic:tips"]["on"]
    tab.click("button", say("Undo"))
    gone = say("You will no longer get “%(topic)s”.")
    tab.see_text(gone % {"topic": world.site(tag).topic("tips").name})
    assert not world.state(person).get("topic:tips", {"on": False})["on"]
    one, many = "Answer %(number)s short question", "Answer %(number)s short questions"
    tab.click("link", spoken.translations.ngettext(one, many, 11) % {"number": 11})
    tab.see("heading", world.site(tag).stages[0].title)
    tab.click("button", say("Skip"))
    tab.see("heading", world.site(tag).stages[1].title)
    assert tab.url() == address


def test_the_shop_may_ask_a_customer_only_its_questions(tab: Tab, world: World) -> None:
    person = world.person()
    world.sign_in(person.handle)
    tab.open(f"{world.shop}/account?view=questions")
    tab.see("heading", "What’s new for you")
    walk_to(tab, "answer-moved-yes")
    tab.press("Space")
    tab.click("button", "Save")
    tab.see("heading", "Your plans at home")
    assert measure(tab, "focus")["name"].endswith("Thank you, this is saved.")


@pytest.mark.parametrize(("tag", "other"), [("en", "rtl"), ("ar", "ltr")])
def test_a_page_in_the_other_direction_changes_nothing_inside(
    tab: Tab, world: World, tag: str, other: str
) -> None:
    world.sign_in(world.person(SUBSCRIBED, EVERY_ROLE).handle)
    tab.open(f"{world.shop}/account?lang={tag}")
    tab.see("button", language(tag).translations.gettext("Save"))
    before = form_of(tab)
    tab.run("(dir) => { document.documentElement.dir = dir; }", other)
    assert differences(before, form_of(tab)) == []


@pytest.mark.parametrize("engine", ENGINES)
def test_with_cookies_and_storage_forbidden_one_can_still_sign_up(
    engine: str, engines: Engines, world: World
) -> None:
    with engines.tab(engine, "cookies") as tab:
        sign_up(tab, world, "en")
        assert tab.script_errors() == []
