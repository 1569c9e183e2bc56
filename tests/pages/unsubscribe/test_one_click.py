"""One-click (RFC 8058): a POST that says so leaves at once, and nothing else does anything."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from werkzeug.test import TestResponse

from tests.support.browsing import Reader
from tests.support.words import said
from tests.support.words.errors import NOTHING_CHANGED
from tests.support.words.preferences import UNDO
from tests.support.words.unsubscribe import LEFT_TOPIC, UNSUBSCRIBE_FROM_TOPIC
from tests.support.worlds import (
    DIMORA_SITE,
    NEWS,
    OFF,
    OFFERS,
    OFFERS_NAME,
    SAID,
    World,
    make_world,
    no,
)
from widget_backend.links import Link
from widget_backend.signing import Signer
from widget_backend.store.profiles import Profile

SAYS = {"List-Unsubscribe": "One-Click"}


@pytest.fixture
def person(each_world: World) -> Profile:
    return each_world.person(SAID)


def address(world: World, person: Profile, topic: str | None = None, **known: str) -> str:
    link = Link(person.site, person.handle, topic=topic, **known)
    return f"/o/{world.signer.mint('one-click', link, world.clock())}"


def press(world: World, at: str, body: object = SAYS, **more: object) -> TestResponse:
    """As a mail provider does: no cookie, no origin, nothing that a browser would send."""
    return world.client().post(at, data=body, **more)


@pytest.mark.parametrize(
    "kind", ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x"]
)
def test_it_is_in_effect_before_the_answer(each_world: World, person: Profile, kind: str) -> None:
    answer = press(each_world, address(each_world, person), SAYS, content_type=kind)
    assert answer.status_code == 200
    assert "Location" not in answer.headers
    assert each_world.state(person) == {**person.state, "overall": OFF}
    assert each_world.ledger(person)[-1].door == "one-click"


def test_a_campaigns_link_leaves_its_topic_and_no_other(each_world: World, person: Profile) -> None:
    at = address(each_world, person, "offers", campaign="spring")
    assert press(each_world, at).status_code == 200
    assert each_world.state(person) == {**person.state, "topic:offers": no(OFFERS)}


def test_a_topic_that_was_never_chosen_is_left_all_the_same(world: World) -> None:
    """An import elsewhere may have sent it: the no counts, and no import turns it on later."""
    person = world.person({"topic:news": NEWS})
    press(world, address(world, person, "offers"))
    assert world.state(person)["topic:offers"] == no(OFFERS)


def test_pressed_a_thousand_times_it_is_one_record(world: World) -> None:
    person = world.person(SAID)
    at, client = address(world, person), world.hurried_client()
    assert {client.post(at, data=SAYS).status_code for _ in range(1000)} == {200}
    assert len(world.ledger(person)) == 2


BODIES = {
    "nothing": {},
    "another value": {"List-Unsubscribe": "one-click"},
    "another name": {"list-unsubscribe": "One-Click"},
    "the page's button": {"do": "off"},
    "the value of a header": {"List-Unsubscribe-Post": "List-Unsubscribe=One-Click"},
}


@pytest.mark.parametrize("what", BODIES)
def test_a_post_that_does_not_say_so_changes_nothing(world: World, what: str) -> None:
    person = world.person(SAID)
    stored = world.dump()
    answer = press(world, address(world, person), BODIES[what])
    assert answer.status_code == 400
    assert NOTHING_CHANGED in answer.get_data(as_text=True)
    assert world.dump() == stored


@pytest.mark.parametrize("end", ["\r\n", "\n", " ", "+", "%0D%0A"])
def test_blanks_behind_the_value_are_passed_over(world: World, end: str) -> None:
    person = world.person(SAID)
    kind = "application/x-www-form-urlencoded"
    body = f"List-Unsubscribe=One-Click{end}"
    assert press(world, address(world, person), body, content_type=kind).status_code == 200
    assert world.state(person)["overall"] == OFF


def test_what_else_is_in_the_body_is_passed_over(world: World) -> None:
    person = world.person(SAID)
    body = {**SAYS, "do": "undo", "revision": "1", "x": "y" * 500}
    assert press(world, address(world, person), body).status_code == 200
    assert world.state(person)["overall"] == OFF


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Cookie": "session=1"},
        {"Referer": "https://mail.example/"},
        {"User-Agent": ""},
    ],
)
def test_it_needs_no_header_and_minds_none(world: World, headers: dict[str, str]) -> None:
    person = world.person(SAID)
    answer = press(world, address(world, person), headers=headers)
    assert answer.status_code == 200
    assert world.state(person)["overall"] == OFF


def test_it_works_for_ever_for_revoked_people_and_with_a_retired_key(world: World) -> None:
    person = world.person(SAID, link_version=3)
    old = Signer(["a key that leaked and was retired since"])
    at = f"/o/{old.mint('one-click', Link('kutia', person.handle), world.clock())}"
    world.app.extensions["preference-widget"] = replace(
        world.app.extensions["preference-widget"],
        signer=Signer(["a key of the tests that is long enough"], [old_key()]),
    )
    world.clock.now += timedelta(days=3650)
    assert press(world, at).status_code == 200
    assert world.state(person)["overall"] == OFF


def old_key() -> str:
    return "a key that leaked and was retired since"


def test_for_people_and_topics_that_are_gone_it_still_says_yes(world: World) -> None:
    """RFC 8058 knows no other answer; a sender that gets one tries again for days."""
    nobody = world.person(SAID)._replace(handle="0" * 32)
    assert press(world, address(world, nobody)).status_code == 200
    person = world.person(SAID, email="b@example.com")
    assert press(world, address(world, person, "vanished")).status_code == 200
    assert world.state(person) == person.state


def test_where_its_site_is_not_served_the_sender_is_to_ask_again(world: World) -> None:
    """Saying yes without doing it would be the worst of answers."""
    person = world.person(SAID)
    elsewhere = make_world(world.database, [DIMORA_SITE])
    answer = elsewhere.hurried_client().post(address(world, person), data=SAYS)
    assert answer.status_code == 503
    assert world.state(person) == person.state


def test_a_forged_link_is_told_so(world: World) -> None:
    person = world.person(SAID)
    token = world.token("unsubscribe", person)
    assert press(world, f"/o/{token}").status_code == 403
    assert press(world, f"/o/{token[:-3]}xyz").status_code == 404
    assert world.state(person) == person.state


def test_opened_in_a_browser_it_shows_the_plain_page_with_its_button(
    world: World, tag: str
) -> None:
    person = world.person(SAID)
    page = Reader(world.client(), tag).open(address(world, person, "offers"))
    heading = said(tag, UNSUBSCRIBE_FROM_TOPIC, topic=OFFERS_NAME)
    assert page.heading == heading
    assert world.state(person) == person.state
    page.press_first()
    assert page.heading == said(tag, LEFT_TOPIC, topic=OFFERS_NAME)
    assert world.ledger(person)[-1].door == "unsubscribe"
    page.press(said(tag, UNDO))
    assert page.heading == heading
    assert world.state(person)["topic:offers"]["on"]
