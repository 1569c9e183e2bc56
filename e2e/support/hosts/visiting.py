"""Opening host pages, dressing them in styles, and what is seen of the form in them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from e2e.support.hosted import SUBSCRIBED
from e2e.support.hosts.server import Embedded, host_app
from e2e.support.tab import Tab, measure
from e2e.support.world import EVERY_ROLE, World
from widget_backend.store.profiles import Profile

Boxes = dict[str, dict[str, Any]]
"""By their place in the form, measured from its corner (measures.js)."""

HOUSE = """
const everything = (root = document) => [...root.querySelectorAll('*')].flatMap((each) => (
  each.shadowRoot ? [each, ...everything(each.shadowRoot)] : [each]));
const all = (name) => everything().filter((each) => each.matches(name));
const widget = all('preference-widget')[0];
const form = widget?.shadowRoot?.querySelector('.preference-widget');
"""
"""At hand in what `in_page` runs: what a page's own script would look for."""


def in_page(tab: Tab, function: str, *arguments: Any) -> Any:
    """What a function says that knows the names of HOUSE."""
    return tab.run(f"(...rest) => {{ {HOUSE} return ({function})(...rest) }}", *arguments)


def preferences_of(world: World, tag: str, person: Profile | None = None) -> Embedded:
    """A snippet for somebody known, by default for somebody new."""
    somebody = person or world.person(SUBSCRIBED, EVERY_ROLE)
    src, fallback = (world.link(purpose, somebody, tag) for purpose in ("embed", "preferences"))
    return Embedded(src, tag, fallback)


def sign_up_of(world: World, tag: str) -> Embedded:
    src = f"{world.backend}/s/{world.home}"
    return Embedded(src, tag, f"{src}?lang={tag}")


def visit(tab: Tab, world: World, page: str, embedded: Embedded) -> None:
    """Opens a page of the host with this snippet; `page` may have a query."""
    world.shop_app = host_app(world, embedded)
    name, _, query = page.partition("?")
    tab.open(f"{world.shop}/hosts/{name}.html?{query}")


OPEN_UP = """() => {
  for (const each of form.querySelectorAll('details')) each.open = true;
  for (const [id, value] of [['channel-offers', 'sms'], ['channel-events', 'post']]) {
    const select = form.querySelector(`#${id}`);
    if (select) select.value = value;
  }
  form.dispatchEvent(new Event('change', { bubbles: true }));
}"""
"""Shows all there is of a form, behind what opens and for who is reached by SMS and by post."""

PIN = """(width) => {
  const wide = { width: `${width}px`, 'min-width': '0', 'max-width': 'none', margin: '0' };
  const bare = { padding: '0', border: '0', 'box-sizing': 'content-box', zoom: '1' };
  for (const each of all('.place')) each.style.setProperty('display', 'block', 'important');
  for (const each of all('.place, preference-widget')) {
    for (const [name, value] of Object.entries({ ...wide, ...bare })) {
      each.style.setProperty(name, value, 'important');
    }
  }
}"""
"""Gives the widget this much room, whatever the page's style sheets say."""

DRESS = """(styles, family) => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(styles);
  document.adoptedStyleSheets = [sheet];
  document.documentElement.style.fontFamily = family;
}"""
"""What a page's style sheet says, as the last of them."""

OWN = """() => all('body, #before, .own input').map((element) => {
  const style = getComputedStyle(element);
  return [...style, '--accent'].map((name) => style.getPropertyValue(name)).join();
}).join('; ')"""
"""How the page's own elements look, to see that a style sheet took effect."""

FAMILY = "() => getComputedStyle(form).fontFamily"

ROOT = """() => {
  const style = getComputedStyle(form);
  const taken = /^(font-family|color|color-scheme|visibility)$|color$|^min-/;
  return Object.fromEntries([...style].filter((name) => !taken.test(name))
    .map((name) => [name, style.getPropertyValue(name)]));
}"""


@dataclass(frozen=True)
class Form:
    """Its boxes, and what its root says that it does not take from the page on purpose."""

    boxes: Boxes
    root: dict[str, str]


def form_of(tab: Tab, nth: int = 0) -> Form:
    return Form(dict(measure(tab, "form", nth)), in_page(tab, ROOT))


def differences(plain: Form, other: Form) -> list[str]:
    """Boxes that are a pixel and more from where the plain page has them, and what is inherited."""
    names = [f"{place} is only in one" for place in plain.boxes.keys() ^ other.boxes.keys()]
    moved = [
        f"{box['name']} at {place}: {_told(box)} is {_told(other.boxes[place])}"
        for place, box in plain.boxes.items()
        if place in other.boxes and not _is_close(box, other.boxes[place])
    ]
    said = [
        f"{name}: {value} is {other.root[name]}"
        for name, value in plain.root.items()
        if value != other.root[name]
    ]
    return names + moved + said


SIDES = ("left", "top", "right", "bottom")


def _is_close(box: dict[str, Any], other: dict[str, Any]) -> bool:
    return all(abs(box[side] - other[side]) <= 1 for side in SIDES)


def _told(box: dict[str, Any]) -> str:
    return " ".join(f"{box[side]:.0f}" for side in SIDES)


NOTE_STOPS = """() => {
  globalThis.stops = [];
  for (const root of [document, ...everything().map((each) => each.shadowRoot)]) {
    if (!root || root.noted) continue;
    root.noted = true; // a tree does not hear of the focus when it moves inside another one
    root.addEventListener('focusin', ({ target }) => {
      const { id, localName, name, value, textContent } = target;
      const said = name ? `${name} ${value}` : textContent.trim();
      if (!target.shadowRoot) stops.push(id || `${localName} ${said}`);
    });
  }
  document.activeElement.blur();
  all('#before')[0].focus();
}"""


def all_stops(tab: Tab) -> list[str]:
    """Where the Tab key leads from the button before the widget to the one after it, ends too."""
    in_page(tab, NOTE_STOPS)
    while tab.run("() => !stops.includes('after') && stops.length < 99"):
        tab.press("Tab")
    found: list[str] = tab.run("() => stops")
    return found


def stops(tab: Tab, wanted: list[str]) -> list[str]:
    """Where the Tab key leads when it is pressed as often as this way asks for, and no oftener."""
    in_page(tab, NOTE_STOPS)
    tab.press(*["Tab"] * (len(wanted) - 1))
    found: list[str] = tab.run("() => stops")
    return found
