"""What stands on the form: offered topics, those for a role, and those that have vanished."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.browsing import Reader
from tests.support.steps import at
from tests.support.words import said
from tests.support.words.labels import GETS_TOPIC_NO_LONGER
from tests.support.words.preferences import SAVE, TOPICS_HAVE_CHANGED, UNDO, how, how_often
from tests.support.words.unsubscribe import UNSUBSCRIBE_FROM_EVERYTHING
from tests.support.worlds import (
    DECLINED,
    KUTIA,
    NEWS,
    NEWS_NAME,
    OFFERS,
    OFFERS_NAME,
    SAID,
    TIPS,
    TIPS_NAME,
    World,
    declaring,
    make_world,
    no,
    without_topic,
)
from widget_backend.store.profiles import Profile

PRICES = {"on": True, "channel": "email", "frequency": "weekly"}
MINIMAL = [("revision", "1"), ("do", "save")]


@pytest.fixture
def person(each_world: World) -> Profile:
    return each_world.person(SAID)


# ── absent means unticked only for what was offered ─────────────────────────────────────────


def test_only_offered_topics_can_be_unticked(each_world: World, person: Profile) -> None:
    """A hand-made, older or cut form turns nothing off that it did not show."""
    page = Reader(each_world.client())
    page.post(each_world.link("preferences", person), [*MINIMAL, ("offered", "offers")])
    state = each_world.state(person)
    assert (state["topic:offers"], state["topic:news"]) == (no(OFFERS), NEWS)


def test_an_unticked_topic_that_never_was_on_counts_as_a_no(
    each_world: World, person: Profile
) -> None:
    """So that no import turns it on later; what was not offered stays unsaid."""
    entries = [*MINIMAL, ("offered", "tips"), ("channel-tips", "email")]
    Reader(each_world.client()).post(each_world.link("preferences", person), entries)
    assert each_world.state(person)["topic:tips"] == DECLINED["topic:tips"]
    assert "topic:prices" not in each_world.state(person)


def test_turned_off_keeps_how_it_came(each_world: World, person: Profile) -> None:
    page = at(each_world, person).untick(NEWS_NAME)
    page.choose(how_often("en", NEWS_NAME), "daily").press(SAVE)
    assert each_world.state(person)["topic:news"] == no(NEWS)
    page.tick(NEWS_NAME).press(SAVE)
    assert each_world.state(person)["topic:news"] == NEWS


# ── roles ───────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("roles", "state", "is_shown"),
    [
        ([], {}, False),
        (["trade"], {}, True),
        (["other"], {}, False),
        ([], {"topic:prices": PRICES}, True),  # nobody keeps a topic they cannot leave
        ([], {"topic:prices": no(PRICES)}, False),
    ],
)
def test_topics_for_a_role_are_for_people_who_have_it(
    world: World, roles: list[str], state: dict[str, Any], is_shown: bool
) -> None:
    page = at(world, world.person({**SAID, **state}, roles=roles))
    assert page.says("Trade prices") == is_shown


def test_who_lacks_the_role_cannot_turn_its_topic_on(each_world: World, person: Profile) -> None:
    stored = each_world.dump()
    entries = [*MINIMAL, ("offered", "prices"), ("topic-prices", "on"), ("channel-prices", "email")]
    page = Reader(each_world.client()).post(each_world.link("preferences", person), entries)
    assert page.status == 422
    assert page.says(TOPICS_HAVE_CHANGED)
    assert each_world.dump() == stored


# ── a topic that vanished while people still hold it ────────────────────────────────────────


def test_a_vanished_topic_stays_in_what_is_stored(
    each_world: World, person: Profile, tag: str
) -> None:
    each_world.say(person, {"topic:tips": TIPS})
    before = each_world.ledger(person)
    smaller = make_world(each_world.database, [without_topic(KUTIA, "tips")])
    page = at(smaller, person, tag)
    assert not page.says(TIPS_NAME)
    page.untick(OFFERS_NAME).press(said(tag, SAVE))
    assert page.says(said(tag, GETS_TOPIC_NO_LONGER, topic=OFFERS_NAME))
    assert each_world.state(person)["topic:tips"] == TIPS
    assert each_world.ledger(person)[: len(before)] == before
    page.press(said(tag, UNSUBSCRIBE_FROM_EVERYTHING))
    page.press(said(tag, UNDO))
    assert each_world.state(person)["topic:tips"] == TIPS


def test_a_form_from_before_a_topic_vanished_says_so_and_still_leaves(world: World) -> None:
    person = world.person({**SAID, "topic:tips": TIPS})
    page = at(world, person).untick(OFFERS_NAME)
    entries = [*page.form("preferences"), ("do", "save")]
    smaller = make_world(world.database, [without_topic(KUTIA, "tips")])
    late = Reader(smaller.client()).post(smaller.link("preferences", person), entries)
    assert late.status == 422
    assert late.says(TOPICS_HAVE_CHANGED)
    state = world.state(person)
    assert (state["topic:offers"], state["topic:tips"]) == (no(OFFERS), TIPS)
    late.press(SAVE)
    assert late.status == 200


def test_a_notice_about_a_vanished_topic_is_passed_over(world: World) -> None:
    person = world.person({"topic:tips": TIPS})
    page = Reader(make_world(world.database, [without_topic(KUTIA, "tips")]).client())
    page.open(world.link("preferences", person) + "?saved=1")
    assert page.status == 200
    assert not page.says(TIPS_NAME)


def test_a_channel_that_is_no_longer_offered_becomes_the_first_that_is(world: World) -> None:
    person = world.person({"topic:offers": {**OFFERS, "channel": "sms"}})
    topics = tuple(
        topic if topic.id != "offers" else _with_channels(topic, ("post", "email"))
        for topic in KUTIA.site.topics
    )
    page = at(make_world(world.database, [declaring(KUTIA, topics=topics)]), person)
    assert page.status == 200
    assert page.value(how("en", OFFERS_NAME)) == "post"


def _with_channels(topic: Any, channels: tuple[str, ...]) -> Any:
    return type(topic)(**{**topic.__dict__, "channels": channels})
