"""Headers: what every answer says about caching, framing, referring and reading across origins."""

from __future__ import annotations

import zlib

from flask import Flask, Response, g, request

POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
    "frame-ancestors 'none'; base-uri 'none'"
)
"""Hosted pages need no script at all, so none can be injected."""

PERSONAL = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex",
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
}


def register(app: Flask) -> None:
    app.after_request(lambda response: _personal(_across_origins(_compressed(response))))


def _personal(response: Response) -> Response:
    if response.mimetype == "text/html":
        response.headers.extend(PERSONAL)
        response.vary.add("Accept-Language")
        if "language" in g:
            response.headers["Content-Language"] = g.language.tag
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    return response


def _across_origins(response: Response) -> Response:
    """A fragment may be read by the page that asked for it, without credentials."""
    if request.path.endswith("/fragment"):
        response.vary.add("Origin")
        if origin := g.get("allowed_origin"):
            response.headers["Access-Control-Allow-Origin"] = origin
    else:
        response.headers.setdefault("Cross-Origin-Resource-Policy", _shared(response))
    return response


def _shared(response: Response) -> str:
    return "same-origin" if response.mimetype == "text/html" else "cross-origin"


def _compressed(response: Response) -> Response:
    """Fragments are what a phone waits for in somebody else's page: a fifth of the bytes."""
    if (
        response.mimetype == "text/html"
        and response.content_length
        and response.content_length > 500
        and request.accept_encodings["gzip"] > 0
    ):
        packer = zlib.compressobj(6, wbits=31)
        response.set_data(packer.compress(response.get_data()) + packer.flush())
        response.headers["Content-Encoding"] = "gzip"
        response.vary.add("Accept-Encoding")
    return response
