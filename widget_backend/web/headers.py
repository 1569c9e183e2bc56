"""Headers: what every answer says about caching, framing, referring and reading across origins."""

from __future__ import annotations

from flask import Flask, Response, g, request

from widget_backend.web.compression import accepted_coding, packed_at_once, say_coding

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


def register(app: Flask) -> None:
    app.after_request(_finished)


def _finished(response: Response) -> Response:
    """What is asked of the response twice is asked once: this is done for every save."""
    is_page = response.mimetype == "text/html"
    is_fragment = request.path.endswith("/fragment")
    if is_page:
        _hide_at_signs(response)
        _compress(response)
        response.headers.extend(OF_FRAGMENTS if is_fragment else OF_PAGES)
        response.headers.setdefault("Content-Security-Policy", _policy())
        response.vary.add("Accept-Language")
        if "language" in g:
            response.headers["Content-Language"] = g.language.tag
    if is_fragment:
        _let_read(response)
    else:
        shared = "same-origin" if is_page else "cross-origin"
        response.headers.setdefault("Cross-Origin-Resource-Policy", shared)
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    return response


def _policy() -> str:
    """A hosted page stands in a frame only where its site's owner has listed the page around it."""
    framed_by = g.site.site.frame_origins if "site" in g else ()
    return POLICY.format(framed_by=" ".join(framed_by) or "'none'")


def _let_read(response: Response) -> None:
    """A fragment may be read by the page that asked for it, without credentials."""
    response.vary.add("Origin")
    if origin := g.get("allowed_origin"):
        response.headers["Access-Control-Allow-Origin"] = origin


def _hide_at_signs(response: Response) -> None:
    """Written as a character reference, which every browser reads as the sign itself.

    A CDN that hides addresses from harvesters takes each `name@host` of the source, no-transform or
    not, for one to hide, puts other words in its place, and a script that no policy of ours lets
    run. Our pages hold no script or style of their own, where a reference would not be one.
    """
    body = response.get_data()
    if b"@" in body:
        response.set_data(body.replace(b"@", b"&#64;"))


def _compress(response: Response) -> None:
    """Pages and fragments are what a phone waits for: a fifth of the bytes."""
    # What stands in a redirect is read by nobody.
    if (response.content_length or 0) <= 500 or response.location:
        return
    coding = accepted_coding()
    if coding:
        response.set_data(packed_at_once(response.get_data(), coding))
    say_coding(response, coding)
