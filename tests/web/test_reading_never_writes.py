"""GET and HEAD change nothing that is stored, on any path: scanners and prefetchers do both."""

from __future__ import annotations

import pytest
from werkzeug.exceptions import HTTPException

from tests.support.addresses import addresses
from tests.support.words.errors import NOT_USED_THAT_WAY
from tests.support.worlds import SAID, SHOP, World

BODIES: tuple[dict[str, str], ...] = (
    {"do": "off", "List-Unsubscribe": "One-Click", "email": "x@example.com"},
    {"do": "undo", "revision": "1"},
)
"""Forms in requests that only read; no browser sends them, any other program can."""


def test_every_route_is_among_the_addresses(world: World) -> None:
    routes = world.app.url_map.bind("localhost")
    reached = set()
    for address in addresses(world):
        try:
            reached.add(routes.match(address.partition("?")[0], method="GET")[0])
        except HTTPException:
            continue  # some lead nowhere on purpose
    assert reached == {rule.endpoint for rule in world.app.url_map.iter_rules()}


@pytest.mark.parametrize("days", [0, 200])
@pytest.mark.parametrize("every", [7, pytest.param(1, marks=pytest.mark.long)])
def test_get_and_head_change_nothing_anywhere(each_world: World, every: int, days: int) -> None:
    """With 7, every seventh address: pages have ten queries each, so all of them take turns."""
    found = list(addresses(each_world))[days % every :: every]
    each_world.clock.pass_by(days=days)
    stored = each_world.dump()
    client = each_world.hurried_client()
    for address in found:
        headers = {"Origin": SHOP} if "/fragment" in address else {}
        assert client.head(address, headers=headers).status_code < 500
        assert client.get(address, headers=headers).status_code < 500
        for method, body in ((m, b) for m in ("GET", "HEAD") for b in BODIES):
            assert client.open(address, method=method, data=body).status_code < 500
    assert each_world.dump() == stored


def test_head_says_what_get_says_without_saying_it(world: World) -> None:
    for address in (world.link("preferences", world.person(SAID)), "/widget/v1.js", "/s/kutia"):
        got, asked = world.client().get(address), world.client().head(address)
        assert asked.status_code == got.status_code
        assert asked.get_data() == b""
        assert asked.headers.pop("X-Request-ID") != got.headers.pop("X-Request-ID")
        assert dict(asked.headers) == dict(got.headers)


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "PROPFIND"])
def test_other_methods_change_nothing_and_are_told_what_works(world: World, method: str) -> None:
    person = world.person(SAID)
    stored = world.dump()
    for path in (world.link("preferences", person), world.link("unsubscribe", person), "/s/kutia"):
        answer = world.client().open(path, method=method, data={"do": "off"})
        assert answer.status_code == (200 if method == "OPTIONS" else 405)
        assert {"GET", "POST"} <= set(answer.headers["Allow"].split(", "))
    assert world.dump() == stored


def test_posting_where_one_can_only_read_is_refused_in_words(world: World) -> None:
    for path in ("/s/kutia/privacy", "/widget/v1.js", "/s/kutia/logo"):
        answer = world.client().post(path)
        assert answer.status_code == 405
        assert NOT_USED_THAT_WAY in answer.get_data(as_text=True)
