"""Headers: what every answer says about caching, framing, referring and reading across origins."""

from __future__ import annotations

from flask import Flask, Response, g, request

from widget_backend.pages.compression import accepted_coding, packed_at_once, say_coding

POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
    "frame-ancestors 'none'; base-uri 'none'"
)
"""Hosted pages need no script at all, so none can be injected."""

FRAGMENT_POLICY = "default-src 'none'; frame-ancestors 'none'; sandbox"
"""A fragment is only ever read; opened by itself it can do nothing."""

PERSONAL = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex",
}
PAGE = {"Content-Security-Policy": POLICY, "Cross-Origin-Opener-Policy": "same-origin"}
FRAGMENT = {"Content-Security-Policy": FRAGMENT_POLICY}


def register(app: Flask) -> None:
    app.after_request(lambda response: _personal(_across_origins(_compressed(response))))


def _personal(response: Response) -> Response:
    if response.mimetype == "text/html":
        response.headers.extend(PERSONAL | (FRAGMENT if _is_fragment() else PAGE))
        response.vary.add("Accept-Language")
        if "language" in g:
            response.headers["Content-Language"] = g.language.tag
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    return response


def _across_origins(response: Response) -> Response:
    """A fragment may be read by the page that asked for it, without credentials."""
    if _is_fragment():
        response.vary.add("Origin")
        if origin := g.get("allowed_origin"):
            response.headers["Access-Control-Allow-Origin"] = origin
    else:
        response.headers.setdefault("Cross-Origin-Resource-Policy", _shared(response))
    return response


def _is_fragment() -> bool:
    return request.path.endswith("/fragment")


def _shared(response: Response) -> str:
    return "same-origin" if response.mimetype == "text/html" else "cross-origin"


def _compressed(response: Response) -> Response:
    """Pages and fragments are what a phone waits for: a fifth of the bytes."""
    worth_it = response.mimetype == "text/html" and (response.content_length or 0) > 500
    if worth_it:
        coding = accepted_coding()
        if coding:
            response.set_data(packed_at_once(response.get_data(), coding))
        say_coding(response, coding)
    return response
