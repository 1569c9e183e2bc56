"""The client that lints whatever it fetches is tested, too: it finds each wrong header and link."""

from __future__ import annotations

import pytest
from flask import Flask, Response

from tests.support.linting import LintingClient

GOOD = {
    "Cache-Control": "no-store, no-transform",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Content-Security-Policy": "default-src 'none'; form-action 'self'; "
    "frame-ancestors 'none'; base-uri 'none'",
    "Content-Language": "en",
    "Vary": "Accept-Language, Sec-GPC, Origin",
}
FRAGMENT = '<!doctype html><title>x</title><div lang="en" dir="ltr"><h2>x</h2></div>'
PLAIN = '<!doctype html><html lang="en" dir="ltr"><title>x</title><main><h1>x</h1>{}</main></html>'
FRAMED = "default-src 'none'; form-action 'self'; base-uri 'none'"
LED = "default-src 'none'; form-action https:; frame-ancestors 'none'; base-uri 'none'"
INLINE = "default-src 'none'; style-src 'unsafe-inline'"


def fetch(path: str, headers: dict[str, str], body: str, status: int = 200) -> str:
    """What the client finds in this answer; empty if nothing."""
    app = Flask(__name__, static_folder=None)
    app.test_client_class = LintingClient

    @app.route("/form", methods=["GET", "POST"])
    @app.route("/fragment")
    @app.route("/get")
    def answer() -> Response:
        return Response(body, status, headers, mimetype="text/html")

    try:
        app.test_client().get(path, headers={"Origin": "https://shop.example"})
    except AssertionError as found:
        return str(found)
    return ""


def test_a_sound_answer_passes_the_client() -> None:
    assert fetch("/form", GOOD, PLAIN.format('<a href="/form">x</a>')) == ""


@pytest.mark.parametrize(
    ("name", "value", "finding"),
    [
        ("Referrer-Policy", None, "Referrer-Policy is None"),
        ("X-Robots-Tag", None, "X-Robots-Tag is None"),
        ("Cross-Origin-Opener-Policy", None, "shares its window"),
        ("Content-Security-Policy", None, "weak policy"),
        ("X-Content-Type-Options", None, "lets browsers guess"),
        ("Cache-Control", "private", "Cache-Control is 'private'"),
        ("Content-Security-Policy", INLINE, "weak policy"),
        ("Content-Security-Policy", FRAMED, "lets any page frame it"),
        ("Content-Security-Policy", LED, "lets forms lead away"),
        ("Content-Language", "ar", "Content-Language is 'ar'"),
        ("Vary", None, "does not vary with the language"),
        ("Vary", "Accept-Language", "does not vary with Global Privacy Control"),
        ("Set-Cookie", "a=b", "sends Set-Cookie"),
        ("Server", "x", "sends Server"),
        ("Location", "https://evil.example", "redirects to"),
        ("Location", "/nothing", "no page of ours"),
    ],
)
def test_a_wrong_header_is_found(name: str, value: str | None, finding: str) -> None:
    headers = {key: said for key, said in {**GOOD, name: value}.items() if said is not None}
    assert finding in fetch("/form", headers, PLAIN)


@pytest.mark.parametrize(
    ("headers", "finding"),
    [
        ({"Vary": "Accept-Language, Sec-GPC"}, "does not vary with the origin"),
        ({"Access-Control-Allow-Origin": "*"}, "may be read by '*'"),
        ({"Access-Control-Allow-Credentials": "true"}, "Allow-Credentials"),
        ({"Location": "/form"}, "redirects a fragment"),
    ],
)
def test_a_wrong_header_of_a_fragment_is_found(headers: dict[str, str], finding: str) -> None:
    assert finding in fetch("/fragment", {**GOOD, **headers}, FRAGMENT)


@pytest.mark.parametrize(
    ("path", "inside", "finding"),
    [
        ("/form", '<a href="/nothing">x</a>', "GET /nothing is no page"),
        ("/form", '<form method="post" action="/get"></form>', "POST /get is no page"),
        ("/form", '<form method="post" action="https://evil.example/"></form>', "leads away"),
        ("/form", '<form method="post"></form>', "leads nowhere"),
        ("/form", '<a href="">x</a>', "leads nowhere"),
        ("/form", '<a href="tel:112">x</a>', "leads away"),
        ("/form", '<img src="/nothing" alt="x">', "GET /nothing is no page"),
        ("/fragment", '<a href="https://shop.example/">x</a>', "leads away"),
    ],
)
def test_a_link_or_form_that_leads_nowhere_is_found(path: str, inside: str, finding: str) -> None:
    assert finding in fetch(path, GOOD, PLAIN.format(inside))


def test_a_fault_is_found() -> None:
    assert "fault of ours" in fetch("/form", GOOD, PLAIN, status=500)


def test_what_is_wrong_with_a_page_is_found_each_time() -> None:
    for _ in range(2):
        assert fetch("/form", GOOD, PLAIN.format("x")) == ""
        assert "2 h1" in fetch("/form", GOOD, PLAIN.format("<h1>x</h1>"))


def test_what_is_sound_as_a_page_may_be_wrong_after_a_mistake_and_as_a_fragment() -> None:
    page = PLAIN.format("not long ago")
    assert fetch("/form", GOOD, page) == ""
    assert "lacks an error summary at 422" in fetch("/form", GOOD, page, status=422)
    assert "do not start at h2" in fetch("/fragment", GOOD, page)
