"""The key screens of the hosted page: how each is reached, and what its heading says."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from e2e.support.keyboard import walk_to_button
from e2e.support.tab import Tab
from e2e.support.world import EVERY_ROLE, World, skipped, topic
from tests.support.words import Text, said
from tests.support.words.account import (
    CONFIRM_NEW_ADDRESS,
    DATA_HEADING,
    GET_LINK,
    GET_NEW_LINK,
    SEND_CONFIRMATION,
)
from tests.support.words.errors import LINK_EXPIRED, LINK_INCOMPLETE
from tests.support.words.preferences import SAVE, UNDO, WHAT_SITE_SENDS
from tests.support.words.questions import NO_QUESTIONS
from tests.support.words.subscribe import CONFIRM_HEADING, HEAR_FROM_SITE, SIGN_UP
from tests.support.words.unsubscribe import (
    LEFT_TOPIC,
    UNSUBSCRIBE,
    UNSUBSCRIBE_FROM_SITE,
    UNSUBSCRIBE_FROM_TOPIC,
    UNSUBSCRIBED,
    WHY,
)
from widget_backend.i18n.languages import Language

OPENS = Callable[[Tab, World, str], None]
"""Brings a tab to a screen in the language of this tag."""

SAYS = Callable[[World, Language], str]


@dataclass(frozen=True)
class Screen:
    """`heading` is that of the first level, in the widget that of the second."""

    name: str
    open: OPENS
    heading: SAYS
    in_widget: bool = False

    def __str__(self) -> str:
        return self.name


# ── words ───────────────────────────────────────────────────────────────────────────────────


def _about(text: Text) -> SAYS:
    """A text of ours that names the site."""
    return lambda world, spoken: said(spoken.tag, text, site=world.site(spoken.tag).name)


def _plain(text: Text) -> SAYS:
    return lambda world, spoken: said(spoken.tag, text)


def heading_of_stage(name: str) -> SAYS:
    return lambda world, spoken: world.site(spoken.tag).stage(name).title


def _question(name: str) -> SAYS:
    return lambda world, spoken: world.site(spoken.tag).question(name).text


PREFERENCES = _about(WHAT_SITE_SENDS)
SIGN_UP_HEADING = _about(HEAR_FROM_SITE)
HELD = _plain(DATA_HEADING)

# ── preferences ─────────────────────────────────────────────────────────────────────────────

SUBSCRIBED = {"topic:offers": topic("email", "weekly"), "topic:news": topic()}


def _preferences(tab: Tab, world: World, tag: str) -> None:
    tab.open(world.link("preferences", world.person(SUBSCRIBED, EVERY_ROLE), tag))


def save_without_address(tab: Tab, tag: str) -> None:
    """Asks for offers by post, and to be called, without having said where."""
    tab.run(CHOOSE, "channel-offers", "post")
    tab.run(CHOOSE, "channel-professionals", "phone")
    tab.click("button", said(tag, SAVE))
    tab.see("alert")


CHOOSE = """(id, value) => {
  const root = document.querySelector('preference-widget')?.shadowRoot ?? document;
  root.getElementById(id).value = value;
  const topic = root.getElementById(id.replace('channel', 'topic'));
  if (topic) topic.checked = true;
}"""
TICK = """(...ids) => {
  const root = document.querySelector('preference-widget')?.shadowRoot ?? document;
  for (const id of ids) root.getElementById(id).checked = true;
}"""


def _preferences_saved(tab: Tab, world: World, tag: str) -> None:
    _preferences(tab, world, tag)
    save_tips(tab, tag)


def save_tips(tab: Tab, tag: str) -> None:
    tab.run(TICK, "topic-tips")
    tab.click("button", said(tag, SAVE))
    tab.see("status")


def _preferences_wrong(tab: Tab, world: World, tag: str) -> None:
    _preferences(tab, world, tag)
    save_without_address(tab, tag)


def _preferences_stale(tab: Tab, world: World, tag: str) -> None:
    person = world.person(SUBSCRIBED, EVERY_ROLE)
    tab.open(world.link("preferences", person, tag))
    world.say(person, {"topic:offers": topic("post", "monthly"), "contact:post": "Rruga 1"})
    tab.click("button", said(tag, SAVE))
    tab.see("alert")


def _preferences_paused(tab: Tab, world: World, tag: str) -> None:
    overall = {"overall": {"reach": "paused", "until": "2027-02-21"}}
    tab.open(world.link("preferences", world.person({**SUBSCRIBED, **overall}), tag))


# ── questions ───────────────────────────────────────────────────────────────────────────────

BEFORE = {
    "plans": ("moved", "wedding"),
    "taste": ("moved", "wedding", "kitchen", "next-room"),
    "home": ("moved", "wedding", "kitchen", "next-room", "style", "colours"),
}
BEFORE["family"] = (*BEFORE["home"], "home", "rooms")
BEFORE["budget"] = (*BEFORE["family"], "household", "children")
ALL_QUESTIONS = (*BEFORE["budget"], "income")


def _questions(stage: str, tab: Tab, world: World, tag: str) -> None:
    person = world.person(skipped(*BEFORE.get(stage, ())))
    tab.open(world.link("questions", person, tag))


def _questions_wrong(tab: Tab, world: World, tag: str) -> None:
    _questions("home", tab, world, tag)
    tab.run(TICK, "answer-rooms-living", "answer-rooms--none")
    tab.click("button", said(tag, SAVE))
    tab.see("alert")


def _questions_done(tab: Tab, world: World, tag: str) -> None:
    tab.open(world.link("questions", world.person(skipped(*ALL_QUESTIONS)), tag))


# ── other hosted pages ──────────────────────────────────────────────────────────────────────


def _unsubscribe(tab: Tab, world: World, tag: str) -> None:
    tab.open(world.link("unsubscribe", world.person(SUBSCRIBED), tag))


def _unsubscribed(tab: Tab, world: World, tag: str) -> None:
    _unsubscribe(tab, world, tag)
    tab.click("button", said(tag, UNSUBSCRIBE))
    tab.see("button", said(tag, UNDO))


def _unsubscribe_from_topic(tab: Tab, world: World, tag: str) -> None:
    tab.open(world.link("unsubscribe", world.person(SUBSCRIBED), tag, topic="offers"))


def _left_topic(tab: Tab, world: World, tag: str) -> None:
    _unsubscribe_from_topic(tab, world, tag)
    walk_to_button(tab, said(tag, UNSUBSCRIBE))
    tab.press("Enter")
    tab.see("button", said(tag, UNDO))


def _topic_named(text: Text) -> SAYS:
    return lambda world, spoken: said(
        spoken.tag, text, topic=world.site(spoken.tag).topic("offers").name
    )


def _sign_up(tab: Tab, world: World, tag: str) -> None:
    tab.open(f"{world.backend}/s/{world.home}?lang={tag}")


def _sign_up_wrong(tab: Tab, world: World, tag: str) -> None:
    _sign_up(tab, world, tag)
    tab.click("button", said(tag, SIGN_UP))
    tab.see("alert")


def _expired(tab: Tab, world: World, tag: str) -> None:
    lives = timedelta(days=-3)
    tab.open(world.link("preferences", world.person(SUBSCRIBED), tag, lives))


def _forged(tab: Tab, world: World, tag: str) -> None:
    tab.open(f"{world.link('preferences', world.person(), tag)[:-9]}?lang={tag}")


# ── what is behind a link ───────────────────────────────────────────────────────────────────


def _behind(more: str, tab: Tab, world: World, tag: str) -> None:
    tab.open(world.link("preferences", world.person(SUBSCRIBED), tag) + more)


def _data(tab: Tab, world: World, tag: str) -> None:
    said = {**SUBSCRIBED, **skipped(*BEFORE["taste"]), "contact:phone": "+355691234567"}
    person = world.person(said, EVERY_ROLE)
    world.bring(person, country="AL", spent=1234.5)
    tab.open(world.link("data", person, tag))


def _data_wrong(tab: Tab, world: World, tag: str) -> None:
    _data(tab, world, tag)
    tab.click("button", said(tag, SEND_CONFIRMATION))
    tab.see("alert")


def _confirm(tab: Tab, world: World, tag: str) -> None:
    somebody = world.person({"topic:news": topic()}, email="new@example.com", pending=True)
    tab.open(world.link("confirm", somebody, tag))


def _lost_link(tab: Tab, world: World, tag: str) -> None:
    tab.open(f"{world.backend}/s/{world.home}/link?lang={tag}")


def _new_address(tab: Tab, world: World, tag: str) -> None:
    tab.open(world.address_link(world.person(SUBSCRIBED), tag))


HOSTED = (
    Screen("preferences", _preferences, PREFERENCES),
    Screen("preferences saved", _preferences_saved, PREFERENCES),
    Screen("preferences with errors", _preferences_wrong, PREFERENCES),
    Screen("preferences changed meanwhile", _preferences_stale, PREFERENCES),
    Screen("preferences paused", _preferences_paused, PREFERENCES),
    Screen("two questions", partial(_questions, "changes"), heading_of_stage("changes")),
    Screen("a choice and a text", partial(_questions, "plans"), heading_of_stage("plans")),
    Screen("pictures and colours", partial(_questions, "taste"), heading_of_stage("taste")),
    Screen("one and several", partial(_questions, "home"), heading_of_stage("home")),
    Screen("a number", partial(_questions, "family"), heading_of_stage("family")),
    Screen("a question alone", partial(_questions, "budget"), _question("income")),
    Screen("questions with errors", _questions_wrong, heading_of_stage("home")),
    Screen("questions done", _questions_done, _plain(NO_QUESTIONS)),
    Screen("unsubscribe", _unsubscribe, _about(UNSUBSCRIBE_FROM_SITE)),
    Screen("unsubscribed", _unsubscribed, _plain(UNSUBSCRIBED)),
    Screen(
        "unsubscribe from a topic",
        _unsubscribe_from_topic,
        _topic_named(UNSUBSCRIBE_FROM_TOPIC),
    ),
    Screen("left a topic", _left_topic, _topic_named(LEFT_TOPIC)),
    Screen("sign-up", _sign_up, SIGN_UP_HEADING),
    Screen("sign-up with errors", _sign_up_wrong, SIGN_UP_HEADING),
    Screen("expired link", _expired, _plain(LINK_EXPIRED)),
    Screen("forged link", _forged, _plain(LINK_INCOMPLETE)),
    Screen("why", partial(_behind, "/why"), _plain(WHY)),
    Screen("a code for one's data", partial(_behind, "/data"), HELD),
    Screen("one's data", _data, HELD),
    Screen("one's data with errors", _data_wrong, HELD),
    Screen("a new link", partial(_behind, "/renew"), _plain(GET_NEW_LINK)),
    Screen("a lost link", _lost_link, _plain(GET_LINK)),
    Screen("a new address", _new_address, _plain(CONFIRM_NEW_ADDRESS)),
    Screen("confirm", _confirm, _about(CONFIRM_HEADING)),
)
