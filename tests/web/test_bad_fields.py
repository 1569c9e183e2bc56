"""Bad input in forms, queries and headers gets a clear answer and loses nothing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest
from peewee import SqliteDatabase

from tests.support.browsing import Reader
from tests.support.words import said
from tests.support.words.account import SEND_LINK
from tests.support.words.preferences import (
    CHOOSE_CHANNEL,
    CHOOSE_DATE,
    CHOOSE_FREQUENCY,
    CHOOSE_LANGUAGE,
    PHONE_NUMBER,
    POSTAL_ADDRESS,
    SAVE,
    TOPICS_HAVE_CHANGED,
    how,
)
from tests.support.words.subscribe import EMAIL_ADDRESS
from tests.support.worlds import NEWS_NAME, OFFERS, OFFERS_NAME, SAID, SHOP, World
from widget_backend.links import Purpose
from widget_backend.store import models
from widget_backend.store.models import ConsentRecord
from widget_backend.store.profiles import Profile

LINKS: tuple[Purpose, ...] = ("preferences", "questions", "unsubscribe", "embed")
SAME_ORIGIN = {"Origin": SHOP, "Sec-Fetch-Site": "same-origin"}


@pytest.fixture
def person(world: World) -> Profile:
    return world.person(SAID)


NASTY = {
    "1 MB": "x" * 1_000_000,
    "60 KB": "ع" * 6_000,
    "NUL bytes": "a\x00b\x00",
    "emoji": "👩‍👩‍👧‍👦🏳️‍🌈",
    "right-to-left override": "abc\u202egpj.exe",
    "control characters": "\x01\x1b[31m\x7f\x9f",
    "markup": "<script>alert(1)</script><img src=x onerror=alert(1)>\"'",
    "templates": "{{ 7*7 }} %(n)s %s {% x %} ${x}",
    "SQL": "'; DROP TABLE profile; --",
    "new lines": "a\r\nSet-Cookie: x=y\r\n\r\nb",
    "only spaces": " \t\n\u00a0",
}
FORMS: dict[str, tuple[str, tuple[str, ...], dict[str, str]]] = {
    "preferences": (
        "preferences",
        (
            *("revision", "do", "offered", "reach", "language", "phone", "post"),
            *("topic-offers", "channel-offers", "frequency-offers"),
        ),
        {
            "revision": "1",
            "do": "save",
            "offered": "offers",
            "topic-offers": "on",
            "channel-offers": "email",
            "frequency-offers": "weekly",
            "language": "en",
        },
    ),
    "questions": (
        "questions",
        ("revision", "do", "stage", "asked", "answer-moved", "answer-rooms", "decline-rooms"),
        {"revision": "1", "do": "save", "stage": "changes", "answer-moved": "yes"},
    ),
    "texts": (
        "questions",
        ("answer-people", "answer-wish", "decline-people", "decline-wish", "asked"),
        {"revision": "1", "do": "save", "stage": "home", "answer-people": "3"},
    ),
    "sign-up": (
        "",
        ("form", "email", "topics", "do"),
        {"form": "ab" * 16, "email": "x@y.al", "topics": "offers", "do": "save"},
    ),
    "unsubscribe": ("unsubscribe", ("do", "revision"), {"do": "undo", "revision": "1"}),
}


def path_of(world: World, name: str, person: Profile) -> str:
    purpose: Any = FORMS[name][0]
    return world.link(purpose, person) if purpose else "/s/kutia"


def rows(world: World) -> tuple[int, int]:
    """How much is stored: people, and what they said in all."""
    return (
        models.Profile.select().count(world.database),
        ConsentRecord.select().count(world.database),
    )


def cases() -> Iterator[tuple[str, str, str]]:
    for name, (_, fields, _sound) in FORMS.items():
        for field in fields:
            for what in ("missing", "doubled", *NASTY):
                yield name, field, what


@pytest.mark.parametrize("what", ["missing", "doubled", *NASTY])
def test_no_field_can_break_a_form(each_world: World, what: str) -> None:
    """Every field of every form in turn: a page that helps or a save, and never a fault."""
    person = each_world.person(SAID)
    is_sqlite = isinstance(each_world.database, SqliteDatabase)
    client = each_world.client() if is_sqlite else each_world.hurried_client()
    for name, field, _ in (each for each in cases() if each[2] == what):
        data: dict[str, Any] = dict(FORMS[name][2])
        if what == "missing":
            data.pop(field, None)
        elif what == "doubled":
            data[field] = [data.get(field, "x"), "other"]
        else:
            data[field] = NASTY[what]
        before = rows(each_world)
        path = path_of(each_world, name, person)
        sent = client.post(path, data=data, headers=SAME_ORIGIN)
        assert sent.status_code in {303, 409, 413, 422}, (name, field)
        if sent.status_code == 413 or (sent.status_code != 303 and name == "sign-up"):
            assert rows(each_world) == before, field
        assert (sent.status_code == 413) == (what == "1 MB")


@pytest.mark.parametrize("what", [name for name in NASTY if name != "1 MB"])
def test_what_people_typed_comes_back_to_them(world: World, person: Profile, what: str) -> None:
    """In the field it was typed into, and nowhere as markup: the linting sees to that."""
    typed = NASTY[what]
    page = Reader(world.client()).open(world.link("preferences", person))
    page.choose(how("en", OFFERS_NAME), "sms")
    page.choose(how("en", NEWS_NAME), "post")
    page.fill(PHONE_NUMBER, typed).fill(POSTAL_ADDRESS, typed[:390]).press(SAVE)
    assert page.status == 422
    dropped = {ord(each): None for each in "\x00\x01\x1b\x7f\x9f\r"}
    assert page.value(PHONE_NUMBER) == typed.translate(dropped).strip()


@pytest.mark.parametrize("typed", ["name@example", "<a@b.example>", "@@"])
def test_what_was_typed_with_an_at_sign_comes_back_as_it_was(world: World, typed: str) -> None:
    """The source holds none (the linting looks at each page), and readers see it all the same."""
    page = Reader(world.client()).open("/s/kutia/link")
    page.fill(EMAIL_ADDRESS, typed).press(SEND_LINK)
    assert page.status == 422
    assert page.value(EMAIL_ADDRESS) == typed


PART = b'Content-Disposition: form-data; name="%s"; filename="%s"\r\n\r\noff\r\n--x'
UPLOAD = b"--x\r\n" + PART % (b"phone", b"a") + b"\r\n" + PART % (b"do", b"b") + b"--"
MANY_PARTS = b"--x\r\n" + (PART % (b"do", b"b") + b"\r\n") * 1_500 + b"--"


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"phone=%FF%FE%00&do=off", "application/x-www-form-urlencoded"),
        (b"phone=\xff\xfe&do=off", "application/x-www-form-urlencoded"),
        (b"phone=%ED%A0%80&do=off", "application/x-www-form-urlencoded"),  # a lone surrogate
        (b"&&&===&%", "application/x-www-form-urlencoded"),
        (b"", "application/x-www-form-urlencoded"),
        (b'{"do": "off", "phone": 5, "offered": {"a": 1}}', "application/json"),
        (b'["do"]', "application/json"),
        (b"{", "application/json"),
        (b"<do>off</do>", "text/xml"),
        (b"do=off", "text/plain"),
        (b"do=off", ""),
        (b"--x\r\nnonsense", "multipart/form-data; boundary=x"),
        (b"do=off", "multipart/form-data"),
        (UPLOAD, "multipart/form-data; boundary=x"),
        (MANY_PARTS, "multipart/form-data; boundary=x"),
    ],
)
def test_a_body_that_is_no_form_is_answered_all_the_same(
    world: World, person: Profile, body: bytes, kind: str
) -> None:
    pending = world.person(email="b@example.com", pending=True)
    paths = [world.link(each, person) for each in LINKS]
    for path in (*paths, world.link("answers", pending), "/s/kutia", "/s/kutia/fragment"):
        sent = world.client().post(path, data=body, content_type=kind, headers=SAME_ORIGIN)
        assert sent.status_code in {303, 409, 413, 422}, path


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"offered": "gone"}, TOPICS_HAVE_CHANGED),
        ({"channel-offers": "fax"}, CHOOSE_CHANNEL),
        ({"channel-offers": ""}, CHOOSE_CHANNEL),
        ({"frequency-offers": "hourly"}, CHOOSE_FREQUENCY),
        ({"frequency-offers": "daily"}, CHOOSE_FREQUENCY),
        ({"language": "fr"}, CHOOSE_LANGUAGE),
        ({"do": "pause:soon"}, CHOOSE_DATE),
        ({"do": "pause:2027-02-30"}, CHOOSE_DATE),
        ({"do": "pause:2027-03-01"}, CHOOSE_DATE),
        ({"do": "pause:2029-03-01"}, CHOOSE_DATE),
        ({"do": "pause:٢٠٢٧-٠٤-٠١"}, CHOOSE_DATE),
    ],
)
def test_an_unknown_choice_is_told_what_to_do(
    world: World, tag: str, changes: dict[str, str], message: str
) -> None:
    person = world.person(SAID)
    stored = world.dump()
    data = {**FORMS["preferences"][2], **changes}
    page = Reader(world.client()).post(world.link("preferences", person, tag), data.items())
    assert page.status == 422
    assert page.says(said(tag, message, topic="Offers <b>& more</b> −50%"))
    assert world.dump() == stored


@pytest.mark.parametrize("do", ["", "other", "SAVE", "off "])
def test_an_unknown_button_saves(world: World, do: str) -> None:
    """Old browsers send no button when Enter is pressed."""
    person = world.person({"topic:offers": {**OFFERS, "frequency": "monthly"}})
    data = {**FORMS["preferences"][2], "do": do}
    page = Reader(world.client()).post(world.link("preferences", person), data.items())
    assert page.status == 200
    assert world.state(person)["topic:offers"] == OFFERS
    assert "overall" not in world.state(person)


@pytest.mark.parametrize("stage", ["gone", "", "budget\x00", "🏠"])
def test_an_unknown_stage_asks_what_there_is_to_ask(world: World, stage: str) -> None:
    person = world.person()
    stored = world.dump()
    page = Reader(world.client())
    page.post(world.link("questions", person), [("stage", stage), ("answer-moved", "yes")])
    assert (page.status, page.heading) == (200, "What changes")
    assert page.open(f"{world.link('questions', person)}?stage={quote(stage)}").status == 200
    assert world.dump() == stored


@pytest.mark.parametrize(
    "query",
    [
        *(
            "saved=-1",
            "saved=x",
            "saved=" + "9" * 30,
            "saved=" + "9" * 5000,
            "saved=٣",
            "saved=1&saved=2",
        ),
        *("lang=" + "x" * 5000, "lang=%FF", "%FF=%00", "&&&", "=", "new", "stage=%00"),
    ],
)
def test_no_query_can_break_a_page(world: World, person: Profile, query: str) -> None:
    for purpose in LINKS:
        assert world.client().get(f"{world.link(purpose, person)}?{query}").status_code == 200
    assert world.client().get(f"/s/kutia?{query}").status_code == 200
    assert world.client().get(f"/p/forged?{query}").status_code == 404


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": ""},
        {"Host": "a b"},
        {"Host": "evil.example"},
        {"Host": "x" * 5000},
        {"Range": "bytes=0-1"},
        {"If-None-Match": "*"},
        {"If-Modified-Since": "never"},
        {"Content-Length": "-1"},
        {"Accept-Encoding": "gzip;q=0"},
        {"Cookie": "session=\x80; a"},
        {"X-Forwarded-Host": "evil.example"},
    ],
)
def test_no_header_can_break_a_page(world: World, person: Profile, headers: dict[str, str]) -> None:
    for path in (world.link("preferences", person), "/s/kutia/fragment", "/widget/v1.js"):
        answer = world.client().get(path, headers=headers)
        assert answer.status_code < 500
        assert "evil.example" not in answer.get_data(as_text=True)
