"""Devices: other sizes, slow and broken lines, the way back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from e2e.support.devices import DEVICES, RARER
from e2e.support.doors import (
    ADDRESS,
    FORM,
    Door,
    ask_by_post,
    at_both_doors,
    choose,
    in_widget,
    on_page,
)
from e2e.support.engines import Engines
from e2e.support.hosted import Screen
from e2e.support.hosts.visiting import form_of, in_page, preferences_of, visit
from e2e.support.pairs import in_chromium
from e2e.support.screens import SCREENS
from e2e.support.tab import PlaywrightTab, Tab, measure
from e2e.support.world import World, topic
from tests.support.words.errors import NOT_RIGHT_NOW, TRY_AGAIN
from tests.support.words.labels import POST_SAVED
from tests.support.words.preferences import CHANGED_ELSEWHERE, COULD_NOT_BE_SENT, SAVE, SAVED
from widget_backend.store import timeouts
from widget_backend.store.profiles import Profile
from widget_backend.store.sqlite import SqliteFile

LOOKED_AT = ("preferences with errors", "pictures and colours", "shop: preferences saved")
NUMBER = "+355691234567"
VALUE = f"(id) => ({FORM}).getElementById(id).value"
TICKED = f"(id) => ({FORM}).getElementById(id).checked"


# ── sizes ───────────────────────────────────────────────────────────────────────────────────


@in_chromium
@pytest.mark.parametrize("screen", [each for each in SCREENS if each.name in LOOKED_AT], ids=str)
def test_folded_unfolded_and_wide_screens_hold_everything(
    tab: Tab, world: World, screen: Screen
) -> None:
    screen.open(tab, world, "sq")
    for device, size in RARER.items():
        tab.resize(*size)
        assert [*measure(tab, "overflow"), *measure(tab, "brokenWords")] == [], device


CHOICES_OF_A_TOPIC = f"""() => {{
  const how = ({FORM}).querySelector('.how');
  how.open = true;
  const [first, second] = how.querySelectorAll('.fields > div');
  second.querySelector('label').append(' and what this topic is called at length'.repeat(3));
  const [one, other] = [first, second]
    .map((field) => field.querySelector('select').getBoundingClientRect());
  return [one.top - other.top, one.left === other.left];
}}"""


@at_both_doors
def test_the_choices_of_a_topic_stand_in_one_line_even_where_a_label_needs_two(
    tab: Tab, world: World, person: Profile, door: Door
) -> None:
    tab.resize(*DEVICES["desktop"])
    door.open(tab, world, person, "en")
    assert tab.run(CHOICES_OF_A_TOPIC) == [0, False]


# ── slow and broken lines ───────────────────────────────────────────────────────────────────


def test_while_a_save_is_slow_the_form_says_so_and_stands_still(
    tab: Tab, world: World, person: Profile
) -> None:
    in_widget(tab, world, person)
    ask_by_post(tab)
    before = form_of(tab).boxes
    with world.line.held_up("POST") as gate:
        tab.click("button", SAVE)
        gate.wait_for_request()
        assert in_page(tab, "() => form.ariaBusy") == "true"
        assert form_of(tab).boxes == before
        tab.click("button", SAVE)
        assert tab.run(VALUE, "post") == ADDRESS
    tab.see("heading", SAVED)
    assert in_page(tab, "() => form.ariaBusy") is None
    assert len(world.ledger(person)) == 2  # what is stored already is the first


def test_while_the_form_is_slow_the_link_is_there(tab: Tab, world: World, person: Profile) -> None:
    with world.line.held_up("GET") as gate:
        visit(tab, world, "plain", preferences_of(world, "en", person))
        gate.wait_for_request()
        tab.see("link", "Choose how we keep in touch")
    tab.see("button", SAVE)
    assert tab.count("link", "Choose how we keep in touch") == 0


def test_a_save_that_got_lost_is_kept_in_the_form_and_saved_once(
    tab: Tab, world: World, person: Profile
) -> None:
    """The first two presses reach nobody; then the backend hears, but nobody hears the backend."""
    in_widget(tab, world, person)
    ask_by_post(tab)
    for lost in ("requests", "answers"):
        with world.line.cut(lost):
            tab.click("button", SAVE)
            tab.see_text(COULD_NOT_BE_SENT)
            assert tab.run(VALUE, "post") == ADDRESS
            assert in_page(tab, "() => form.ariaBusy") is None
    assert world.state(person)["contact:post"] == ADDRESS
    tab.click("button", SAVE)
    tab.see("heading", SAVED)
    tab.see_text(POST_SAVED)
    assert len(world.ledger(person)) == 2
    tab.script_errors()  # browsers write there that the line broke


# ── a database that is away ─────────────────────────────────────────────────────────────────


@pytest.fixture
def away(world: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[SqliteFile]:
    """The database, as after somebody waited in vain for another program that holds it."""
    monkeypatch.setattr(timeouts, "BETWEEN_TRIES", 3600)
    assert isinstance(world.database, SqliteFile)
    yield world.database
    world.database.writing.opened()


def test_while_the_database_is_away_the_form_in_a_shop_stays_as_it_is(
    tab: Tab, world: World, person: Profile, away: SqliteFile
) -> None:
    in_widget(tab, world, person)
    ask_by_post(tab)
    away.writing.failed()
    tab.click("button", SAVE)
    tab.see_text(COULD_NOT_BE_SENT)
    assert tab.run(VALUE, "post") == ADDRESS
    away.writing.opened()
    tab.click("button", SAVE)
    tab.see("heading", SAVED)
    assert world.state(person)["contact:post"] == ADDRESS
    tab.script_errors()  # browsers write there that the answer was a 503


def test_while_the_database_is_away_a_page_keeps_what_was_entered_behind_one_button(
    tab: Tab, world: World, person: Profile, away: SqliteFile
) -> None:
    on_page(tab, world, person)
    ask_by_post(tab)
    away.writing.failed()
    tab.click("button", SAVE)
    tab.see("heading", NOT_RIGHT_NOW)
    away.writing.opened()
    tab.click("button", TRY_AGAIN)
    tab.see_text(POST_SAVED)
    assert world.state(person)["contact:post"] == ADDRESS
    tab.script_errors()


# ── a network that is away ──────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("engine", ["chromium", "firefox"])
def test_without_a_network_the_form_keeps_everything(
    engine: str, engines: Engines, world: World, person: Profile
) -> None:
    with engines.tab(engine) as tab:
        assert isinstance(tab, PlaywrightTab)
        in_widget(tab, world, person)
        ask_by_post(tab)
        tab.page.context.set_offline(True)
        tab.click("button", SAVE)
        tab.see_text(COULD_NOT_BE_SENT)
        tab.page.context.set_offline(False)
        tab.click("button", SAVE)
        tab.see("heading", SAVED)
    assert world.state(person)["contact:post"] == ADDRESS


def test_a_save_whose_answer_got_lost_on_the_page_is_saved_once(
    tab: Tab, world: World, person: Profile
) -> None:
    """By what each browser offers: to send again, the stored choices, or the form as it was."""
    on_page(tab, world, person)
    ask_by_post(tab)
    with world.line.cut("answers"):
        tab.click("button", SAVE)
        tab.see_gone("main")
    if tab.engine == "chromium":
        tab.reload()
    else:
        tab.back()
    if tab.engine == "firefox":
        tab.see("button", SAVE)
        assert tab.run(VALUE, "channel-offers") == "post"
    if tab.engine == "webkit":
        tab.see("button", SAVE)
        assert tab.run(VALUE, "post") == ADDRESS
        tab.click("button", SAVE)
    if tab.engine != "firefox":
        tab.see("heading", SAVED)
    assert world.state(person)["contact:post"] == ADDRESS
    assert len(world.ledger(person)) == 2
    tab.script_errors()


# ── going away and coming back ──────────────────────────────────────────────────────────────


def test_back_to_the_page_shows_what_holds_now(tab: Tab, world: World, person: Profile) -> None:
    on_page(tab, world, person)
    tab.open(f"{world.backend}/s/{world.home}/link")
    world.say(person, {"topic:tips": topic()})
    tab.back()
    tab.see("button", SAVE)
    if tab.engine == "webkit":  # keeps the old form, and the server is told which one it is
        tab.click("button", SAVE)
        tab.see_text(CHANGED_ELSEWHERE)
    assert tab.run(TICKED, "topic-tips")
    tab.click("checkbox", "Showroom events")
    tab.click("button", SAVE)
    tab.see("heading", SAVED)
    assert world.state(person)["topic:tips"]["on"]


def test_back_to_a_widget_that_was_left_in_the_middle_of_a_save_finds_a_form_that_saves(
    tab: Tab, world: World, person: Profile
) -> None:
    in_widget(tab, world, person)
    ask_by_post(tab)
    with world.line.held_up("POST") as gate:
        tab.click("button", SAVE)
        gate.wait_for_request()
        tab.open(f"{world.shop}/hosts/base.html")
    tab.back()
    tab.see("button", SAVE)
    assert in_page(tab, "() => form.ariaBusy") is None
    if tab.engine == "webkit":  # keeps the page as it was; the others load it anew
        assert tab.run(VALUE, "post") == ADDRESS
    tab.click("checkbox", "Showroom events")
    tab.click("button", SAVE)
    tab.see("heading", SAVED)
    assert world.state(person)["topic:events"]["on"]


def test_a_tab_that_is_restored_after_hours_still_saves(
    tab: Tab, world: World, person: Profile
) -> None:
    on_page(tab, world, person)
    ask_by_post(tab)
    now = world.clock.now
    world.clock.now += timedelta(hours=9)
    try:
        tab.click("button", SAVE)
        tab.see("heading", SAVED)
    finally:
        world.clock.now = now
    assert world.state(person)["contact:post"] == ADDRESS


@at_both_doors
def test_what_a_browser_fills_in_by_itself_is_saved(
    tab: Tab, world: World, person: Profile, door: Door
) -> None:
    """As autofill does it: a value and its events, no key and no focus."""
    door.open(tab, world, person, "en")
    choose(tab, "offers", "sms")
    choose(tab, "events", "post")
    tokens = tab.run(FILL, {"tel": NUMBER, "street-address": ADDRESS})
    assert tokens == ["tel", "street-address"]
    tab.click("button", SAVE)
    tab.see("heading", SAVED)
    state = world.state(person)
    assert (state["contact:phone"], state["contact:post"]) == (NUMBER, ADDRESS)


FILL = f"""(values) => Object.entries(values).map(([token, value]) => {{
  const field = ({FORM}).querySelector(`[autocomplete="${{token}}"]`);
  field.value = value;
  for (const name of ['input', 'change']) field.dispatchEvent(new Event(name, {{ bubbles: true }}));
  return field.autocomplete;
}})"""
