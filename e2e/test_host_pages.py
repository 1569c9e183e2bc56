"""Host pages that do things: dialogs, shadow trees, frameworks, frames; under strict policies."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, replace
from typing import Any

import pytest

from e2e.support.hosted import CHOOSE, SUBSCRIBED
from e2e.support.hosts.server import Embedded
from e2e.support.hosts.visiting import (
    OPEN_UP,
    PIN,
    all_stops,
    differences,
    form_of,
    in_page,
    preferences_of,
    sign_up_of,
    stops,
    visit,
)
from e2e.support.tab import Tab
from e2e.support.world import EVERY_ROLE, World
from tests.support.words import said
from tests.support.words.labels import ALL_LESS
from tests.support.words.preferences import ENTER_PHONE, SAVE, SAVED
from tests.support.words.subscribe import SIGN_UP
from widget_backend.store.profiles import Profile


@pytest.fixture
def tab(tab: Tab, world: World) -> Iterator[Tab]:
    yield tab
    world.watch.check(tab)


RENDER = """async (page, embedded, more) => {
  await import(`/hosts/${page}-page.js`);
  host.render({ ...embedded, lang: embedded.tag, ...more });
}"""
SHOW = """() => document.querySelector('dialog').showModal()"""
COUNT_LOADS = """() => {
  globalThis.loads = 0;
  addEventListener('preference-widget:load', () => { loads += 1; });
}"""
"""Counts how often content came from now on."""


def render(tab: Tab, framework: str, embedded: Embedded, **more: Any) -> None:
    """What the script of a framework's page does when its data change."""
    tab.run(RENDER, framework, asdict(embedded), {"title": "Hello", "first": False, **more})


def show(tab: Tab, world: World, page: str, embedded: Embedded) -> None:
    """Opens a page and brings its form to sight, all of it, with as much room as in any other."""
    visit(tab, world, page, embedded)
    if page in ("react", "vue"):
        render(tab, page, embedded)
    if page == "dialog":
        tab.run(SHOW)
    tab.see("button", SIGN_UP)
    in_page(tab, OPEN_UP)
    in_page(tab, PIN, 640)


@pytest.mark.parametrize("page", ["base", "dialog", "shadow", "two", "react", "vue"])
def test_the_form_and_its_tab_order_are_those_of_the_plain_page(
    tab: Tab, world: World, page: str
) -> None:
    embedded = sign_up_of(world, "en")
    embedded = replace(embedded, second=world.link("embed", world.person()))
    show(tab, world, "plain", embedded)
    plain, order = form_of(tab), all_stops(tab)
    show(tab, world, page, embedded)
    assert differences(plain, form_of(tab)) == []
    assert stops(tab, order) == order


# ── frameworks ──────────────────────────────────────────────────────────────────────────────

TYPE = "(text) => { form.querySelector('#phone').value = text; }"
NUMBER = "+355691234567"
TYPED = "() => form.querySelector('#phone').value"


@pytest.mark.parametrize("framework", ["react", "vue"])
def test_a_framework_renders_moves_changes_and_removes_the_widget(
    tab: Tab, world: World, person: Profile, framework: str
) -> None:
    visit(tab, world, framework, mine := preferences_of(world, "en", person))
    tab.run(COUNT_LOADS)
    render(tab, framework, mine)
    tab.see("button", SAVE)
    in_page(tab, TYPE, NUMBER)
    render(tab, framework, mine, title="The same again")
    tab.see("heading", "The same again")
    for first in (True, False):  # whichever of the two that change places is the one that is moved
        render(tab, framework, mine, title=f"First: {first}", first=first)
        tab.see("heading", f"First: {first}")
    assert (in_page(tab, TYPED), tab.run("() => loads")) == (NUMBER, 1)
    other = world.person({**SUBSCRIBED, "overall": {"reach": "less", "until": None}})
    render(tab, framework, preferences_of(world, "en", other))
    tab.see("group", ALL_LESS)
    tab.run("() => host.leave()")
    render(tab, framework, preferences_of(world, "ar", person), title="Back")
    tab.see("button", said("ar", SAVE))
    tab.click("checkbox", world.site("ar").topic("tips").name)
    tab.click("button", said("ar", SAVE))
    tab.see("heading", said("ar", SAVED))
    assert world.state(person)["topic:tips"]["on"]
    assert tab.run("() => host.heard") == ["saved"]


# ── pages that move the widget about ────────────────────────────────────────────────────────


def test_a_move_and_a_return_lose_nothing_that_was_typed(
    tab: Tab, world: World, person: Profile
) -> None:
    visit(tab, world, "plain", preferences_of(world, "en", person))
    tab.see("button", SAVE)
    tab.run(COUNT_LOADS)
    in_page(tab, TYPE, NUMBER)
    in_page(tab, "() => document.body.append(widget)")
    assert in_page(tab, TYPED) == NUMBER
    tab.run("() => { globalThis.kept = document.querySelector('preference-widget'); }")
    tab.run("() => kept.remove()")
    tab.run("() => document.querySelector('main').append(kept)")
    assert in_page(tab, TYPED) == NUMBER
    assert tab.run("() => loads") == 0
    tab.click("checkbox", "Decorating tips")
    tab.click("button", SAVE)
    tab.see("heading", SAVED)
    assert world.state(person)["topic:tips"]["on"]


