"""signing.js, which senders copy to their servers, with the Web Crypto of three engines."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import widget_backend
from e2e.support.tab import Tab
from e2e.widget.stub import Answer, running
from widget_backend.links import Link
from widget_backend.signing import Signer

RECIPES = Path(widget_backend.__file__).parent / "recipes"
VECTORS: list[dict[str, Any]] = json.loads((RECIPES / "vectors.json").read_text(encoding="utf-8"))
SIGN_ALL = """async (url, links) => {
  const { sign } = await import(url);
  return Promise.all(links.map((each) => sign(each.key, each.purpose, each.link, each.now)));
}"""


def signed(tab: Tab, *links: dict[str, Any]) -> list[str]:
    """What the module makes, loaded as it is. Web Crypto is there since 127.0.0.1 is trusted."""
    with running() as stub:
        source = (RECIPES / "signing.js").read_text(encoding="utf-8")
        stub.answers["GET /signing.js"] = Answer(source, kind="text/javascript")
        stub.answers["GET /"] = Answer("<!doctype html><title>Signing</title>")
        tab.open(f"{stub.origin}/")
        made: list[str] = tab.run(SIGN_ALL, f"{stub.origin}/signing.js", list(links))
        return made


def test_each_engine_makes_the_vectors_byte_for_byte(tab: Tab) -> None:
    assert signed(tab, *VECTORS) == [each["token"] for each in VECTORS]


def test_the_backend_reads_what_an_engine_signs(tab: Tab) -> None:
    key, person = "a-key-that-is-in-no-vector-at-all", "c0ffee" * 5 + "00"
    link = {"site": "dimora", "person": person, "language": "sq", "generation": 2}
    (token,) = signed(tab, {"key": key, "purpose": "unsubscribe", "link": link, "now": 0})
    wanted = Link("dimora", person, "sq", link_version=2)
    assert Signer([key]).read("unsubscribe", token) == wanted
