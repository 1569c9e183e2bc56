"""A test client that lints every page and fragment it fetches, as GOV.UK Notify's does.

Whoever uses it instead of Flask's own has each answer checked: what `lint_rules` says of HTML, and
here what headers, links and forms must say. Of the statuses from 500
on it accepts 503, where the answer says when to come back, and no other.
"""

from __future__ import annotations

import gzip
import re
from collections.abc import Collection, Iterable, Iterator
from typing import Any
from urllib.parse import unquote, urljoin, urlsplit

import brotli
from flask.testing import FlaskClient
from werkzeug.exceptions import HTTPException
from werkzeug.routing import MapAdapter
from werkzeug.test import TestResponse

from tests.support.lint_rules import RULES, Document

PERSONAL = {
    "Cache-Control": "no-store, no-transform",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex",
}
FRAGMENT_POLICY = {"default-src 'none'", "frame-ancestors 'none'", "sandbox"}
POLICY = {"default-src 'none'", "base-uri 'none'"}
HERE = "http://localhost"
SOUND: set[tuple[object, ...]] = set()
"""What was linted in this run, and nothing found."""


def lint(document: Document) -> list[str]:
    """Everything that is wrong with the document in itself, one sentence each."""
    return [finding for rule in RULES for finding in rule(document)]


class LintingClient(FlaskClient):
    """`inserted` are names and texts that owners or readers typed: each must stand in <bdi>.

    `elsewhere` are the addresses of others that a redirect may lead to. `document` is the page or
    fragment that came last.
    """

    inserted: Collection[str] = ()
    elsewhere: Collection[str] = ()
    document: Document | None = None

    def open(self, *args: Any, **options: Any) -> TestResponse:
        response = super().open(*args, **options)
        findings = [*_headers(response), *_redirect(response, self._routes(), self.elsewhere)]
        self.document = read(response, self.inserted)
        if document := self.document:
            findings += self._lint(document)
            findings += _language_header(response, document)
            findings += _destinations(document, self._routes())
        if findings:
            asked = f"{response.request.method} {response.request.full_path}"
            raise AssertionError("\n  ".join([f"{asked} gave {response.status}:", *findings]))
        return response

    def _lint(self, document: Document) -> list[str]:
        """As `lint`, of each shape of a document once: no rule asks what a secret is."""
        known = (
            *(document.shape, document.status, document.is_fragment, document.is_owners),
            *document.inserted,
        )
        if known in SOUND:
            return []
        findings = lint(document)
        if not findings:
            SOUND.add(known)
        return findings

    def _routes(self) -> MapAdapter:
        return self.application.url_map.bind("localhost")


def unpacked(response: TestResponse) -> bytes:
    """The body as it was before it was packed for the way."""
    unpack = {"br": brotli.decompress, "gzip": gzip.decompress}
    coding = response.headers.get("Content-Encoding")
    body: bytes = response.get_data()
    return unpack[coding](body) if coding else body


def read(response: TestResponse, inserted: Collection[str] = ()) -> Document | None:
    """The document of an answer; None for redirects, files and answers to HEAD."""
    is_page = response.mimetype == "text/html" and not 300 <= response.status_code < 400
    if not is_page or response.request.method in {"HEAD", "OPTIONS"}:
        return None
    body = unpacked(response)
    path = response.request.path
    return Document(
        body.decode(),
        status=response.status_code,
        path=path,
        is_fragment=path.endswith("/fragment"),
        inserted=inserted,
    )


# ── headers ─────────────────────────────────────────────────────────────────────────────────


def _headers(response: TestResponse) -> Iterator[str]:
    said = response.headers
    is_told = response.status_code == 503 and "Retry-After" in said
    if response.status_code >= 500 and not is_told:
        yield "is a fault of ours"
    for name in ("Set-Cookie", "Server", "Access-Control-Allow-Credentials"):
        if name in said:
            yield f"sends {name}"
    if said.get("X-Content-Type-Options") != "nosniff":
        yield "lets browsers guess its type"
    if response.mimetype == "text/html":
        yield from _personal(response)


