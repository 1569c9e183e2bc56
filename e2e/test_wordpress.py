"""The block of the plugin in a real WordPress, in a browser."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from urllib.parse import quote

import pytest

from e2e.support.engines import Engines
from e2e.support.hosted import SUBSCRIBED
from e2e.support.tab import PlaywrightTab
from e2e.support.world import EVERY_ROLE, World, served
from tests.support.wordpress import ADMIN, KEY, PASSWORD, WordPress, demand_wordpress, wordpress
from tests.support.words import said
from tests.support.words.preferences import SAVE, SAVED
from tests.support.words.subscribe import EMAIL_ADDRESS
from widget_backend.app import create_app
from widget_backend.signing import Signer

BLOCK = '<!-- wp:preference-widget/form {"lang":"LANG"} /-->'

demand_wordpress()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WordPress]:
    with wordpress(tmp_path_factory.mktemp("wordpress")) as running:
        yield running


@contextmanager
def backend_for(site: WordPress, world: World) -> Iterator[str]:
    """The backend of a site that lists this WordPress, with the key that the plugin signs with."""
    own = world.sites[world.home]
    spoken = {tag: replace(each, origins=(site.home,)) for tag, each in own.in_locale.items()}
    listed = replace(own, site=replace(own.site, origins=(site.home,)), in_locale=spoken)
    with served(create_app([listed], world.database, Signer([KEY]))) as backend:
        site.set_up(backend, world.home)
        yield backend


@pytest.fixture
def tab(engines: Engines, site: WordPress, world: World) -> Iterator[PlaywrightTab]:
    with backend_for(site, world), engines.tab("chromium") as opened:
        assert isinstance(opened, PlaywrightTab)
        yield opened


def sign_in(tab: PlaywrightTab, site: WordPress, name: str, page: str) -> None:
    """And open this page, without one of WordPress's own in between."""
    tab.open(f"{site.home}/wp-login.php?redirect_to={quote(page, safe='')}")
    tab.page.fill("#user_login", name)
    tab.page.fill("#user_pass", PASSWORD)
    tab.page.click("#wp-submit")
    tab.page.wait_for_url(page)


@pytest.mark.parametrize("language", ["en", "sq", "ar"])
def test_a_stranger_gets_the_form_for_everybody_in_the_page(
    tab: PlaywrightTab, site: WordPress, language: str
) -> None:
    tab.open(site.home + site.page(BLOCK.replace("LANG", language)))
    tab.see("textbox", said(language, EMAIL_ADDRESS))
    assert tab.script_errors() == []


def test_who_is_signed_in_sees_and_saves_their_own_choices(
    tab: PlaywrightTab, site: WordPress, world: World
) -> None:
    person = world.person(SUBSCRIBED, EVERY_ROLE)
    site.user("mira", person.handle)
    page = site.home + site.page(BLOCK.replace("LANG", "en"))
    sign_in(tab, site, "mira", page)
    tab.click("checkbox", world.site("en").topic("tips").name)
    tab.click("button", SAVE)
    tab.see("heading", SAVED)
    assert world.state(person)["topic:tips"]["on"]
    assert tab.script_errors() == []


def test_the_editor_shows_the_block_with_its_settings(tab: PlaywrightTab, site: WordPress) -> None:
    number = site.page(BLOCK.replace("LANG", "sq")).rpartition("=")[2]
    sign_in(tab, site, ADMIN, f"{site.home}/wp-admin/post.php?post={number}&action=edit")
    tab.page.locator(".components-modal__screen-overlay").wait_for()
    tab.press("Escape")  # the welcome of a first visit
    # In newer WordPress, what is edited is in a frame of its own.
    block, frame = "[data-type='preference-widget/form']", "iframe[name=editor-canvas]"
    tab.page.locator(f"{block}, {frame}").first.wait_for()
    inside = tab.page.frame_locator(frame) if tab.page.locator(frame).count() else tab.page
    shown = inside.locator(block)
    shown.get_by_text("Zgjidhni si").wait_for()
    shown.click()
    tab.see("combobox", "Language")
    assert tab.page.get_by_role("combobox", name="Language").input_value() == "sq"
