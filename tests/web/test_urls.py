"""Addresses that pages give: made of quoted steps only, so that all of them stay on our origin."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import unquote_to_bytes, urljoin, urlsplit

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkzeug.test import TestResponse

from tests.support.linting import read
from tests.support.worlds import KUTIA, SHOP, World, make_world
from widget_backend.links import PATHS, Purpose

HERE = "http://localhost"
TAB = {"Sec-Fetch-Dest": "document"}
ELSEWHERE = {KUTIA.site.privacy_policy, *(each.url for each in KUTIA.site.follow)}

OURS = "s kutia fragment preview sign-up link snippet renew data why".split()  # noqa: SIM905
THEIRS = r"evil.example \evil.example @evil.example https: .. . %2f %5C ? # ; '\"<b> ج".split()  # noqa: SIM905
STEPS = st.sampled_from([*PATHS.values(), *OURS, *THEIRS, "", " ", "\t", "\r\n", "\u2028"])
PATHS_OF_STRANGERS = st.one_of(
    st.lists(STEPS, max_size=5).map(lambda steps: "/" + "/".join(steps)).map(str.encode),
    st.tuples(STEPS, st.text(max_size=9)).map(lambda two: f"/s/{two[0]}{two[1]}/fragment".encode()),
    st.text("/\\\t\r\n.@:%?# aä", max_size=20).map(lambda typed: f"/{typed}".encode()),
    st.binary(max_size=20).map(lambda raw: b"/" + raw),
)


def as_browsers_do(base: str, address: str) -> str:
    """Where an address leads (WHATWG URL, 4.4): line breaks and tabs are left out, `\\` is `/`."""
    path, mark, rest = address.strip("".join(map(chr, range(33)))).partition("?")
    plain = path.replace("\\", "/") + mark + rest
    return urljoin(base, "".join(each for each in plain if each not in "\t\r\n"))


def destinations(answer: TestResponse) -> Iterator[str]:
    """All links, actions and sources of an answer, and where it redirects to."""
    if location := answer.headers.get("Location"):
        yield location
    if document := read(answer):
        for element in document.elements:
            yield from (value for name, value in element.attrib.items() if name in ATTRIBUTES)


ATTRIBUTES = {"href", "src", "action", "formaction"}


def asked(
    world: World, path: bytes, method: str = "GET", headers: dict[str, str] | None = None
) -> TestResponse:
    """The answer to a path of any bytes, as a server hands it on (PEP 3333); clients mend some."""
    environ = {"PATH_INFO": path.decode("latin-1")}
    client = world.hurried_client()
    return client.open(method=method, headers=headers, environ_overrides=environ)


def leave_our_origin(answer: TestResponse) -> list[str]:
    base = f"{HERE}/{answer.request.path.lstrip('/')}"
    leading = (each for each in destinations(answer) if each not in ELSEWHERE)
    return [
        each
        for each in leading
        if urlsplit(as_browsers_do(base, each))[:2] != ("http", "localhost")
        or any(sign in each for sign in "\\\t\r\n ")
    ]


@pytest.fixture
def alone(world: World) -> World:
    """One site: also pages of unknown addresses are its own, and offer its languages."""
    return make_world(world.database, [KUTIA])


@pytest.mark.parametrize(
    "path",
    [
        "/%5Cevil.example/login",
        "/%5C%5Cevil.example",
        "//evil.example",
        "/%2Fevil.example",
        "/%09/evil.example",
        "/x%0D%0AX-Injected:%20yes",
        "/x%3Flang=ar%23y",
        "/x/%22%3E%3Cb%3E",
    ],
)
def test_a_page_that_is_not_there_offers_itself_in_other_languages(alone: World, path: str) -> None:
    """By its query alone, so that the link holds nothing of the path."""
    answer = asked(alone, unquote_to_bytes(path))
    assert answer.status_code == 404
    assert "?lang=sq" in list(destinations(answer))


def test_a_fragment_opened_in_a_tab_leads_to_a_page_whatever_its_address(alone: World) -> None:
    answer = alone.hurried_client().get("/s/dimora%0ax/fragment?lang=sq", headers=TAB)
    assert answer.status_code == 302
    assert answer.headers["Location"] == "/s/dimora%0Ax?lang=sq"


@given(
    path=PATHS_OF_STRANGERS,
    method=st.sampled_from(["GET", "POST"]),
    headers=st.sampled_from([{}, TAB, {"Origin": SHOP}]),
)
@settings(
    max_examples=300,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_nothing_in_a_path_leads_away(
    alone: World, path: bytes, method: str, headers: dict[str, str]
) -> None:
    answer = asked(alone, path, method, headers)
    assert answer.status_code < 500
    assert leave_our_origin(answer) == []


@pytest.mark.parametrize("purpose", PATHS)
def test_nothing_behind_a_token_leads_away(alone: World, purpose: Purpose) -> None:
    for token in ("\\evil", "x\r\n", "%5C", "..", "@evil"):
        for end in ("", "/renew", "/data", "/why", "/fragment", "/download"):
            path = f"/{PATHS[purpose]}/{token}{end}".encode()
            for method in ("GET", "POST"):
                answer = asked(alone, path, method, TAB)
                assert answer.status_code < 500
                assert leave_our_origin(answer) == []
