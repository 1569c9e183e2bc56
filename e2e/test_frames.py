"""The hosted page in a frame of somebody else's page, without cookies: listed or refused."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest
from playwright.sync_api import Locator

from e2e.support.browsers import ENGINES
from e2e.support.engines import Engines
from e2e.support.hosted import SUBSCRIBED
from e2e.support.tab import PlaywrightTab, Tab
from e2e.support.webkit import WebDriverTab
from e2e.support.world import World, served
from e2e.widget.stub import Answer, Stub, running
from tests.support.words import said
from tests.support.words.preferences import SAVE, SAVED, WHAT_SITE_SENDS
from widget_backend.app import create_app

OURS = said("en", WHAT_SITE_SENDS, site="Dimora")
LOADED = (
    "document.querySelector('iframe').addEventListener('load', () => { document.title = 'in' })"
)
PAGE = f"""<!doctype html><html lang="en"><meta charset="utf-8"><title>Account</title>
  <h1>Account</h1><iframe title="Your choices" width="600" height="700"></iframe>
  <script>{LOADED}; document.querySelector('iframe').src = location.hash.slice(1)</script>"""


@contextmanager
def framing(stub: Stub, world: World) -> Iterator[str]:
    """The backend as a site serves it that lists one of the stub's two origins; its own origin."""
    own = world.sites[world.home]
    site = replace(own.site, frame_origins=(stub.shop,))
    spoken = {tag: replace(each, frame_origins=(stub.shop,)) for tag, each in own.in_locale.items()}
    listed = replace(own, site=site, in_locale=spoken)
    with served(create_app([listed], world.database, world.signer, world.clock)) as backend:
        policy = f"default-src 'none'; script-src 'unsafe-inline'; frame-src {backend}"
        stub.answers["GET /"] = Answer(PAGE, headers={"Content-Security-Policy": policy})
        yield backend


def open_frame(tab: Tab, origin: str, address: str) -> None:
    """Opens the page and waits until its frame has loaded, whatever came."""
    tab.open(f"{origin}/?{address.rpartition('/')[2][:20]}#{address}")
    tab.run(
        """() => new Promise((done) => {
          const look = () => document.title === 'in' ? done() : requestAnimationFrame(look);
          look();
        })"""
    )


@contextmanager
def inside(tab: Tab) -> Iterator[Tab]:
    """The same tab, looking into the frame."""
    if isinstance(tab, WebDriverTab):
        tab.driver.switch_to.frame(0)
        yield tab
        tab.driver.switch_to.default_content()
    else:
        assert isinstance(tab, PlaywrightTab)
        yield _Framed(tab.engine, tab.page)


class _Framed(PlaywrightTab):
    def _find(self, role: Any, name: str) -> Locator:
        return self.page.frame_locator("iframe").get_by_role(role, name=name)


@pytest.mark.parametrize("engine", ENGINES)
def test_a_listed_page_shows_it_and_saves_in_it_and_another_is_refused(
    engine: str, engines: Engines, world: World
) -> None:
    person = world.person(SUBSCRIBED)
    with running() as stub, framing(stub, world) as backend, engines.tab(engine, "cookies") as tab:
        address = world.link("preferences", person).replace(world.backend, backend)
        open_frame(tab, stub.origin, address)
        with inside(tab) as frame:
            # Firefox has headings of its own to say that it shows nothing.
            assert frame.count("heading", OURS) == 0
        open_frame(tab, stub.shop, address)
        with inside(tab) as frame:
            assert frame.count("heading", OURS) == 1
            frame.click("checkbox", world.site("en").topic("tips").name)
            frame.click("button", SAVE)
            frame.see("heading", SAVED)
        assert world.state(person)["topic:tips"]["on"]
