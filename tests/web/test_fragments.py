"""Fragments for the widget: for listed origins only; and hosted forms for our own pages only."""

from __future__ import annotations

import pytest

from tests.support.browsing import Reader
from tests.support.linting import unpacked
from tests.support.words import said
from tests.support.words.errors import NOT_ON_THIS_PAGE, SENT_FROM_ELSEWHERE
from tests.support.words.labels import GETS_TOPIC_NO_LONGER
from tests.support.words.preferences import SAVE, UNDO, WHAT_SITE_SENDS
from tests.support.words.questions import ANSWERS_SAVED, BACK, NO_QUESTIONS
from tests.support.words.unsubscribe import UNSUBSCRIBE_FROM_EVERYTHING
from tests.support.worlds import (
    KUTIA,
    NEWS_NAME,
    OFF,
    OFFERS,
    OFFERS_NAME,
    SAID,
    SHOP,
    World,
    declaring,
    make_world,
    no,
)
from widget_backend.links import Link, Purpose
from widget_backend.signing import Signer
from widget_backend.store.profiles import Profile


@pytest.fixture
def person(each_world: World) -> Profile:
    return each_world.person(SAID)


def test_the_preferences_in_a_fragment_from_save_to_undo(
    each_world: World, person: Profile, tag: str
) -> None:
    link = f"{each_world.link('embed', person)}?lang={tag}"
    page = Reader(each_world.client()).open(link)
    assert page.heading == said(tag, WHAT_SITE_SENDS, site="Kutia C++!")
    page.untick(OFFERS_NAME).press(said(tag, SAVE))
    assert page.says(said(tag, GETS_TOPIC_NO_LONGER, topic=OFFERS_NAME))
    assert "data-saved" in page.document.root.attrib
    assert each_world.state(person)["topic:offers"] == no(OFFERS)
    assert each_world.ledger(person)[-1].door == "widget"
    page.press(said(tag, UNDO))
    assert each_world.state(person)["topic:offers"] == OFFERS
    page.press(said(tag, UNSUBSCRIBE_FROM_EVERYTHING))
    assert each_world.state(person)["overall"] == OFF
    assert page.document.root.get("lang") == tag


def test_the_questions_wait_behind_the_same_link(
    each_world: World, person: Profile, tag: str
) -> None:
    link = f"{each_world.link('embed', person, tag)}"
    page = Reader(each_world.client()).open(link)
    waiting = page.document.classed("next")[0]
    page.open(next(each.get("href", "") for each in waiting.iter("a")))
    assert page.heading == "What changes"
    page.tick("Attic").press(said(tag, SAVE))
    assert page.says(said(tag, ANSWERS_SAVED))
    assert page.heading == "Your home"
    assert each_world.state(person)["answer:rooms"]["said"] == ["attic"]
    page.follow(said(tag, BACK))
    assert page.heading == "What changes"


def test_after_the_last_question_the_fragment_leads_back(world: World) -> None:
    at = int(world.clock().timestamp())
    done = {f"answer:{each.id}": {"declined": True, "at": at} for each in KUTIA.site.questions}
    page = Reader(world.client())
    page.open(f"{world.link('embed', world.person({**SAID, **done}))}?view=questions&lang=ar")
    assert page.heading == said("ar", NO_QUESTIONS)
    page.follow(said("ar", WHAT_SITE_SENDS, site="Kutia C++!"))
    assert page.is_ticked(NEWS_NAME)
    assert page.document.root.get("lang") == "ar"
    assert not page.document.classed("next")


@pytest.mark.parametrize("view", ["", "preferences", "other", "\x00", "questions&view=x"])
def test_an_unknown_view_is_the_preferences(world: World, view: str) -> None:
    link = world.link("embed", world.person(SAID))
    page = Reader(world.client()).open(f"{link}?view={view}")
    wanted = (
        "What changes"
        if view.startswith("questions")
        else said("en", WHAT_SITE_SENDS, site="Kutia C++!")
    )
    assert page.heading == wanted


def test_a_fragment_stays_in_its_view_when_its_form_comes_back(world: World) -> None:
    page = Reader(world.client())
    page.open(f"{world.link('embed', world.person(SAID))}?view=questions&lang=sq")
    page.press(said("sq", SAVE))
    assert page.status == 422
    assert page.heading == "What changes"
    assert page.document.root.get("lang") == "sq"


# ── who may show a fragment ─────────────────────────────────────────────────────────────────

ORIGINS = [
    # what the browser says, reading is allowed, sending is allowed
    (SHOP, True, True),
    ("http://127.0.0.1:8001", True, True),
    ("https://evil.example", False, False),
    ("null", False, False),
    ("https://kutia.example.evil.example", False, False),
    ("https://kutia.example:444", False, False),
    ("http://kutia.example", False, False),
    ("HTTPS://KUTIA.EXAMPLE", False, False),
    ("https://kutia.example/", False, False),
    ("", False, False),
    (None, True, False),  # a GET of the same origin, or a preload; a browser's POST always has one
]


@pytest.mark.parametrize(("origin", "reads", "sends"), ORIGINS)
def test_only_listed_origins_may_show_and_send_a_fragment(
    world: World, origin: str | None, reads: bool, sends: bool
) -> None:
    person = world.person(SAID)
    headers = {} if origin is None else {"Origin": origin}
    pending = world.person(email="b@example.com", pending=True)
    paths = (
        world.link("embed", person),
        f"{world.link('embed', person)}?view=questions",
        "/s/kutia/fragment",
        f"{world.link('answers', pending)}/fragment",
    )
    for path in paths:
        got = world.client().get(path, headers=headers)
        assert got.status_code == (200 if reads else 403)
        assert got.headers.get("Access-Control-Allow-Origin") == (origin if reads else None)
        stored = world.dump()
        sent = world.client().post(path, data={"do": "off"}, headers=headers)
        assert (sent.status_code != 403) == sends
        assert sends or world.dump() == stored
    assert (world.state(person).get("overall") == OFF) == sends


