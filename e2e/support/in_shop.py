"""The key screens of the widget, in the pages of the demo shop."""

from __future__ import annotations

from functools import partial

from e2e.support.hosted import (
    ALL_QUESTIONS,
    PREFERENCES,
    SIGN_UP_HEADING,
    SUBSCRIBED,
    Screen,
    heading_of_stage,
    save_tips,
    save_without_address,
)
from e2e.support.tab import Tab
from e2e.support.world import EVERY_ROLE, World, skipped
from tests.support.words import said
from tests.support.words.preferences import SAVE
from tests.support.words.questions import SKIP
from tests.support.words.subscribe import SIGN_UP
from widget_backend.demo.shop import texts_in


def _shop_sign_up(tab: Tab, world: World, tag: str) -> None:
    tab.open(f"{world.shop}/?lang={tag}")
    tab.see("button", said(tag, SIGN_UP))


def _shop_sign_up_wrong(tab: Tab, world: World, tag: str) -> None:
    _shop_sign_up(tab, world, tag)
    tab.click("button", said(tag, SIGN_UP))
    tab.see("alert")


def _account(tab: Tab, world: World, tag: str, view: str = "preferences") -> None:
    world.sign_in(world.person(SUBSCRIBED, EVERY_ROLE).handle)
    tab.open(f"{world.shop}/account?lang={tag}&view={view}")
    tab.see("button", said(tag, SAVE))


def _account_saved(tab: Tab, world: World, tag: str) -> None:
    _account(tab, world, tag)
    save_tips(tab, tag)


def _account_wrong(tab: Tab, world: World, tag: str) -> None:
    _account(tab, world, tag)
    save_without_address(tab, tag)


def _order(tab: Tab, world: World, tag: str) -> None:
    world.sign_in(world.person(SUBSCRIBED, EVERY_ROLE).handle)
    tab.open(f"{world.shop}/order?lang={tag}")
    tab.see("button", said(tag, SKIP))


UNTIL_THE_LINK_IS_MINTED = """() => new Promise((done) => {
  const look = () => (document.querySelector('[mode=dialog][src]')
    ? done() : requestAnimationFrame(look));
  look();
})"""


def _dialog(tab: Tab, world: World, tag: str) -> None:
    world.sign_in(world.person(SUBSCRIBED | skipped(*ALL_QUESTIONS), EVERY_ROLE).handle)
    tab.open(f"{world.shop}/order?lang={tag}")
    tab.run(UNTIL_THE_LINK_IS_MINTED)  # before, a click opens the hosted page
    tab.click("link", texts_in(tag)("Change what you receive"))
    tab.see("button", said(tag, SAVE))


IN_SHOP = (
    Screen("shop: sign-up", _shop_sign_up, SIGN_UP_HEADING, in_widget=True),
    Screen("shop: sign-up with errors", _shop_sign_up_wrong, SIGN_UP_HEADING, in_widget=True),
    Screen("shop: preferences", _account, PREFERENCES, in_widget=True),
    Screen("shop: preferences saved", _account_saved, PREFERENCES, in_widget=True),
    Screen("shop: preferences with errors", _account_wrong, PREFERENCES, in_widget=True),
    Screen(
        "shop: questions", partial(_account, view="questions"), heading_of_stage("changes"), True
    ),
    Screen("shop: a prompt", _order, heading_of_stage("changes"), True),
    Screen("shop: a dialog", _dialog, PREFERENCES, True),
)
