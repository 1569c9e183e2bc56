"""The key screens of the hosted page: how each is reached, and what its heading says."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from e2e.support.keyboard import walk_to_button
from e2e.support.tab import Tab
from e2e.support.world import EVERY_ROLE, World, skipped, topic
from widget_backend.i18n.languages import Language, language

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


def word(tag: str, text: str) -> str:
    """One of our words, in a language."""
    return language(tag).translations.gettext(text)


def _about(text: str) -> SAYS:
    """A text of ours that names the site."""
    return lambda world, spoken: (
        spoken.translations.gettext(text) % {"site": world.site(spoken.tag).name}
    )


def _plain(text: str) -> SAYS:
    return lambda world, spoken: spoken.translations.gettext(text)


def heading_of_stage(name: str) -> SAYS:
    return lambda world, spoken: world.site(spoken.tag).stage(name).title


def _question(name: str) -> SAYS:
    return lambda world, spoken: world.site(spoken.tag).question(name).text


PREFERENCES = _about("What %(site)s sends you")
SIGN_UP = _about("Hear from %(site)s")
HELD = _plain("The data we hold about you")

# ── preferences ─────────────────────────────────────────────────────────────────────────────

SUBSCRIBED = {"topic:offers": topic("email", "weekly"), "topic:news": topic()}


def _preferences(tab: Tab, world: World, tag: str) -> None:
    tab.open(world.link("preferences", world.person(SUBSCRIBED, EVERY_ROLE), tag))


def save_without_address(tab: Tab, tag: str) -> None:
    """Asks for offers by post, and to be called, without having said where."""
    tab.run(CHOOSE, "channel-offers", "post")
    tab.run(CHOOSE, "channel-professionals", "phone")
    tab.click("button", word(tag, "Save"))
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
    tab.click("button", word(tag, "Save"))
    tab.see("status")


def _preferences_wrong(tab: Tab, world: World, tag: str) -> None:
    _preferences(tab, world, tag)
    save_without_address(tab, tag)


def _preferences_stale(tab: Tab, world: World, tag: str) -> None:
    person = world.person(SUBSCRIBED, EVERY_ROLE)
    tab.open(world.link("preferences", person, tag))
    world.say(person, {"topic:offers": topic("post", "monthly"), "contact:post": "Rruga 1"})
    tab.click("button", word(tag, "Save"))
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
    tab.click("button", word(tag, "Save"))
    tab.see("alert")


def _questions_done(tab: Tab, world: World, tag: str) -> None:
    tab.open(world.link("questions", world.person(skipped(*ALL_QUESTIONS)), tag))


# ── other hosted pages ──────────────────────────────────────────────────────────────────────


def _unsubscribe(tab: Tab, world: World, tag: str) -> None:
    tab.open(world.link("unsubscribe", world.person(SUBSCRIBED), tag))


def _unsubscribed(tab: Tab, world: World, tag: str) -> None:
    _unsubscribe(tab, world, tag)
    tab.click("button", word(tag, "Unsubscribe"))
    tab.see("button", word(tag, "Undo"))


def _unsubscribe_from_topic(tab: Tab, world: World, tag: str) -> None:
    tab.open(world.link("unsubscribe", world.person(SUBSCRIBED), tag, topic="offers"))


def _left_topic(tab: Tab, world: World, tag: str) -> None:
    _unsubscribe_from_topic(tab, world, tag)
    walk_to_button(tab, word(tag, "Unsubscribe"))
    tab.press("Enter")
    tab.see("button", word(tag, "Undo"))


def _topic_named(text: str) -> SAYS:
    return lambda world, spoken: (
        spoken.translations.gettext(text) % {"topic": world.site(spoken.tag).topic("offers").name}
    )


def _sign_up(tab: Tab, world: World, tag: str) -> None:
    tab.open(f"{world.backend}/s/{world.home}?lang={tag}")


def _sign_up_wrong(tab: Tab, world: World, tag: str) -> None:
    _sign_up(tab, world, tag)
    tab.click("button", word(tag, "Sign up"))
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
    tab.open(world.link("data", world.person(said, EVERY_ROLE), tag))


def _data_wrong(tab: Tab, world: World, tag: str) -> None:
    _data(tab, world, tag)
    tab.click("button", word(tag, "Send confirmation email"))
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
    Screen(
        "questions done", _questions_done, _plain("There are no questions for you at the moment")
    ),
    Screen("unsubscribe", _unsubscribe, _about("Unsubscribe from everything that %(site)s sends")),
    Screen("unsubscribed", _unsubscribed, _plain("You are unsubscribed from everything")),
    Screen(
        "unsubscribe from a topic",
        _unsubscribe_from_topic,
        _topic_named("Unsubscribe from “%(topic)s”"),
    ),
    Screen("left a topic", _left_topic, _topic_named("You no longer get “%(topic)s”")),
    Screen("sign-up", _sign_up, SIGN_UP),
    Screen("sign-up with errors", _sign_up_wrong, SIGN_UP),
    Screen("expired link", _expired, _plain("This link has expired")),
    Screen("forged link", _forged, _plain("This link is not complete")),
    Screen("why", partial(_behind, "/why"), _plain("Why do I get this?")),
    Screen("a code for one's data", partial(_behind, "/data"), HELD),
    Screen("one's data", _data, HELD),
    Screen("one's data with errors", _data_wrong, HELD),
    Screen("a new link", partial(_behind, "/renew"), _plain("Get a new link")),
    Screen("a lost link", _lost_link, _plain("Get a link to your choices")),
    Screen("a new address", _new_address, _plain("Confirm your new address")),
    Screen("confirm", _confirm, _about("Confirm that you want to hear from %(site)s")),
)