def test_a_refused_origin_reads_what_its_owner_can_do(world: World, tag: str) -> None:
    headers = {"Origin": "https://evil.example"}
    client = world.client()
    answer = client.get(f"/s/kutia/fragment?lang={tag}", headers=headers)
    assert answer.status_code == 403
    assert said(tag, NOT_ON_THIS_PAGE) in answer.get_data(as_text=True)


def test_a_site_without_origins_may_be_embedded_nowhere(world: World) -> None:
    closed = make_world(world.database, [declaring(KUTIA, origins=())])
    answer = closed.client().get("/s/kutia/fragment", headers={"Origin": SHOP})
    assert answer.status_code == 403


def test_a_widget_that_loads_with_a_link_that_is_over_keeps_the_link_inside_it(
    world: World,
) -> None:
    link = world.link("embed", world.person(SAID))
    world.clock.pass_by(minutes=16)
    answer = world.client().get(f"{link}?view=questions", headers={"Origin": SHOP})
    assert (answer.status_code, answer.data) == (410, b""), "no words of ours in its place"
    assert answer.headers["Access-Control-Allow-Origin"] == SHOP
    assert answer.headers["Cache-Control"] == "no-store, no-transform"


# ── who may send a hosted form ──────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("site", "origin", "is_allowed"),
    [
        ("same-origin", "null", True),
        ("none", "null", True),  # a restored tab or a reload
        (None, None, True),  # a browser that does not say
        (None, "https://evil.example", True),  # Origin is never looked at here
        ("same-site", "null", False),
        ("cross-site", "https://evil.example", False),
        ("cross-site", None, False),
        ("", None, False),
        ("whatever", None, False),
    ],
)
def test_only_our_own_pages_may_send_a_hosted_form(
    world: World, site: str | None, origin: str | None, is_allowed: bool
) -> None:
    headers = {"Sec-Fetch-Site": site, "Origin": origin}
    sent_with = {name: value for name, value in headers.items() if value is not None}
    person = world.person(SAID)
    pending = world.person(email="b@example.com", pending=True)
    paths = [
        *[world.link(purpose, person) for purpose in ("preferences", "questions", "unsubscribe")],
        world.link("answers", pending),
        "/s/kutia",
    ]
    for path in paths:
        assert world.client().get(path, headers=sent_with).status_code == 200, "mail leads here"
        stored = world.dump()
        sent = world.client().post(path, data={"do": "off"}, headers=sent_with)
        assert (sent.status_code != 403) == is_allowed
        assert is_allowed or world.dump() == stored
    assert (world.state(person).get("overall") == OFF) == is_allowed


def test_another_pages_form_is_told_from_a_broken_link(world: World, tag: str) -> None:
    link = world.link("preferences", world.person(SAID), tag)
    answer = world.client().post(link, headers={"Sec-Fetch-Site": "cross-site"})
    assert said(tag, SENT_FROM_ELSEWHERE) in answer.get_data(as_text=True)


# ── how it travels ──────────────────────────────────────────────────────────────────────────


CODINGS = {"gzip, br": "br", "gzip": "gzip", "br;q=0, gzip": "gzip", "gzip, *;q=0.1": "gzip"}


@pytest.mark.parametrize(("accepted", "coding"), CODINGS.items())
def test_what_a_phone_waits_for_is_compressed_and_says_the_same(
    world: World, accepted: str, coding: str
) -> None:
    person = world.person(SAID)
    purposes: tuple[Purpose, ...] = ("preferences", "questions", "unsubscribe", "embed")
    for purpose in purposes:
        path = world.link(purpose, person)
        plain = world.client().get(path)
        packed = world.client().get(path, headers={"Accept-Encoding": accepted})
        assert packed.headers["Content-Encoding"] == coding
        assert "Accept-Encoding" in packed.headers["Vary"]
        assert unpacked(packed) == plain.get_data()
        assert len(packed.get_data()) < 0.6 * len(plain.get_data())


def test_no_time_is_spent_on_packing_a_redirect(world: World) -> None:
    headers = {"Sec-Fetch-Site": "same-origin", "Accept-Encoding": "br, gzip"}
    link = world.link("unsubscribe", world.person(SAID))
    answer = world.client().post(link, data={"do": "off"}, headers=headers)
    assert answer.status_code == 303
    assert len(answer.get_data()) > 500, "or it would not be packed anyway"
    assert "Content-Encoding" not in answer.headers


def test_a_fragment_needs_no_cookie_no_preflight_and_no_header_of_ours(world: World) -> None:
    link = world.link("embed", world.person(SAID))
    asked = world.client().open(link, method="OPTIONS", headers={"Origin": SHOP})
    assert "Access-Control-Allow-Methods" not in asked.headers
    assert world.client().get(link).status_code == 200


def test_a_dead_token_can_be_read_as_dead_so_that_no_browser_keeps_it(world: World) -> None:
    """The key that signed it was retired: nobody knows its site, and so no list of origins."""
    other = Signer(["a key that was retired and is long enough"])
    token = other.mint("answers", Link("kutia", "0" * 32), world.clock())
    answer = world.client().get(f"/a/{token}/fragment", headers={"Origin": "https://a.example"})
    assert answer.status_code == 404
    assert answer.headers["Access-Control-Allow-Origin"] == "https://a.example"
