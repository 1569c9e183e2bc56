"""Link scanners: whatever opens a message's links before its reader does, nothing happens by it."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urljoin

import pytest

from tests.support.lint_rules import Document
from tests.support.worlds import SAID, World
from widget_backend.links import Link, Purpose
from widget_backend.store.address_changes import request_change
from widget_backend.store.profiles import Profile

AGENTS = {
    "Barracuda": "Barracuda Sentinel (EE)",
    "Proofpoint": "Mozilla/5.0 (compatible; proofpoint)",
    "Mimecast": "Mimecast URL Protect",
    "Cisco": "CiscoSecureEmail",
    "Trend Micro": "TMES",
    "Safe Links": "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 "
    "(KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36 Edg/120.0.0.0",
    "Office": "Microsoft Office Existence Discovery",
    "Skype": "Mozilla/5.0 (Windows NT 6.1; WOW64) SkypeUriPreview Preview/0.5",
    "Gmail's images": "Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 "
    "(via ggpht.com GoogleImageProxy)",
    "Slack": "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)",
    "WhatsApp": "WhatsApp/2.23.20.0",
    "Facebook": "facebookexternalhit/1.1",
    "Telegram": "TelegramBot (like TwitterBot)",
    "a script": "python-requests/2.32.0",
    "another": "Go-http-client/2.0",
    "nobody": "",
}
"""As they call themselves. Many say that they are a browser, and some are."""

ASIDE = {
    "plain": {},
    "prefetch": {"Sec-Purpose": "prefetch", "Purpose": "prefetch", "X-Moz": "prefetch"},
    "prerender": {"Sec-Purpose": "prefetch;prerender", "Sec-Speculation-Tags": "null"},
    "preview": {"X-Purpose": "preview", "Range": "bytes=0-1023"},
    "seen before": {"If-None-Match": "*", "If-Modified-Since": "Mon, 01 Mar 2027 12:00:00 GMT"},
    "an image": {"Accept": "image/*", "Sec-Fetch-Dest": "image", "Sec-Fetch-Mode": "no-cors"},
}
"""What else a request says that nobody's finger sent."""

MAILED: tuple[tuple[Purpose, str], ...] = (
    ("preferences", ""),
    ("preferences", "/why"),
    ("preferences", "/data"),
    ("preferences", "/renew"),
    ("questions", ""),
    ("questions", "/renew"),
    ("unsubscribe", ""),
    ("unsubscribe", "/why"),
    ("one-click", ""),
    ("data", ""),
)


@pytest.fixture
def person(each_world: World) -> Profile:
    return each_world.person(SAID)


def links(world: World, person: Profile) -> Iterator[str]:
    """Everything that stands in a message of ours, or behind such a link."""
    yield from (world.link(purpose, person) + more for purpose, more in MAILED)
    pending = world.person(SAID, email="new@example.com", pending=True)
    yield world.link("confirm", pending)
    until = int(world.clock().timestamp()) + 3600
    name = request_change(world.database, person, "moved@example.com", until)
    token = world.signer.mint("address", Link(person.site, name), world.clock())
    yield f"/n/{token}"


@pytest.mark.parametrize("agent", AGENTS)
def test_whoever_they_say_they_are_reading_changes_nothing(
    world: World, person_on_quick: Profile, agent: str
) -> None:
    found = list(links(world, person_on_quick))
    stored = world.dump()
    client = world.hurried_client()
    for address in found:
        for aside in ASIDE.values():
            headers = {"User-Agent": AGENTS[agent], **aside}
            for method in ("HEAD", "GET", "OPTIONS", "HEAD"):
                answer = client.open(address, method=method, headers=headers)
                assert answer.status_code == 200, (address, method)
    assert world.dump() == stored


def test_every_link_of_a_message_a_hundred_times_at_once(
    each_world: World, person: Profile
) -> None:
    found = list(links(each_world, person))
    stored = each_world.dump()

    def hammer(number: int) -> set[int]:
        client = each_world.hurried_client()
        method = client.head if number % 3 == 0 else client.get
        try:
            return {method(address).status_code for address in found}
        finally:
            each_world.database.close()

    with ThreadPoolExecutor(8) as threads:
        assert set().union(*threads.map(hammer, range(100))) == {200}
    assert each_world.dump() == stored


def test_who_also_follows_every_link_of_every_page_changes_nothing(
    world: World, person_on_quick: Profile
) -> None:
    met, waiting = set(), list(links(world, person_on_quick))
    stored = world.dump()
    client = world.client()
    while waiting:
        address = waiting.pop()
        if address in met or not address.startswith("/"):
            continue
        met.add(address)
        client.get(address)
        if client.document:
            found = client.document.all("a", "link")
            waiting += [urljoin(address, each.get("href", "")) for each in found]
    assert len(met) > 50
    assert world.dump() == stored


@pytest.fixture
def person_on_quick(world: World) -> Profile:
    return world.person(SAID)


def test_no_page_behind_a_link_sends_itself(world: World, person_on_quick: Profile) -> None:
    """Scanners run scripts: a page that would submit itself would leave for its reader."""
    client = world.client()
    for address in links(world, person_on_quick):
        answer = client.get(address)
        document = client.document
        assert document
        assert sends_itself(document) == []
        assert "Refresh" not in answer.headers


def sends_itself(document: Document) -> list[str]:
    """What could: script, also of events, and addresses that are fetched after a while."""
    return [
        f"<{each.tag}>"
        for each in document.elements
        if each.tag in {"script", "iframe", "object", "embed"}
        or "http-equiv" in each.attrib
        or any(name.startswith("on") for name in each.attrib)
        or each.get("href", "").startswith("javascript:")
    ]
