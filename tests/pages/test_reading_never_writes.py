"""GET and HEAD change nothing that is stored, on any path: scanners and prefetchers do both."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from test_preferences import SAID
from werkzeug.exceptions import HTTPException
from worlds import OFF, SHOP, World

from widget_backend.embed.snippets import VIEWS
from widget_backend.links import PATHS, Link, Purpose

QUERIES = (
    "",
    "?lang=ar",
    "?saved=1",
    "?saved=0",
    "?saved=999",
    "?new=1&saved=1",
    "?view=questions",
    "?view=questions&stage=changes&saved=1",
    "?do=off&revision=1&offered=offers",
    "?List-Unsubscribe=One-Click",
)
MORE: tuple[tuple[Purpose, str], ...] = (
    ("preferences", "/renew"),
    ("questions", "/renew"),
    ("preferences", "/why"),
    ("questions", "/why"),
    ("unsubscribe", "/why"),
    ("preferences", "/data"),
    ("unsubscribe", "/data"),
    ("data", "/download"),
)
"""Further pages behind a link of a purpose."""

BODIES: tuple[dict[str, str], ...] = (
    {"do": "off", "List-Unsubscribe": "One-Click", "email": "x@example.com"},
    {"do": "undo", "revision": "1"},
)
"""Forms in requests that only read; no browser sends them, any other program can."""

ELSEWHERE = (
    "/",
    "/nothing",
    "/p/",
    "/p/forged",
    "/e/forged/fragment",
    "/s/kutia",
    "/s/kutia/fragment",
    "/s/kutia/privacy",
    "/s/kutia/link",
    "/s/kutia/link?sent=1",
    "/s/kutia/theme.css",
    "/s/kutia/logo",
    "/s/kutia/snippet",
    "/s/kutia/snippet?lang=ar&language=sq&view=questions&mode=prompt&version=pinned",
    *[f"/s/kutia/preview/{view}" for view in VIEWS],
    *[f"/s/kutia/preview/{view}/fragment?lang=sq" for view in VIEWS],
    "/s/nobody",
    "/s/nobody/snippet",
    "/s/nobody/preview/sign-up/fragment",
    "/s/nobody/logo",
    "/widget/v1.js",
    "/widget/v1.0.0.js",
    "/widget/v9.9.9.js",
    "/widget/form.css",
    "/widget/page.css",
    "/widget/snippet.css",
    "/widget/snippet.js",
    "/favicon.ico",
    "/robots.txt",
)


def addresses(world: World) -> Iterator[str]:
    """Every kind of address there is: each purpose for each kind of person, right and wrong."""
    people = [
        world.person(SAID),
        world.person({"overall": OFF, "language": "sq"}, email="b@example.com"),
        world.person({"topic:offers": SAID["topic:offers"]}, email="c@example.com", pending=True),
    ]
    for purpose in PATHS:
        for other in PATHS.values():
            yield f"/{other}/{world.token(purpose, people[0])}"
            yield f"/{other}/{world.token(purpose, people[0])}/fragment"
    for person in people:
        for purpose, more in MORE:
            yield from (f"{world.link(purpose, person)}{more}{query}" for query in QUERIES)
        for purpose, door in PATHS.items():
            token = world.token(purpose, person)
            end = "/fragment" if purpose == "embed" else ""
            yield from (f"/{door}/{token}{end}{query}" for query in QUERIES)
    for purpose, door in PATHS.items():
        nobody = world.signer.mint(purpose, Link("kutia", "0" * 32), world.clock())
        no_site = world.signer.mint(purpose, Link("gone", "0" * 32), world.clock())
        yield from (f"/{door}/{token}" for token in (nobody, no_site))
    yield from ELSEWHERE


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
def test_get_and_head_change_nothing_anywhere(each_world: World, days: int) -> None:
    found = list(addresses(each_world))
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
        assert "This page cannot be used that way" in answer.get_data(as_text=True)
