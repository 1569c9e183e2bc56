"""What assistive technology says of a topic's tick: what it is good for, then how it comes."""

from __future__ import annotations

import pytest

from tests.support.browsing import Reader, text
from tests.support.steps import DOORS
from tests.support.worlds import NEWS, NEWS_NAME, OFFERS_NAME, SAID, TIPS_NAME, World
from widget_backend.i18n.languages import language
from widget_backend.links import Purpose
from widget_backend.text import sentence_start
from widget_backend.web.labels import channel_name, frequency_name

LINKS: tuple[Purpose, ...] = ("preferences", "embed")
BY_POST = {**NEWS, "channel": "post", "frequency": "daily"}
BENEFITS = {
    OFFERS_NAME: "You pay less than <i>others</i>.",
    NEWS_NAME: "You see it first.",
    TIPS_NAME: "You make more of it.",
}


def description(page: Reader, topic: str) -> str:
    """The texts that the tick names as its description, in their order."""
    names = page.control(topic).get("aria-describedby", "").split()
    return " ".join(text(page.document.ids[each]) for each in names)


def described(tag: str, topic: str, channel: str, frequency: str) -> str:
    speak = language(tag)
    between = speak.pgettext("between items of a list", ", ")
    comes = between.join((channel_name(speak, channel), frequency_name(speak, frequency)))
    return f"{BENEFITS[topic]} {sentence_start(comes)}"


@pytest.mark.parametrize("door", LINKS)
def test_a_topics_tick_is_described_by_its_benefit_and_by_how_it_comes(
    world: World, tag: str, door: Purpose
) -> None:
    """As it was chosen; where nothing was, as it would come."""
    person = world.person({**SAID, "topic:news": BY_POST, "contact:post": "1 Street, Town"})
    page = Reader(world.client()).open(world.link(door, person, tag))
    for topic, channel, frequency in [
        (OFFERS_NAME, "email", "weekly"),
        (NEWS_NAME, "post", "daily"),
        (TIPS_NAME, "email", "quarterly"),
    ]:
        assert description(page, topic) == described(tag, topic, channel, frequency)


@pytest.mark.parametrize("address", DOORS)
def test_at_sign_up_it_is_described_by_how_it_comes_at_first(
    world: World, tag: str, address: str
) -> None:
    page = Reader(world.client()).open(f"{address}?lang={tag}")
    frequencies = {each.name: each.frequencies[0] for each in world.site(tag).topics}
    for topic in BENEFITS:
        assert description(page, topic) == described(tag, topic, "email", frequencies[topic])
