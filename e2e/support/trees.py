"""What a screen reader gets of a screen, as text: roles, names and states, in reading order.

The texts lie in `trees/`, one for each screen and language, and are compared with what browsers
say. `make trees` writes them anew; whoever reviews a change reads what changed in them.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from e2e.support.showing import Case, Shown
from e2e.support.tab import PlaywrightTab, Tab, measure
from e2e.support.webkit import WebDriverTab

FOLDER = Path(__file__).parents[1] / "trees"
SPOKEN = ("heading", "link", "button", "checkbox", "radio", "combobox", "textbox")
"""What people jump between. Of these engines are asked themselves, by `engine_says`."""

Node = dict[str, Any]
"""One of Chromium's accessibility nodes (DevTools protocol, Accessibility.AXNode)."""


def file_of(case: Case) -> Path:
    words = re.findall(r"[a-z]+", str(case.screen).lower())
    return FOLDER / f"{'-'.join(words)}.{case.tag}.txt"


def tree(shown: Shown) -> str:
    """As Playwright reads the page, or the widget in it, from markup and styles in the browser."""
    assert isinstance(shown.tab, PlaywrightTab)
    root, place = _root(shown)
    found = shown.tab.page.locator(root).nth(place)
    # What is behind a dialog cannot be reached, which Playwright does not know.
    if shown.screen.in_widget and (dialog := found.locator("dialog[open]")).count():
        found = dialog
    return stable(found.aria_snapshot()) + "\n"


def _root(shown: Shown) -> tuple[str, int]:
    """What of the page counts: a selector, and which of those that match it."""
    if not shown.screen.in_widget:
        return "body", 0
    return "preference-widget", measure(shown.tab, "place")


def stable(snapshot: str) -> str:
    """Without what differs from run to run: where links lead, and the hex that makes people new."""
    without_addresses = re.sub(r":\n *- /url: .*", "", snapshot)
    return re.sub(r"\b[0-9a-f]{16}\b", "…", without_addresses)


LINE = re.compile(rf'^ *- (?P<role>{"|".join(SPOKEN)})(?: "(?P<name>(?:[^"\\]|\\.)*)")?')


def spoken(text: str) -> list[str]:
    """Role and name of everything in a tree that people jump between."""
    plain = re.sub(r"^( *- )'(.*)'(:?.*)$", _unquoted, text, flags=re.MULTILINE)
    found = (LINE.match(line) for line in plain.splitlines())
    return [f"{each['role']} {_unescaped(each['name'])}".strip() for each in found if each]


def _unquoted(line: re.Match[str]) -> str:
    # A line with a colon in a name is in quotes, and those in it are doubled, as YAML has it.
    return line[1] + line[2].replace("''", "'") + line[3]


def _unescaped(name: str | None) -> str:
    return re.sub(r"\\(.)", r"\1", name or "")


def engine_says(shown: Shown) -> list[str]:
    """Role and name of the same things, as the engine itself computes them for screen readers."""
    if isinstance(shown.tab, WebDriverTab):
        return _webkit_says(shown.tab, shown.screen.in_widget)
    assert isinstance(shown.tab, PlaywrightTab)
    return _chromium_says(shown.tab, *_root(shown))


def _webkit_says(tab: Tab, in_widget: bool) -> list[str]:
    found, kinds = measure(tab, "controls", in_widget), measure(tab, "kinds", in_widget)
    return [
        # WebKitGTK calls a list that pops up a button.
        _plain("combobox" if kind == "select" else each.aria_role, each.accessible_name)
        for each, kind in zip(found, kinds, strict=True)
    ]


def _chromium_says(tab: PlaywrightTab, root: str, place: int) -> list[str]:
    session = tab.page.context.new_cdp_session(tab.page)
    nodes = {node["nodeId"]: node for node in session.send("Accessibility.getFullAXTree")["nodes"]}
    document = session.send("DOM.getDocument")["root"]["nodeId"]
    where = {"nodeId": document, "selector": root}
    found = session.send("DOM.querySelectorAll", where)["nodeIds"][place]
    described = session.send("DOM.describeNode", {"nodeId": found})["node"]
    top = next(
        node
        for node in nodes.values()
        if node.get("backendDOMNodeId") == described["backendNodeId"]
    )
    session.detach()
    return _below(top, nodes)


def _below(node: Node, nodes: dict[str, Node]) -> list[str]:
    role = node.get("role", {}).get("value")
    own = []
    if not node["ignored"] and role in SPOKEN:
        own = [_plain(role, node.get("name", {}).get("value", ""))]
    inner = (nodes[each] for each in node.get("childIds", ()) if each in nodes)
    return own + [line for each in inner for line in _below(each, nodes)]


def _plain(role: str, name: str) -> str:
    return f"{role} {' '.join(name.split())}".strip()
