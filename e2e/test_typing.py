"""Typing: above keyboards on the screen, in two directions, with digits of Arabic."""

from __future__ import annotations

import pytest

from e2e.support.devices import WITH_KEYBOARD
from e2e.support.doors import FORM, Door, ask_by_post, at_both_doors, choose, type_into
from e2e.support.hosted import BEFORE
from e2e.support.pairs import tab_and_device
from e2e.support.tab import Tab, measure
from e2e.support.world import World, skipped
from tests.support.words import said
from tests.support.words.preferences import SAVE, SAVED
from tests.support.words.questions import ANSWERS_SAVED
from widget_backend.store.profiles import Profile

NUMBER = "+355691234567"


@at_both_doors
@tab_and_device(WITH_KEYBOARD)
def test_above_a_keyboard_on_the_screen_one_sees_the_field_and_its_mistake(
    tab: Tab, world: World, person: Profile, door: Door, device: str
) -> None:
    tab.resize(*WITH_KEYBOARD[device])
    door.open(tab, world, person, "ar")
    choose(tab, "offers", "sms")
    choose(tab, "events", "post")
    tab.click("button", said("ar", SAVE))
    tab.see_focus(".summary")
    for field in ("phone", "post"):
        tab.run(f"(id) => ({FORM}).querySelector(`a[href$='#${{id}}']`).click()", field)
        tab.see_focus(f"#{field}")
        assert measure(tab, "focus")["covered"] == 0, field
        assert tab.run(IN_SIGHT, f"{field}-problem"), field


IN_SIGHT = f"""(id) => {{
  const {{ top, bottom }} = ({FORM}).getElementById(id).getBoundingClientRect();
  return top >= 0 && bottom <= innerHeight;
}}"""


@at_both_doors
def test_what_is_typed_reads_in_its_own_direction_and_digits_of_arabic_are_digits(
    tab: Tab, world: World, person: Profile, door: Door
) -> None:
    door.open(tab, world, person, "ar")
    ask_by_post(tab, "شارع دبرا 7, Tiranë")
    assert tab.run(DIRECTION, "post") == "rtl"
    type_into(tab, "post", MIXED)
    assert tab.run(DIRECTION, "post") == "ltr"
    choose(tab, "alerts", "sms")
    type_into(tab, "phone", "+٣٥٥ ٦٩ ١٢٣ ٤٥٦٧")
    assert tab.run(DIRECTION, "phone") == "ltr"
    tab.press("Enter")
    tab.see("heading", said("ar", SAVED))
    state = world.state(person)
    assert (state["contact:phone"], state["contact:post"]) == (NUMBER, MIXED)


MIXED = "Rruga 7، تيرانا"
DIRECTION = f"(id) => getComputedStyle(({FORM}).getElementById(id)).direction"


@at_both_doors
@pytest.mark.parametrize(("tag", "edge"), [("en", "left"), ("ar", "right")])
def test_a_telephone_number_is_typed_at_the_edge_where_its_label_begins(
    tab: Tab, world: World, person: Profile, door: Door, tag: str, edge: str
) -> None:
    door.open(tab, world, person, tag)
    choose(tab, "alerts", "sms")
    type_into(tab, "phone", NUMBER)
    assert tab.run(DIRECTION, "phone") == "ltr"
    assert tab.run(EDGE, "phone") == edge


EDGE = f"""(id) => {{
  const {{ direction, textAlign }} = getComputedStyle(({FORM}).getElementById(id));
  const [start, end] = direction === 'ltr' ? ['left', 'right'] : ['right', 'left'];
  return {{ start, end }}[textAlign] ?? textAlign;
}}"""


def test_a_number_in_arabic_digits_is_saved_as_a_number(tab: Tab, world: World) -> None:
    person = world.person(skipped(*BEFORE["family"]))
    tab.open(world.link("questions", person, "ar"))
    type_into(tab, "answer-household", "٣")
    tab.click("button", said("ar", SAVE))
    tab.see_text(said("ar", ANSWERS_SAVED))
    saved = {change.subject: change.after for change in world.ledger(person)[-1].changes}
    assert saved["answer:household"]["said"] == 3
