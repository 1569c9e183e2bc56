"""WCAG 2.2, A and AA: one test for each success criterion that concerns forms, by its number.

They look at telling screens that the suite opens anyway (showing.py), at both doors; axe and the
tests of the keyboard look at all. What each says is published in widget/ACCESSIBILITY.md.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import pytest

from e2e.support.browsers import ENGINES
from e2e.support.devices import DEVICES
from e2e.support.hosted import TICK
from e2e.support.keyboard import OF_ALL_POINTS, Stop, walk_to_button
from e2e.support.showing import Shown, cases
from e2e.support.tab import Tab, judge, measure
from e2e.support.trees import engine_says, spoken, tree
from e2e.support.world import World
from tests.support.words import said
from tests.support.words.account import CODE_FROM_EMAIL, SEND_CODE
from tests.support.words.preferences import ERROR_BEFORE_MESSAGE, ERROR_BEFORE_TITLE
from tests.support.words.subscribe import SIGN_UP

WITH_ERRORS = (
    "preferences with errors",
    "questions with errors",
    "sign-up with errors",
    "one's data with errors",
    "shop: preferences with errors",
    "shop: sign-up with errors",
)
TELLING = (
    *WITH_ERRORS,
    "a number",
    "pictures and colours",
    "shop: questions",
    "shop: a prompt",
    "shop: a dialog",
)
BOTH_DOORS = ("sign-up with errors", "shop: sign-up with errors")
A_QUARTER = 0.25
AT_400_PERCENT = (320, 256)
"""What is left of a window of 1280 by 1024 px."""


def looking_at(
    *screens: str,
    tags: tuple[str, ...] = ("en", "ar"),
    engines: tuple[str, ...] = ("chromium",),
) -> pytest.MarkDecorator:
    """In one engine, unless engines lay out or compute what is looked at."""
    found = cases(*screens, tags=tags, engines=engines)
    return pytest.mark.parametrize("case", found, ids=str, indirect=True)


@looking_at(*TELLING)
def test_1_3_1_info_and_relationships(shown: Shown) -> None:
    assert judge(shown.tab, "relations") == []


PURPOSES = {"email": "email", "phone": "tel", "post": "street-address"}


@looking_at(*WITH_ERRORS, tags=("en",))
def test_1_3_5_identify_input_purpose(shown: Shown) -> None:
    found = judge(shown.tab, "purposes")
    assert found == {each: PURPOSES[each] for each in found}
    assert found or "questions" in shown.screen.name


@looking_at(*TELLING, "preferences saved", "shop: preferences saved", tags=("en",), engines=ENGINES)
def test_1_4_3_contrast(shown: Shown) -> None:
    assert judge(shown.tab, "faintTexts") == []


@looking_at(*TELLING, "preferences", "shop: preferences", engines=ENGINES)
def test_1_4_10_reflow(shown: Shown) -> None:
    shown.tab.resize(*AT_400_PERCENT)
    too_wide, taken = measure(shown.tab, "overflow"), judge(shown.tab, "stuck")
    shown.tab.resize(*DEVICES[shown.case.devices[-1]])
    assert too_wide == []
    assert taken < A_QUARTER, "only a button to close may stay in the way"


@looking_at(*TELLING, tags=("en",), engines=ENGINES)
def test_1_4_11_non_text_contrast(shown: Shown) -> None:
    assert judge(shown.tab, "faintEdges") == []


@looking_at(*TELLING, "preferences saved", engines=ENGINES)
def test_1_4_12_text_spacing(shown: Shown) -> None:
    assert judge(shown.tab, "spacedOut") == []


@cache
def stops(shown: Shown) -> list[Stop]:
    """Where the Tab key leads, from the summary of what is wrong to the main button."""
    return walk_to_button(shown.tab, said(shown.language.tag, SIGN_UP))


@looking_at(*BOTH_DOORS, engines=ENGINES)
def test_2_4_3_focus_order(shown: Shown) -> None:
    reached = [stop["name"] for stop in stops(shown)]
    written = measure(shown.tab, "stops", shown.screen.in_widget)
    assert reached == written[written.index(reached[0]) :][: len(reached)]
    assert len(reached) > 8


@looking_at(*BOTH_DOORS, engines=ENGINES)
def test_2_4_7_focus_visible(shown: Shown) -> None:
    assert [stop for stop in stops(shown) if not stop["ring"]] == []


@pytest.mark.parametrize(
    "case",
    cases("preferences", "one's data", engines=["chromium", "firefox"], tags=["en"]),
    ids=str,
    indirect=True,
)
def test_2_4_7_a_ring_shows_around_every_control_of_a_page(shown: Shown) -> None:
    assert judge(shown.tab, "hiddenRings") == []


@looking_at(*BOTH_DOORS, engines=ENGINES)
def test_2_4_11_focus_not_obscured(shown: Shown) -> None:
    """Not wholly: Firefox and WebKit do not scroll to a field of which part shows."""
    assert [stop for stop in stops(shown) if stop["covered"] == OF_ALL_POINTS] == []


@looking_at(*TELLING, "preferences", tags=("en",))
def test_2_5_7_dragging_movements(shown: Shown) -> None:
    assert judge(shown.tab, "dragged") == []


@looking_at(*TELLING, engines=ENGINES)
def test_2_5_8_target_size(shown: Shown) -> None:
    assert measure(shown.tab, "smallTargets") == []


@looking_at(*BOTH_DOORS, tags=("en", "sq", "ar"))
def test_3_1_1_language_of_page(shown: Shown) -> None:
    tongue = measure(shown.tab, "tongue", shown.screen.in_widget)
    assert (tongue["lang"], tongue["dir"]) == (shown.language.tag, shown.language.direction)


@looking_at("preferences", "sign-up", "shop: preferences", tags=("en", "sq", "ar"))
def test_3_1_2_language_of_parts(shown: Shown) -> None:
    assert judge(shown.tab, "foreignWords", shown.language.tag) == []


@looking_at(*WITH_ERRORS, tags=("en", "sq", "ar"))
def test_3_3_1_error_identification(shown: Shown) -> None:
    error = said(shown.language.tag, ERROR_BEFORE_MESSAGE)
    before = said(shown.language.tag, ERROR_BEFORE_TITLE)
    assert judge(shown.tab, "unexplained", error) == []
    title = measure(shown.tab, "tongue", False)["title"]
    assert shown.screen.in_widget or title.startswith(before)


@looking_at(*TELLING)
def test_3_3_2_labels_or_instructions(shown: Shown) -> None:
    assert judge(shown.tab, "unlabelled") == []


def on_page(tab: Tab, world: World) -> None:
    tab.open(f"{world.backend}/s/{world.home}?lang=en")


def in_widget(tab: Tab, world: World) -> None:
    tab.open(f"{world.shop}/?lang=en")
    tab.see("button", SIGN_UP)


VALUE = """(id) => {
  const root = document.querySelector('preference-widget')?.shadowRoot ?? document;
  return [root.getElementById(id).value, root.getElementById('topics-tips').checked];
}"""
FILL = """(id, value) => {
  const root = document.querySelector('preference-widget')?.shadowRoot ?? document;
  root.getElementById(id).value = value;
}"""


@pytest.mark.parametrize("open_form", [on_page, in_widget])
def test_3_3_7_redundant_entry(
    tab: Tab, world: World, open_form: Callable[[Tab, World], None]
) -> None:
    """What was filled in before a mistake is still there after it, good or bad."""
    open_form(tab, world)
    tab.run(FILL, "email", "mira@example")
    tab.run(TICK, "topics-tips")
    tab.click("button", SIGN_UP)
    tab.see("alert")
    assert tab.run(VALUE, "email") == ["mira@example", True]


CODE_FIELD = """() => [
  document.scripts.length, document.getElementById('code').getAttribute('autocomplete'),
]"""


@looking_at("sign-up", "a code for one's data", "one's data", "shop: sign-up", tags=("en",))
def test_3_3_8_accessible_authentication(shown: Shown) -> None:
    """Links and a code that can be pasted let people in: nothing to remember, nothing to solve."""
    assert judge(shown.tab, "puzzles") == []


def test_3_3_8_a_code_can_be_pasted_and_filled_in_by_the_browser(tab: Tab, world: World) -> None:
    tab.open(world.link("preferences", world.person()) + "/data")
    tab.click("button", SEND_CODE)
    tab.see("textbox", CODE_FROM_EMAIL)
    assert tab.run(CODE_FIELD) == [0, "one-time-code"]


STATES = {
    "sign-up with errors": ("[invalid]",),
    "questions with errors": ("[checked]",),
    "shop: preferences with errors": ("[invalid]", "[checked]", "[selected]"),
    "preferences paused": ("[checked]",),
}
"""What is told of controls besides their names, on these screens."""


@looking_at(*TELLING, "preferences paused", engines=ENGINES)
def test_4_1_2_name_role_value(shown: Shown) -> None:
    """Every control has a name and tells its state; all of both is written in `trees/`."""
    if shown.tab.engine == "webkit":
        said = engine_says(shown)
    else:
        said = spoken(read := tree(shown))
        assert all(state in read for state in STATES.get(shown.screen.name, ()))
    assert said
    assert [line for line in said if " " not in line] == []


ANNOUNCED = {
    "preferences saved": "status",
    "shop: preferences saved": "status",
    "preferences changed meanwhile": "alert",
    "shop: preferences with errors": "alert",
    "sign-up with errors": "alert",
}


@looking_at(*ANNOUNCED)
def test_4_1_3_status_messages(shown: Shown) -> None:
    assert shown.tab.count(ANNOUNCED[shown.screen.name]) == 1
