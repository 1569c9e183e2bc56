"""The demo site, walked from end to end in each language through both doors; all of it linted."""

from __future__ import annotations

import re
import unicodedata

import pytest

from tests.support.browsing import Reader
from tests.support.words import said
from tests.support.words.preferences import (
    PHONE_NUMBER,
    POSTAL_ADDRESS,
    SAVE,
    UNDO,
    how,
    how_often,
)
from tests.support.words.questions import ALL_FOR_NOW, STEP
from tests.support.words.subscribe import CHECK_EMAIL, EMAIL_ADDRESS, OPEN_EMAIL, SIGN_UP
from tests.support.worlds import DIMORA_SITE, World
from widget_backend.i18n.languages import language
from widget_backend.links import Purpose
from widget_backend.store.profiles import Profile

DOORS: dict[str, tuple[Purpose, str]] = {
    "hosted": ("questions", ""),
    "fragment": ("embed", "?view=questions"),
}


@pytest.fixture
def person(world: World) -> Profile:
    return world.person(site="dimora", roles=["professional", "owner-club"])


@pytest.mark.parametrize("door", ["preferences", "embed"])
def test_every_topic_every_way_and_back(
    world: World, person: Profile, tag: str, door: Purpose
) -> None:
    page = Reader(world.client()).open(world.link(door, person, tag))
    site = world.site(tag, "dimora")
    for topic in site.topics:
        assert page.says(topic.benefit)
        page.tick(topic.name)
        page.choose(how(tag, topic.name), topic.channels[-1])
        page.choose(how_often(tag, topic.name), topic.frequencies[-1])
    page.press(said(tag, SAVE))
    assert page.status == 422, "there is no phone number and no postal address yet"
    page.fill(said(tag, PHONE_NUMBER), "+355691234567")
    page.fill(said(tag, POSTAL_ADDRESS), "Rruga 1").press(said(tag, SAVE))
    assert page.status == 200
    for topic in site.topics:
        assert world.state(person)[f"topic:{topic.id}"] == {
            "on": True,
            "channel": topic.channels[-1],
            "frequency": topic.frequencies[-1],
        }
    page.press(said(tag, UNDO))
    assert not any(subject.startswith("topic:") for subject in world.state(person))


@pytest.mark.parametrize("door", DOORS)
def test_every_question_to_the_end(world: World, person: Profile, tag: str, door: str) -> None:
    purpose, query = DOORS[door]
    page = Reader(world.client()).open(world.link(purpose, person, tag) + query)
    steps = []
    while page.document.classed("stage"):
        steps.append(page.document.all("progress")[0].get("aria-label", ""))
        page.press(said(tag, SAVE))
        assert page.status == 422
        _answer_all(page)
        page.press(said(tag, SAVE))
        assert page.status == 200
    assert page.says(said(tag, ALL_FOR_NOW))
    total = len(DIMORA_SITE.site.stages)
    numbers = [re.findall(r"\d+", each)[0] for each in steps]
    assert numbers == [str(at) for at in range(1, total + 1)]
    certain = said(tag, STEP, number=total, total=total)
    assert steps[-1] == certain
    answered = {each for each in world.state(person) if each.startswith("answer:")}
    assert answered == {f"answer:{each.id}" for each in DIMORA_SITE.site.questions}


def _answer_all(page: Reader) -> None:
    """The first answer of each question, or a number, which is a text too."""
    met = set()
    for control in page.document.all("input"):
        name = control.get("name", "")
        if not name.startswith("answer-") or name in met:
            continue
        met.add(name)
        if control.get("type") in {"radio", "checkbox"}:
            control.set("checked", "")
        else:
            control.set("value", "٣")


def test_strangers_from_sign_up_to_the_last_question(world: World, tag: str) -> None:
    page = Reader(world.client()).open(f"/s/dimora/fragment?lang={tag}")
    topics = world.site(tag, "dimora").topics
    page.tick(topics[0].name).fill(said(tag, EMAIL_ADDRESS), "x@example.com")
    page.press(said(tag, SIGN_UP))
    while page.document.classed("stage"):
        _answer_all(page)
        page.press(said(tag, SAVE))
    assert page.heading == said(tag, CHECK_EMAIL)
    assert page.says(said(tag, OPEN_EMAIL))


def test_in_arabic_hardly_a_latin_word_is_left(world: World, person: Profile) -> None:
    """Names of languages, brands and example addresses are; sentences are not."""
    client = world.client()
    pending = world.person(site="dimora", email="b@example.com", pending=True)
    for path in (
        world.link("preferences", person, "ar"),
        world.link("unsubscribe", person, "ar"),
        world.link("questions", person, "ar"),
        world.link("answers", pending, "ar"),
        "/s/dimora?lang=ar",
        "/p/forged?lang=ar",
    ):
        page = Reader(client).open(path)
        letters = [each for each in page.text if each.isalpha()]
        arabic = [each for each in letters if unicodedata.name(each).startswith("ARABIC")]
        assert len(arabic) > 0.85 * len(letters), path
        assert not {"?", ",", ";"} & set(page.text), path
        assert not re.search("[٠-٩]", page.text), "digits are Latin ones everywhere"


def test_letters_that_arabic_and_albanian_need_come_through(world: World, person: Profile) -> None:
    for tag in ("sq", "ar"):
        answer = world.client().get(world.link("preferences", person, tag))
        assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
        assert language(tag).direction in answer.get_data(as_text=True)
        assert ("ë" if tag == "sq" else "ة") in answer.get_data(as_text=True)
