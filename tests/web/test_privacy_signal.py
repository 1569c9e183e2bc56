"""Global Privacy Control: published, heard on every page, and nothing is stored for it."""

from __future__ import annotations

from datetime import date
from html import unescape

import pytest

from tests.support.browsing import Reader
from tests.support.linting import unpacked
from tests.support.words import said
from tests.support.words.preferences import SIGNAL_OBEYED
from tests.support.worlds import LANGUAGES, SAID, SHOP, World
from widget_backend.links import Purpose


def text_of(world: World, path: str, *signals: str) -> str:
    headers = [("Sec-GPC", each) for each in signals]
    answer = world.client().get(path, headers=[*headers, ("Origin", SHOP)])
    assert "Sec-GPC" in answer.headers["Vary"]
    return " ".join(unescape(unpacked(answer).decode()).split())


def test_the_host_says_that_it_obeys_and_since_when(world: World) -> None:
    answer = world.client().get("/.well-known/gpc.json")
    assert answer.mimetype == "application/json"
    statement = dict(answer.json or {})
    date.fromisoformat(statement.pop("lastUpdate"))
    assert statement == {"gpc": True}


@pytest.mark.parametrize("tag", LANGUAGES)
@pytest.mark.parametrize("purpose", ["preferences", "questions", "unsubscribe", "embed"])
def test_a_page_says_in_the_readers_language_that_the_signal_is_obeyed(
    world: World, purpose: Purpose, tag: str
) -> None:
    path = world.link(purpose, world.person(SAID), tag)
    sentence = said(tag, SIGNAL_OBEYED)
    assert sentence in text_of(world, path, "1")
    assert sentence not in text_of(world, path), "the next reader has no such browser"


@pytest.mark.parametrize(
    ("signals", "is_obeyed"),
    [
        (("1",), True),
        (("0", "1"), True),
        (("1", "1"), True),
        ((), False),
        (("",), False),
        (("0",), False),
        (("true",), False),
        (("11",), False),
        (("1;q=1",), False),
    ],
)
def test_only_the_value_1_is_a_signal(
    world: World, signals: tuple[str, ...], is_obeyed: bool
) -> None:
    assert (SIGNAL_OBEYED in text_of(world, "/s/kutia", *signals)) == is_obeyed


def test_the_signal_changes_nothing_that_is_stored(each_world: World) -> None:
    """It is no choice about messages either: they go on as they were chosen."""
    person = each_world.person(SAID)
    stored = each_world.dump()
    page = Reader(each_world.client())
    page.headers["Sec-GPC"] = "1"
    page.open(each_world.link("preferences", person))
    assert each_world.dump() == stored
