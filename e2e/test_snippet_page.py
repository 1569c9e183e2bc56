"""The owner's page: it measures the previews, copies lines, and signs nobody up by being tried."""

from __future__ import annotations

import re

from e2e.support.axe import axe
from e2e.support.tab import Tab, provoke
from e2e.support.world import World
from tests.support.words import said
from tests.support.words.snippet import CANNOT_COPY, COPIED, HEIGHTS_WERE_MEASURED

MEASURED = """() => new Promise((done) => {
  const styles = document.querySelector('#lines-styles');
  const look = () => styles.textContent.includes('@media') ? done(styles.textContent)
    : requestAnimationFrame(look);
  look();
})"""
REAL = """() => [...document.querySelectorAll('iframe[data-measures]')].map((frame) =>
  frame.contentDocument.querySelector('preference-widget').offsetHeight)"""
TRY = """() => new Promise((done) => {
  const page = document.querySelector('iframe[data-measures=narrow]').contentDocument;
  const form = page.querySelector('preference-widget').shadowRoot;
  form.querySelector('input[type=email]').value = 'somebody@example.com';
  form.querySelector('input[type=checkbox]').click();
  for (const details of form.querySelectorAll('details')) details.open = true;
  for (const button of form.querySelectorAll('form button')) button.click();
  requestAnimationFrame(() => requestAnimationFrame(() => done(page.URL)));
})"""
COPY = "() => document.querySelector('[data-copies=lines-policy]').click()"
SCROLLS = """() => {
  const frame = document.querySelector('iframe');
  return frame.contentDocument.documentElement.scrollHeight > frame.clientHeight;
}"""


def test_an_owner_tries_measures_and_copies(tab: Tab, world: World) -> None:
    stored, sent = world.dump(), len(world.watch.posts)
    tab.open(f"{world.backend}/s/dimora/snippet?lang=sq")
    styles = tab.run(MEASURED)
    reserved = [float(each) for each in re.findall(r"min-block-size: ([\d.]+)rem", styles)]
    real = tab.run(REAL)
    assert len(reserved) == len(real) == 2
    for room, height in zip(reserved, real, strict=True):
        assert 0 <= room * 16 - height < 8, "no less than the form, and no half line more"
    assert reserved[0] > reserved[1] > 20, "a form is longer on a telephone"
    assert not tab.run(SCROLLS), "each frame is as high as its form"
    tab.see_text(said("sq", HEIGHTS_WERE_MEASURED))
    assert "/preview/sign-up" in tab.run(TRY)
    assert tab.run(MEASURED) == styles, "what is opened later is not what to reserve"
    assert (world.dump(), len(world.watch.posts)) == (stored, sent)
    _copies(tab)
    assert axe(tab) == []
    tab.resize(320, 568)
    assert tab.run("() => document.documentElement.scrollWidth") <= 320
    assert tab.script_errors() == []
    assert world.watch.reports_until(provoke(tab)) == []


def test_on_a_telephone_the_height_in_a_wide_window_is_measured_too(tab: Tab, world: World) -> None:
    rules = []
    for window in ((1280, 800), (390, 844)):
        tab.resize(*window)
        tab.open(f"{world.backend}/s/dimora/snippet?lang=en")
        rules.append(tab.run(MEASURED).partition("@media")[2])
    assert rules[0] == rules[1]


def _copies(tab: Tab) -> None:
    """Into what stands in for the clipboard: no engine lets a driver read the real one."""
    assert tab.run("() => document.querySelectorAll('[data-copies]:not([hidden])').length") == 7
    tab.run("() => { navigator.clipboard.writeText = async () => { throw new Error('no'); } }")
    tab.run(COPY)
    tab.see_text(said("sq", CANNOT_COPY))
    assert tab.run("() => getSelection().toString()").startswith("script-src http")
    tab.run(
        """() => { navigator.clipboard.writeText = async (text) => { document.title = text; } }"""
    )
    tab.run(COPY)
    tab.see_text(said("sq", COPIED))
    assert tab.run("() => document.title").startswith("script-src http")
