"""Browsers of 2024, which lack some of the newest CSS: everything shows, works and stays apart.

Such a browser drops each rule that it does not understand. So these rules are taken away, from the
pages as from the widget.
"""

from __future__ import annotations

import pytest

from e2e.support.devices import DEVICES
from e2e.support.doors import FORM, Door, at_both_doors
from e2e.support.pairs import in_chromium
from e2e.support.tab import Tab, judge
from e2e.support.world import EVERY_ROLE, World, topic
from tests.support.words import said
from tests.support.words.preferences import SAVE, SAVED
from widget_backend.store.profiles import Profile

LACKING = {
    ":has()": "(rule) => rule.selectorText?.includes(':has(')",
    "container queries": "(rule) => rule instanceof CSSContainerRule",
    "::details-content": "(rule) => rule.conditionText?.includes('::details-content')",
}
WITHOUT = f"""() => {{
  const root = {FORM};
  const lacks = [%s];
  const drop = (sheet) => {{
    for (const [index, rule] of [...sheet.cssRules].entries().toArray().reverse()) {{
      if (lacks.some((each) => each(rule))) sheet.deleteRule(index);
      else if (rule instanceof CSSGroupingRule) drop(rule);
    }}
  }};
  [...document.styleSheets, ...(root.adoptedStyleSheets ?? [])].forEach(drop);
}}"""
HIDDEN = f"""() => {{
  const root = {FORM};
  root.querySelectorAll('.how').forEach((each) => {{ each.open = true }});
  root.querySelector('.pause').open = true;
  const controls = root.querySelectorAll('.topic input:not([type=hidden]), select, form button');
  return [...controls].filter((each) => !each.checkVisibility()).map((each) => each.id);
}}"""


@pytest.fixture
def person(world: World) -> Profile:
    return world.person({"topic:offers": topic("email", "weekly")}, EVERY_ROLE)


@in_chromium
@at_both_doors
@pytest.mark.parametrize("lacking", [*LACKING, "all three"])
@pytest.mark.parametrize("device", ["small phone", "desktop"])
def test_without_newer_css_everything_shows_and_a_save_is_kept(
    tab: Tab, world: World, person: Profile, door: Door, lacking: str, device: str
) -> None:
    tab.resize(*DEVICES[device])
    door.open(tab, world, person, "en")
    rules = LACKING.values() if lacking == "all three" else [LACKING[lacking]]
    tab.run(WITHOUT % ", ".join(rules))
    assert judge(tab, "colliding") == []
    assert tab.run(HIDDEN) == []
    assert judge(tab, "colliding") == []
    tab.run("(id) => (" + FORM + ").getElementById(id).click()", "topic-news")
    tab.click("button", said("en", SAVE))
    tab.see("heading", said("en", SAVED))
    assert world.state(person)["topic:news"]["on"]