def _personal(response: TestResponse) -> Iterator[str]:
    said = response.headers
    for name, value in PERSONAL.items():
        if said.get(name) != value:
            yield f"{name} is {said.get(name)!r}, not {value!r}"
    is_fragment = response.request.path.endswith("/fragment")
    if not is_fragment and said.get("Cross-Origin-Opener-Policy") != "same-origin":
        yield "shares its window with whoever opened it"
    policy = said.get("Content-Security-Policy", "")
    least = FRAGMENT_POLICY if is_fragment else POLICY
    if not set(policy.split("; ")) >= least or "unsafe" in policy or "*" in policy:
        yield f"has a weak policy: {policy!r}"
    if "frame-ancestors " not in policy:
        yield "lets any page frame it"
    if not is_fragment and not re.search("form-action '(self|none)'", policy):
        yield "lets forms lead away"
    varies = {each.strip() for each in said.get("Vary", "").split(",")}
    if "Accept-Language" not in varies:
        yield "does not vary with the language asked for"
    if "Sec-GPC" not in varies:
        yield "does not vary with Global Privacy Control"
    if is_fragment:
        yield from _across_origins(response, varies)


def _across_origins(response: TestResponse, varies: Collection[str]) -> Iterator[str]:
    if "Origin" not in varies:
        yield "does not vary with the origin"
    allowed = response.headers.get("Access-Control-Allow-Origin")
    if allowed not in {None, response.request.headers.get("Origin")}:
        yield f"may be read by {allowed!r}"


def _language_header(response: TestResponse, document: Document) -> Iterator[str]:
    said = response.headers.get("Content-Language")
    if said != document.root.get("lang"):
        yield f"Content-Language is {said!r}, the document's {document.root.get('lang')!r}"


# ── where links, forms and redirects lead ───────────────────────────────────────────────────


def _redirect(
    response: TestResponse, routes: MapAdapter, elsewhere: Collection[str]
) -> Iterator[str]:
    location = response.headers.get("Location")
    if location is None or location in elsewhere:
        return
    to = urlsplit(urljoin(f"{HERE}{response.request.path}", location))
    if f"{to.scheme}://{to.netloc}" != HERE:
        yield f"redirects to {location!r}"
    elif not leads_somewhere(routes, to.path, "GET"):
        yield f"redirects to {location!r}, which is no page of ours"
    is_tab = response.request.headers.get("Sec-Fetch-Dest") == "document"
    stays = response.request.path.endswith("/fragment") and not is_tab
    if stays and not to.path.endswith("/fragment"):
        yield f"redirects a fragment to {location!r}"


def leads_somewhere(routes: MapAdapter, path: str, method: str) -> bool:
    try:
        routes.match(unquote(path), method=method)
    except HTTPException:
        return False
    return True


def _destinations(document: Document, routes: MapAdapter) -> Iterator[str]:
    links = [(element.get("href"), "GET") for element in document.all("a", "link")]
    images = [(element.get("src"), "GET") for element in document.all("img", "script", "iframe")]
    forms = [
        (element.get("action"), element.get("method", "").upper())
        for element in document.all("form")
        if not document.is_preview
    ]
    for address, method in [*links, *images, *forms]:
        yield from _destination(document, routes, address, method)


def _destination(
    document: Document, routes: MapAdapter, address: str | None, method: str
) -> Iterable[str]:
    if not address:
        return ["has a link or form that leads nowhere"]
    if address.startswith("#"):
        return []
    to = urlsplit(urljoin(f"{HERE}{document.path}", address))
    if f"{to.scheme}://{to.netloc}" == HERE:
        ok = leads_somewhere(routes, to.path, method)
        return [] if ok else [f"{method} {address} is no page of ours"]
    if document.is_fragment or method == "POST" or to.scheme not in {"http", "https"}:
        return [f"{method} {address} leads away from our origin"]
    return []
