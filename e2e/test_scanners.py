"""Scanners with a real browser: they run every script, follow every link and open links ahead.

Whatever they do before the reader of a message does anything, everything stored stays as it is.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from e2e.support.hosted import SUBSCRIBED
from e2e.support.pairs import in_chromium
from e2e.support.tab import Tab
from e2e.support.world import EVERY_ROLE, World
from e2e.widget.stub import Answer, running
from widget_backend.store.profiles import Profile

LOOK_AROUND = """() => {
  for (const each of document.querySelectorAll('details')) each.open = true;
  for (const each of document.querySelectorAll('a, button, input, select, summary')) each.focus();
  scrollTo(0, document.documentElement.scrollHeight);
  return [...document.links].map(({ href }) => href.split('#')[0]);
}"""
FETCH_ALL = """(urls) => Promise.all(urls.flatMap((url) => ['GET', 'HEAD'].map(
  (method) => fetch(url, { method, mode: 'no-cors', credentials: 'include' }).catch(() => null),
))).then((answers) => answers.length)"""


@pytest.fixture
def person(world: World) -> Iterator[Profile]:
    yield world.person(SUBSCRIBED, EVERY_ROLE)
    world.watch.forget()  # scanners try what pages forbid


def mailed(world: World, person: Profile) -> Iterator[str]:
    """Every link that stands in a message, and what is behind it."""
    for purpose in ("preferences", "questions", "unsubscribe"):
        link = world.link(purpose, person, "ar")  # type: ignore[arg-type]
        yield from (link, f"{link}/why", f"{link}/data")
    yield world.link("unsubscribe", person, topic="offers")
    yield world.link("one-click", person)
    yield world.link("data", person)
    yield world.link("confirm", world.person(SUBSCRIBED, pending=True))
    yield world.address_link(person)
    yield world.link("preferences", person).replace("/p/", "/q/")


@in_chromium
def test_who_runs_every_script_and_follows_every_link_changes_nothing(
    tab: Tab, world: World, person: Profile
) -> None:
    waiting = list(mailed(world, person))
    stored, met, sent = world.dump(), set[str](), len(world.watch.posts)
    for _ in range(2):
        found = []
        for url in waiting:
            tab.open(url)
            found += tab.run(LOOK_AROUND)
            met.add(url)
        ours = (each for each in dict.fromkeys(found) if each.startswith(world.backend))
        waiting = [each for each in ours if each not in met and not each.endswith("/download")]
    assert len(met) > 40
    assert world.dump() == stored
    assert world.watch.posts[sent:] == [], "no page sends itself"


def ahead(urls: list[str]) -> str:
    """A page that has a browser open these before anybody asks: ahead, in frames, as images."""
    rules = json.dumps({kind: [{"urls": urls, "eagerness": "immediate"}] for kind in KINDS})
    links = "".join(
        f'<link rel="prefetch" href="{url}"><link rel="prerender" href="{url}">'
        f'<iframe src="{url}"></iframe><img src="{url}" alt=""><a href="{url}">.</a>'
        for url in urls
    )
    script = f'<script type="speculationrules">{rules}</script>'
    return f"<!doctype html><title>Mail</title>{script}{links}"


KINDS = ("prefetch", "prerender")


def test_a_mail_program_that_opens_links_ahead_changes_nothing(
    tab: Tab, world: World, person: Profile
) -> None:
    urls = list(mailed(world, person))
    stored, sent = world.dump(), len(world.watch.posts)
    with running() as stub:
        stub.answers["GET /"] = Answer(ahead(urls))
        tab.open(f"{stub.origin}/")
        asked = tab.run(FETCH_ALL, urls)
    assert asked == 2 * len(urls)
    assert world.dump() == stored
    assert world.watch.posts[sent:] == []


SEND_ALL = """(urls) => Promise.all(urls.map((url) => fetch(url, {
  method: 'POST', mode: 'no-cors', body: new URLSearchParams('do=off'),
}).catch(() => null))).then((answers) => answers.length)"""


def test_a_page_that_sends_forms_to_every_link_is_refused(
    tab: Tab, world: World, person: Profile
) -> None:
    """Scanners were seen to send what scripts of a page made; another page's script can too."""
    # A mail program's one-click is such a form, and has no origin that could be asked for.
    urls = [url for url in mailed(world, person) if "/o/" not in url]
    stored = world.dump()
    with running() as stub:
        stub.answers["GET /"] = Answer("<!doctype html><title>Mail</title>")
        tab.open(f"{stub.origin}/")
        assert tab.run(SEND_ALL, urls) == len(urls)
    assert world.dump() == stored
