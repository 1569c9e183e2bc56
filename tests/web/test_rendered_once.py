"""What is rendered once for all is right for each: pages are the same, whoever was there before."""

from __future__ import annotations

from datetime import timedelta
from itertools import product

import pytest

from tests.support.worlds import LANGUAGES, LESS, NEWS, OFF, OFFERS, World, no
from widget_backend.web import templates

PAUSED = {"reach": "paused", "until": "2027-06-01"}
STATES = {
    "new": {},
    "some topics": {"language": "en", "topic:offers": OFFERS, "topic:news": no(NEWS)},
    "a phone number": {"contact:phone": "+355691234567"},
    "a postal address": {"contact:post": "Rruga e Durrësit 1"},
    "another language": {"language": "ar"},
    "less": {"overall": LESS},
    "off": {"overall": OFF},
    "paused": {"overall": PAUSED},
}
STALE = {"revision": "0", "offered": "offers", "do": "save"}
"""Of who has said something since, so that the form comes back, whatever was typed in it."""
SENT = {
    "nothing": STALE,
    "a number": {**STALE, "phone": "+355 69 123 4567"},
    "an address": {**STALE, "post": "Rruga e Kavajës 2"},
    "a language": {**STALE, "language": "sq", "language-shown": "en"},
    "the same language": {**STALE, "language": "sq", "language-shown": "sq"},
    "a mistake": {**STALE, "do": "pause:2011-01-01"},
}


@pytest.fixture
def links(world: World) -> dict[str, str]:
    return {
        name: world.link("preferences", world.person(state, email=f"{number}@example.com"))
        for number, (name, state) in enumerate(STATES.items())
    }


def read(world: World, link: str, tag: str, sent: str | None = None) -> str:
    """The page, or the form that comes back."""
    client, address = world.hurried_client(), f"{link}?lang={tag}"
    answer = client.post(address, data=SENT[sent]) if sent else client.get(address)
    assert answer.status_code == (200 if sent is None else 422 if sent == "a mistake" else 409)
    return answer.get_data(as_text=True)


def test_a_page_is_the_same_whoever_was_there_before(world: World, links: dict[str, str]) -> None:
    cases = [
        *((name, tag, None) for name, tag in product(links, LANGUAGES)),
        *(("some topics", tag, sent) for tag, sent in product(LANGUAGES, SENT)),
    ]
    alone = {}
    for case in cases:
        templates.environment.cache_clear()
        name, *how = case
        alone[case] = read(world, links[name], *how)
    for case in cases[::-1] + cases:
        name, *how = case
        assert read(world, links[name], *how) == alone[case], case


def test_a_page_of_the_next_day_offers_other_days(world: World, links: dict[str, str]) -> None:
    today = read(world, links["new"], "en")
    world.clock.pass_by(days=1)
    until = world.clock().date() + timedelta(days=30)
    assert f"pause:{until}" in read(world, links["new"], "en")
    assert f"pause:{until}" not in today


@pytest.mark.parametrize("away", [True, False])
def test_in_a_frame_links_of_others_open_outside(
    world: World, links: dict[str, str], away: bool
) -> None:
    where = {"Sec-Fetch-Dest": "iframe" if away else "document"}
    page = world.hurried_client().get(links["new"], headers=where).get_data(as_text=True)
    assert (' target="_blank"' in page) == away