def test_a_copy_of_the_widget_is_a_widget_of_its_own(
    tab: Tab, world: World, person: Profile
) -> None:
    """As a slider or a page that restores a kept part of itself makes one."""
    visit(tab, world, "plain", preferences_of(world, "en", person))
    tab.see("button", SAVE)
    in_page(tab, TYPE, NUMBER)
    in_page(tab, "() => { widget.replaceWith(widget.cloneNode(true)); }")
    tab.see("button", SAVE)
    assert in_page(tab, TYPED) == ""


# ── two of them, dialogs, shadow trees ──────────────────────────────────────────────────────

LABELS = """() => all('preference-widget').flatMap(({ shadowRoot }) => (
  [...shadowRoot.querySelectorAll('label')].filter(({ control }) => (
    control?.getRootNode() !== shadowRoot)).map(({ htmlFor }) => htmlFor)))"""
"""Labels whose control is not in the same widget."""
SAVED_IN = "(id) => Boolean(document.getElementById(id).shadowRoot.querySelector('.saved'))"


def test_two_widgets_in_a_page_know_nothing_of_each_other(
    tab: Tab, world: World, person: Profile
) -> None:
    other = world.person(SUBSCRIBED, EVERY_ROLE)
    embedded = replace(preferences_of(world, "en", person), second=world.link("embed", other, "en"))
    visit(tab, world, "two", embedded)
    tab.see("button", SAVE)
    tab.see("button", said("sq", SAVE))
    assert in_page(tab, LABELS) == []
    tab.click("checkbox", world.site("sq").topic("tips").name)
    tab.click("button", said("sq", SAVE))
    tab.see("heading", said("sq", SAVED))
    assert (tab.run(SAVED_IN, "one"), tab.run(SAVED_IN, "other")) == (False, True)
    assert world.state(other)["topic:tips"]["on"]
    assert "topic:tips" not in world.state(person)


def test_a_dialog_of_the_page_keeps_the_focus_and_closes_with_escape(
    tab: Tab, world: World, person: Profile
) -> None:
    visit(tab, world, "dialog", preferences_of(world, "en", person))
    tab.run("() => document.activeElement.blur()")
    tab.run(SHOW)
    tab.see("button", SAVE)
    tab.run(CHOOSE, "channel-offers", "sms")
    tab.click("button", SAVE)
    tab.see_focus(".summary")
    tab.click("link", ENTER_PHONE)
    tab.see_focus("#phone")
    tab.type(NUMBER)
    tab.press("Enter")
    tab.see("heading", SAVED)
    assert world.state(person)["contact:phone"] == NUMBER
    assert tab.run("() => document.querySelector('dialog').open")
    tab.press("Escape")
    assert not tab.run("() => document.querySelector('dialog').open")


def test_in_a_shadow_tree_the_language_is_found_and_the_page_hears_of_a_save(
    tab: Tab, world: World, person: Profile
) -> None:
    visit(tab, world, "shadow", preferences_of(world, "ar", person))
    tab.see("button", said("ar", SAVE))
    assert in_page(tab, "() => [form.lang, form.dir]") == ["ar", "rtl"]
    assert tab.run("() => document.documentElement.lang") == "en"
    tab.run(COUNT_LOADS)
    tab.click("checkbox", world.site("ar").topic("tips").name)
    tab.click("button", said("ar", SAVE))
    tab.see("heading", said("ar", SAVED))
    assert world.state(person)["topic:tips"]["on"]
    assert tab.run("() => loads") == 1


# ── frames ──────────────────────────────────────────────────────────────────────────────────

SAVE_IN_FRAME = """() => {
  const page = document.querySelector('iframe').contentDocument;
  const root = page.querySelector('preference-widget').shadowRoot;
  root.querySelector('#topic-tips').click();
  root.querySelector('button[value=save]').click();
}"""
LINK_IN_FRAME = """() => {
  const page = document.querySelector('iframe').contentDocument;
  const widget = page.querySelector('preference-widget');
  return !widget.shadowRoot && widget.querySelector('a').getClientRects().length > 0;
}"""
SANDBOXES = ("allow-scripts allow-forms allow-same-origin", "allow-scripts allow-same-origin")


@pytest.mark.parametrize("sandbox", SANDBOXES)
def test_a_frame_that_may_run_scripts_saves_even_if_it_may_send_no_forms(
    tab: Tab, world: World, person: Profile, sandbox: str
) -> None:
    visit(tab, world, f"framed?sandbox={sandbox}", preferences_of(world, "en", person))
    tab.see_text("preference-widget:load, no link, the form")
    tab.run(SAVE_IN_FRAME)
    tab.see_text("preference-widget:saved, no link, the form")
    assert world.state(person)["topic:tips"]["on"]


def test_a_frame_without_its_origin_keeps_the_link(tab: Tab, world: World) -> None:
    """It is nobody's then, so that the backend lets it read nothing."""
    embedded = preferences_of(world, "en")
    visit(tab, world, "framed?sandbox=allow-scripts allow-forms", embedded)
    tab.see_text("preference-widget:error, the link, no form")
    tab.script_errors()  # that the answer was withheld is written there by the browser


def test_a_frame_without_scripts_keeps_the_link(tab: Tab, world: World) -> None:
    visit(tab, world, "framed?sandbox=allow-same-origin", preferences_of(world, "en"))
    assert tab.run(LINK_IN_FRAME)
    tab.script_errors()  # that scripts were not run is written there, too
