"""Sign-up by strangers: pending, subscribing nobody, telling nothing about who is known here."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.support.browsing import Reader
from tests.support.steps import DOORS, NEW, form, newest
from tests.support.words import beginning, said
from tests.support.words.errors import NOTHING_BEHIND_LINK
from tests.support.words.subscribe import (
    CHECK_EMAIL,
    CHOOSE_A_TOPIC,
    CHOOSE_SHOWN_TOPICS,
    EMAIL_ADDRESS,
    ENTER_EMAIL_LIKE,
    HEAR_FROM_SITE,
    NOTHING_UNTIL_CONFIRMED,
    OPEN_EMAIL,
    SIGN_UP,
    SIGN_UP_AGAIN,
    THANKS_OPEN_EMAIL,
)
from tests.support.worlds import (
    EMAIL,
    KUTIA,
    NEWS,
    NEWS_NAME,
    OFFERS,
    OFFERS_NAME,
    SAID,
    TIPS_NAME,
    World,
    declaring,
    make_world,
)
from widget_backend.links import Link
from widget_backend.store import models
from widget_backend.store.models import Identity
from widget_backend.store.profiles import Profile


@pytest.mark.parametrize("door", DOORS)
def test_who_signs_up_is_kept_as_pending_and_asked_the_first_questions(
    each_world: World, tag: str, door: str
) -> None:
    page = Reader(each_world.client()).open(f"{door}?lang={tag}")
    assert page.heading == said(tag, HEAR_FROM_SITE, site="Kutia C++!")
    assert page.says(
        said(
            tag,
            (NOTHING_UNTIL_CONFIRMED),
        )
    )
    assert not page.says("Trade prices"), "topics for a role are not for strangers"
    page.fill(said(tag, EMAIL_ADDRESS), NEW).tick(OFFERS_NAME).tick(NEWS_NAME)
    page.press(said(tag, SIGN_UP))
    assert page.says(said(tag, THANKS_OPEN_EMAIL))
    assert page.heading == "What changes"
    person = newest(each_world)
    assert person.pending
    assert person.state == {
        "language": tag,
        "contact:email": NEW,
        "topic:offers": OFFERS,
        "topic:news": {**NEWS, "frequency": "daily"},
    }
    confirmed = Identity.select(Identity.confirmed).where(Identity.value == NEW)
    assert confirmed.scalar(each_world.database) == 0
    assert [record.door for record in each_world.ledger(person)] == ["sign-up"]


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("email", [NEW, EMAIL])
def test_after_the_last_question_and_without_any_the_heading_says_what_is_still_to_be_done(
    each_world: World, tag: str, door: str, email: str
) -> None:
    """The same to whoever is known already."""
    world = make_world(each_world.database, [declaring(KUTIA, questions=(), stages=())])
    world.person(SAID, email=EMAIL)
    page = Reader(world.client()).open(f"{door}?lang={tag}")
    page.fill(said(tag, EMAIL_ADDRESS), email).tick(OFFERS_NAME).press(said(tag, SIGN_UP))
    assert page.heading == said(tag, CHECK_EMAIL)
    assert page.says(f"{said(tag, CHECK_EMAIL)} {said(tag, OPEN_EMAIL)}")


def test_nothing_is_ticked_for_a_stranger(world: World) -> None:
    for door in DOORS:
        page = Reader(world.client()).open(door)
        assert not any("checked" in each.attrib for each in page.document.all("input"))


def test_known_and_unknown_addresses_get_the_same_answer(each_world: World) -> None:
    """Byte for byte, apart from tokens and the number of the request; so nobody can find out who is
    known (OWASP)."""
    each_world.person(SAID, email=EMAIL)
    for door in DOORS:
        unknown, known = (
            _walk(each_world, door, email, name)
            for email, name in ((NEW, "a" * 32), (EMAIL, "b" * 32))
        )
        assert unknown == known


def _walk(world: World, door: str, email: str, name: str) -> list[Any]:
    """Everything that a stranger gets back, with what is random masked."""
    page = Reader(world.client()).post(door, form(email, name=name))
    return [
        _masked(part)
        for answer in (page.sent, page.response)
        for part in (answer.status, sorted(answer.headers), answer.get_data(as_text=True))
    ]


def _masked(part: Any) -> Any:
    tokens = re.compile(r"/a/[\w.-]+|Content-Length', '\d+|X-Request-ID', '\w+")
    return tokens.sub("…", str(part))


def test_no_existing_profile_is_read_or_changed(each_world: World) -> None:
    known = each_world.person({**SAID, "language": "ar"}, email=EMAIL)
    before = each_world.dump()
    page = Reader(each_world.client()).post("/s/kutia", form(EMAIL, "tips"))
    assert page.document.root.get("lang") == "en", "the known person's language does not show"
    after = each_world.dump()
    for table, rows in before.items():
        assert set(rows) <= set(after[table]), f"{table} lost or changed something"
    assert each_world.read(known) == known


def test_going_back_to_mend_the_address_is_another_sign_up(each_world: World) -> None:
    """The mended address must not get lost because the form is the same copy."""
    page = Reader(each_world.client()).post("/s/kutia", form("wrnog@example.com"))
    page.post("/s/kutia", form("right@example.com"))
    assert newest(each_world).state["contact:email"] == "right@example.com"
    page.post("/s/kutia", form("right@example.com", "news", "tips"))
    assert "topic:news" in newest(each_world).state


def test_the_same_form_sent_to_two_sites_is_two_sign_ups(each_world: World) -> None:
    for site in ("kutia", "dimora"):
        page = Reader(each_world.client()).post(f"/s/{site}", form())
        assert page.status == 200
        assert newest(each_world).site == site


def test_knowing_a_form_s_name_opens_nobody_s_sign_up(world: World) -> None:
    page = Reader(world.client()).post("/s/kutia", form("victim@example.com"))
    theirs = page.response.request.path
    page.post("/s/kutia", form("other@example.com"))
    assert page.response.request.path != theirs


@pytest.mark.parametrize(
    "email",
    [
        *("", " ", "x", "x@", "@x.al", "x@y", "x@@y.al", "x y@z.al", "x@y..al", "x@.al", "x@y.al."),
        *("<x@y.al>", "a,b@x.al", "x@y.al\nBcc: z@z.al", "x@y.al, z@y.al", "x\u202ey@x.al"),
        "a" * 65 + "@x.al",
    ],
)
def test_what_is_no_address_comes_back_as_typed(world: World, tag: str, email: str) -> None:
    stored = world.dump()
    page = Reader(world.client()).post(f"/s/kutia?lang={tag}", form(email, "offers", "tips"))
    assert page.status == 422
    assert page.says(said(tag, ENTER_EMAIL_LIKE, example="name@example.com"))
    assert page.value(said(tag, EMAIL_ADDRESS)) == email.strip()
    assert page.is_ticked(TIPS_NAME)
    assert world.dump() == stored


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("visitor@example.com", NEW),
        ("  visitor@example.com  ", NEW),
        ("Visitor@Example.COM", NEW),
        ("\u200fvisitor@example.com\u200e", NEW),
        ("vi+si.tor_1@sub.example.co.uk", "vi+si.tor_1@sub.example.co.uk"),
        ("زائر@مثال.السعودية", "زائر@مثال.السعودية"),
    ],
)
def test_an_address_has_one_spelling(world: World, typed: str, kept: str) -> None:
    """The one by which imports know it too, so that confirming can find who it is."""
    page = Reader(world.client()).post("/s/kutia", form(typed))
    assert page.status == 200
    assert newest(world).state["contact:email"] == kept


@pytest.mark.parametrize(
    ("entries", "message"),
    [
        ([("email", NEW)], CHOOSE_A_TOPIC),
        ([("email", NEW), ("topics", "gone")], CHOOSE_SHOWN_TOPICS),
        ([("email", NEW), ("topics", "prices")], CHOOSE_SHOWN_TOPICS),
        ([("email", NEW), ("topics", "offers"), ("topics", "gone")], CHOOSE_SHOWN_TOPICS),
        (
            [("email", NEW), ("email", "b@x.al"), ("topics", "offers")],
            beginning("en", ENTER_EMAIL_LIKE),
        ),
    ],
)
def test_a_form_that_cannot_be_had_stores_nothing(
    world: World, entries: list[tuple[str, str]], message: str
) -> None:
    stored = world.dump()
    for door in DOORS:
        page = Reader(world.client()).post(door, entries)
        assert page.status == 422
        assert message in page.text
    assert world.dump() == stored


# ── the token that is kept ──────────────────────────────────────────────────────────────────


@pytest.fixture
def pending(each_world: World) -> Profile:
    return each_world.person({"topic:offers": OFFERS}, pending=True)


def test_the_kept_token_adds_answers_and_nothing_else(each_world: World, pending: Profile) -> None:
    link = each_world.link("answers", pending)
    for path in (link, f"{link}/fragment"):
        page = Reader(each_world.client())
        extras = [("do", "save"), ("offered", "offers"), ("reach", "off"), ("language", "ar")]
        entries = [("stage", "changes"), ("asked", "moved"), ("answer-moved", "yes"), *extras]
        page.post(path, entries)
        assert page.status == 200
    state = each_world.state(pending)
    assert set(state) - set(pending.state) == {"answer:moved"}
    assert {**state, **pending.state} == state


@pytest.mark.parametrize("do", ["off", "undo", "less", "pause:2027-03-31"])
def test_the_kept_token_ends_nothing(each_world: World, pending: Profile, do: str) -> None:
    stored = each_world.dump()
    path = each_world.link("answers", pending)
    each_world.client().post(path, data={"do": do, "revision": "1"})
    assert each_world.dump() == stored
    each_world.clock.pass_by(days=200)
    page = Reader(each_world.client()).post(path, [("do", do), ("revision", "1")])
    assert page.status == 410
    assert page.buttons() == [], "there is nothing to leave"
    assert each_world.dump() == stored


def test_the_kept_token_closes_when_the_address_is_confirmed(
    each_world: World, pending: Profile, tag: str
) -> None:
    link = each_world.link("answers", pending, tag)
    models.Profile.update(pending=False).where(models.Profile.id == pending.id).execute(
        each_world.database
    )
    stored = each_world.dump()
    for path in (link, f"{link}/fragment"):
        page = Reader(each_world.client()).open(path)
        assert (page.status, page.heading) == (
            410,
            said(tag, NOTHING_BEHIND_LINK),
        )
        page.post(path, [("stage", "changes"), ("answer-moved", "yes"), ("do", "save")])
        assert page.status == 410
    assert each_world.dump() == stored


def test_a_token_of_nobody_opens_nothing(world: World) -> None:
    token = world.signer.mint("answers", Link("kutia", "0" * 32), world.clock())
    assert Reader(world.client()).open(f"/a/{token}").status == 410


def test_the_widget_learns_which_address_to_keep(world: World) -> None:
    page = Reader(world.client()).post("/s/kutia/fragment", form())
    keep = page.document.root.get("data-keep")
    assert keep == page.response.request.path.removesuffix("/fragment")
    assert "data-saved" in page.document.root.attrib


def test_a_site_without_public_topics_signs_nobody_up(world: World) -> None:
    site = declaring(KUTIA, topics=tuple(each for each in KUTIA.site.topics if each.roles))
    page = Reader(make_world(world.database, [site]).client()).post("/s/kutia", form())
    assert page.status == 422


@pytest.mark.parametrize("path", ["/s/kutia", "/s/kutia/fragment"])
def test_who_mistyped_the_address_can_sign_up_again_in_the_same_place(
    world: World, tag: str, path: str
) -> None:
    page = Reader(world.client()).open(f"{path}?lang={tag}")
    page.tick(OFFERS_NAME).fill(said(tag, EMAIL_ADDRESS), "mistyped@example.com")
    page.press(said(tag, SIGN_UP))
    page.follow(said(tag, SIGN_UP_AGAIN))
    assert page.response.request.path == path
    assert page.heading == said(tag, HEAR_FROM_SITE, site="Kutia C++!")
