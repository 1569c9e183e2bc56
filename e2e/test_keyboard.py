"""The keyboard alone does everything, and one always sees where one is."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from e2e.support.devices import DEVICES
from e2e.support.hosted import save_without_address
from e2e.support.keyboard import Stop, walk_to, walk_to_button
from e2e.support.pairs import tab_and_device
from e2e.support.tab import Tab
from e2e.support.world import World
from tests.support.words.labels import SMS_CHANNEL
from tests.support.words.preferences import SAVE, SAVED
from widget_backend.store.profiles import Profile

OpensForm = Callable[[Profile], None]
"""Opens a person's preferences."""


@pytest.fixture(params=["page", "widget"])
def open_form(request: pytest.FixtureRequest, tab: Tab, world: World) -> OpensForm:
    """At both doors: the hosted page and the widget in the shop."""

    def on_page(person: Profile) -> None:
        tab.open(world.link("preferences", person))

    def in_widget(person: Profile) -> None:
        world.sign_in(person.handle)
        tab.open(f"{world.shop}/account")
        tab.see("button", SAVE)

    return on_page if request.param == "page" else in_widget


def unseen(stops: list[Stop]) -> list[str]:
    """Stops where the focus does not show or something covers it (WCAG 2.4.7 and 2.4.11)."""
    return [f"{stop['name']}: {stop}" for stop in stops if not stop["ring"] or stop["covered"]]


WINDOWS = {**DEVICES, "laptop at 200 %": (640, 360)}


@tab_and_device(WINDOWS)
def test_the_keyboard_alone_completes_a_save_and_the_focus_always_shows(
    tab: Tab, world: World, person: Profile, open_form: OpensForm, device: str
) -> None:
    tab.resize(*WINDOWS[device])
    open_form(person)
    stops = walk_to(tab, "topic-tips")
    tab.press("Space")
    stops += walk_to_button(tab, SAVE)
    tab.press("Enter")
    tab.see("heading", SAVED)
    assert unseen(stops) == []
    assert world.state(person)["topic:tips"]["on"]


def test_choosing_sms_asks_for_a_number_and_enter_saves_it(
    tab: Tab, world: World, person: Profile, open_form: OpensForm
) -> None:
    open_form(person)
    walk_to(tab, "topic-alerts")
    tab.press("Space", "Tab", "Enter")  # tick the topic, open what is behind it
    walk_to(tab, "channel-alerts")
    tab.type(SMS_CHANNEL[0])
    walk_to(tab, "phone")
    tab.type("+355 69 123 4567")
    tab.press("Enter")
    tab.see("heading", SAVED)
    state = world.state(person)
    assert state["contact:phone"] == "+355691234567"
    assert state["topic:alerts"]["channel"] == "sms"
    assert "overall" not in state


def test_mistakes_take_the_focus_and_lead_to_their_field(
    tab: Tab, person: Profile, open_form: OpensForm
) -> None:
    open_form(person)
    save_without_address(tab, "en")
    tab.see_focus(".summary")
    stops = walk_to(tab, "")
    tab.press("Enter")
    tab.see_focus("#phone")
    assert unseen(stops) == []


def test_what_changed_meanwhile_takes_the_focus(
    tab: Tab, world: World, person: Profile, open_form: OpensForm
) -> None:
    open_form(person)
    changed = {"on": True, "channel": "post", "frequency": "monthly"}
    world.say(person, {"topic:offers": changed, "contact:post": "Rruga 1"})
    tab.click("button", SAVE)
    tab.see_focus(".meanwhile")
