"""Links that are broken, old, or for something else: each says so, and where to turn."""

from __future__ import annotations

from urllib.parse import quote

import pytest

from tests.support.browsing import Reader
from tests.support.words import said
from tests.support.words.errors import (
    LINK_FOR_ANOTHER_PAGE,
    LINK_INCOMPLETE,
    NOTHING_BEHIND_LINK,
    PAGE_NOT_FOUND,
)
from tests.support.worlds import KUTIA, SAID, SHOP, World, make_world
from widget_backend.links import PATHS, Link, Purpose
from widget_backend.signing import Signer
from widget_backend.store.profiles import Profile

PURPOSES: tuple[Purpose, ...] = ("preferences", "questions", "unsubscribe", "embed", "answers")
SAME_ORIGIN = {"Origin": SHOP, "Sec-Fetch-Site": "same-origin"}


@pytest.fixture
def person(world: World) -> Profile:
    return world.person(SAID)


def door(purpose: Purpose, token: str) -> str:
    return f"/{PATHS[purpose]}/{token}{'/fragment' if purpose == 'embed' else ''}"


def refused(world: World, path: str, tag: str) -> Reader:
    """The page that both reading and sending get there; nothing is stored."""
    stored = world.dump()
    page = Reader(world.client(), accept=tag)
    page.post(path, [("do", "off"), ("email", "x@y.al"), ("topics", "offers")])
    sent = (page.status, page.text)
    page.open(path)
    assert (page.status, page.text) == sent
    assert world.dump() == stored
    assert page.document.root.get("lang") == tag
    return page


# ── tokens ──────────────────────────────────────────────────────────────────────────────────

BROKEN = {
    "cut off": lambda token: token[:-5],
    "its signature cut off": lambda token: token.partition(".")[0],
    "its last letter changed": lambda token: (
        token[:-3] + ("A" if token[-3] != "A" else "B") + token[-2:]
    ),
    "what it says changed": lambda token: "f" + token[1:],
    "doubled": lambda token: token + token,
    "10 KB long": lambda token: token + "x" * 10_000,
    "another alphabet": lambda token: "ج" + token[1:],
    "a NUL byte": lambda token: token + "\x00",
    "not UTF-8": lambda token: "%FF%FE" + token,
    "nothing but dots": lambda token: "...",
    "empty parts": lambda token: "." + token,
    "a path": lambda token: "..%2F..%2Fetc",
    "a quote": lambda token: "'\"<script>alert(1)</script>",
}


@pytest.mark.parametrize("purpose", PURPOSES)
@pytest.mark.parametrize("how", BROKEN)
def test_a_broken_link_says_that_it_is_not_complete(
    world: World, person: Profile, purpose: Purpose, how: str
) -> None:
    broken = BROKEN[how](world.token(purpose, person))
    path = door(purpose, broken if "%" in broken else quote(broken, safe=""))
    tag = ("en", "sq", "ar")[len(how) % 3]
    page = refused(world, path, tag)
    is_one_step = "%2F" not in broken and "/" not in broken
    heading = LINK_INCOMPLETE if is_one_step else PAGE_NOT_FOUND
    assert (page.status, page.heading) == (404, said(tag, heading))


@pytest.mark.parametrize("wanted", PURPOSES)
@pytest.mark.parametrize("made_for", PURPOSES)
def test_a_link_opens_what_it_was_made_for_and_nothing_else(
    world: World, tag: str, wanted: Purpose, made_for: Purpose
) -> None:
    person = world.person(SAID, pending=made_for == "answers")
    path = door(wanted, world.token(made_for, person))
    if wanted == made_for:
        assert Reader(world.client()).open(path).status == 200
        return
    page = refused(world, path, tag)
    assert (page.status, page.heading) == (403, said(tag, LINK_FOR_ANOTHER_PAGE))


@pytest.mark.parametrize("purpose", PURPOSES)
def test_a_link_to_nobody_or_to_a_site_that_is_gone(
    world: World, tag: str, purpose: Purpose
) -> None:
    nobody = world.signer.mint(purpose, Link("kutia", "0" * 32), world.clock())
    page = refused(world, door(purpose, nobody), tag)
    assert (page.status, page.heading) == (
        410,
        said(tag, NOTHING_BEHIND_LINK),
    )
    gone = world.signer.mint(purpose, Link("gone", "0" * 32), world.clock())
    page = refused(world, door(purpose, gone), tag)
    assert (page.status, page.heading) == (404, said(tag, PAGE_NOT_FOUND))


def test_a_handle_of_one_site_opens_nothing_in_another(world: World, person: Profile) -> None:
    token = world.signer.mint("preferences", Link("dimora", person.handle), world.clock())
    assert Reader(world.client()).open(f"/p/{token}").status == 410


@pytest.mark.parametrize(
    "path", ["/nothing", "/s/nobody", "/s/nobody/fragment", "/s/KUTIA", "/x/y/z"]
)
def test_an_unknown_address_says_where_to_turn(world: World, tag: str, path: str) -> None:
    page = refused(world, path, tag)
    assert (page.status, page.heading) == (404, said(tag, PAGE_NOT_FOUND))


def test_where_one_site_is_served_errors_carry_its_name_and_address(world: World, tag: str) -> None:
    alone = make_world(world.database, [KUTIA])
    page = Reader(alone.client(), accept=tag).open("/p/forged")
    assert page.says("شركة 24, Rruga 1, Tirana")
    assert page.document.title.endswith("Kutia C++!")


def test_a_link_signed_with_another_key_is_not_ours(world: World, person: Profile) -> None:
    other = Signer(["another key that is also long enough"])
    token = other.mint("preferences", Link("kutia", person.handle), world.clock())
    assert Reader(world.client()).open(f"/p/{token}").status == 404
