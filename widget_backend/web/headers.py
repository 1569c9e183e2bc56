"""Headers: what every answer says about caching, framing, referring and reading across origins."""

from __future__ import annotations

from flask import Response

from widget_backend.web.compression import accepted_coding, packed_at_once
from widget_backend.web.privacy_signal import SIGNAL
from widget_backend.web.request_context import facts

POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
    "frame-ancestors {framed_by}; base-uri 'none'"
)
"""Hosted pages need no script at all, so none can be injected."""

FRAGMENT_POLICY = "default-src 'none'; frame-ancestors 'none'; sandbox"
"""A fragment is only ever read; opened by itself it can do nothing."""

UNALTERED = "no-transform"
"""Of `Cache-Control` (RFC 9111, 5.2.2.6): what stands between is to send on what we sent."""

PERSONAL = {
    "Cache-Control": f"no-store, {UNALTERED}",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex",
}
OF_PAGES = {**PERSONAL, "Cross-Origin-Opener-Policy": "same-origin"}
OF_FRAGMENTS = {**PERSONAL, "Content-Security-Policy": FRAGMENT_POLICY}


AT_SIGN = "&#64;"
"""Written so, `@` is the sign itself to every browser, and no address to who harvests them."""


def finish_page(response: Response) -> Response:
    """The headers of hosted pages, of assets, and of addresses that lead nowhere."""
    is_html = response.mimetype == "text/html"
    if is_html:
        _finish_html(response, OF_PAGES)
    shared = "same-origin" if is_html else "cross-origin"
    response.headers.setdefault("Cross-Origin-Resource-Policy", shared)
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    return response


def finish_fragment(response: Response) -> Response:
    """A fragment may be read by the page that asked for it, without credentials."""
    if response.mimetype == "text/html":
        _finish_html(response, OF_FRAGMENTS)
    response.vary.add("Origin")
    if origin := facts().allowed_origin:
        response.headers["Access-Control-Allow-Origin"] = origin
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    return response


def _finish_html(response: Response, headers: dict[str, str]) -> None:
    _hide_at_signs(response)
    varies = [*_compress(response), "Accept-Language", SIGNAL]
    # Added, not set: a new answer has none of them, and to look for each takes as long as all else.
    response.headers.extend(headers)
    if "Content-Security-Policy" not in response.headers:
        response.headers.add("Content-Security-Policy", _policy())
    response.headers.add("Vary", ", ".join(varies))
    if language := facts().language:
        response.headers.add("Content-Language", language.tag)


def _policy() -> str:
    """A hosted page stands in a frame only where its site's owner has listed the page around it."""
    site = facts().site
    framed_by = site.site.frame_origins if site else ()
    return POLICY.format(framed_by=" ".join(framed_by) or "'none'")


def _hide_at_signs(response: Response) -> None:
    """Written as a character reference, which every browser reads as the sign itself.

    A CDN that hides addresses from harvesters takes each `name@host` of the source, no-transform or
    not, for one to hide, puts other words in its place, and a script that no policy of ours lets
    run. Our pages hold no script or style of their own, where a reference would not be one.
    """
    body = response.get_data()
    if b"@" in body:
        response.set_data(body.replace(b"@", AT_SIGN.encode()))


def _compress(response: Response) -> list[str]:
    """Pages and fragments are what a phone waits for: a fifth of the bytes.

    Returns the request's headers that the answer depends on.
    """
    # What stands in a redirect is read by nobody.
    if (response.content_length or 0) <= 500 or "Location" in response.headers:
        return []
    coding = accepted_coding()
    if coding:
        response.set_data(packed_at_once(response.get_data(), coding))
        response.headers["Content-Encoding"] = coding
    return ["Accept-Encoding"]
