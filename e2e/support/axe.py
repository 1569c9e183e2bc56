"""axe-core in any engine: what it finds against WCAG 2.2 A and AA, shadow trees included."""

from __future__ import annotations

from functools import cache
from typing import Any

from axe_playwright_python.base import AXE_SCRIPT

from e2e.support.tab import Tab

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
CHECK = """(rules) => {
  scrollTo(0, document.documentElement.scrollHeight);
  return axe.run(document, {
    runOnly: { type: 'tag', values: rules }, resultTypes: ['violations'],
  }).then(({ violations }) => violations.map(({ id, nodes }) => ({
    id, nodes: nodes.map(({ target, failureSummary }) => `${target}: ${failureSummary}`),
  })));
}"""


@cache
def _source() -> str:
    """As a function: a page's policy forbids scripts of others, not what a driver evaluates."""
    return f"() => {{ {AXE_SCRIPT} }}"


def axe(tab: Tab) -> list[str]:
    """Each rule that is broken, and where; at the end of the page, where what sticks belongs."""
    if not tab.run("() => 'axe' in window"):
        tab.run(_source())
    found: list[dict[str, Any]] = tab.run(CHECK, RULES)
    return [f"{each['id']}: {'; '.join(each['nodes'])}" for each in found]
