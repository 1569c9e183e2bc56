"""Assets: the widget's script, style sheets and the sender's look. Public, cached, compressed."""

from __future__ import annotations

import hashlib
from pathlib import Path

from flask import Blueprint, Response, abort, request

from widget_backend.embed.releases import released, released_folder
from widget_backend.embed.script import widget_folder, widget_script
from widget_backend.web.compression import accepted_coding, packed_for_good, say_coding
from widget_backend.web.headers import UNALTERED
from widget_backend.web.visits import find_site

assets = Blueprint("assets", __name__)

SHORT = 300
"""Seconds that the newest script may be kept: a mended one must reach everybody soon."""

YEAR = 31_536_000
"""Seconds that a frozen version may be kept."""

DRAWING_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox"


@assets.get("/widget/v1.js")
def script() -> Response:
    return _asset(widget_script(), "text/javascript; charset=utf-8", SHORT)


@assets.get("/widget/<name>")
def frozen_script(name: str) -> Response:
    """A version that never changes, so that a browser need never ask again."""
    if name not in released():
        abort(404)
    content = (released_folder() / name).read_bytes()
    response = _asset(content, "text/javascript; charset=utf-8", YEAR)
    response.headers["Cache-Control"] += ", immutable"
    return response


@assets.get("/widget/form.css")
def form_styles() -> Response:
    return _asset((widget_folder() / "form.css").read_bytes(), "text/css; charset=utf-8", SHORT)


@assets.get("/widget/page.css")
def page_styles() -> Response:
    return _static("page.css", "text/css; charset=utf-8")


@assets.get("/widget/snippet.css")
def snippet_styles() -> Response:
    return _static("snippet.css", "text/css; charset=utf-8")


@assets.get("/widget/snippet.js")
def snippet_script() -> Response:
    return _static("snippet.js", "text/javascript; charset=utf-8")


@assets.get("/s/<site_id>/theme.css")
def theme(site_id: str) -> Response:
    """The sender's colours as custom properties: a style attribute would need a weaker policy."""
    look = find_site(site_id).site.theme
    styles = f":root{{--pw-accent:{look.accent};--pw-on-accent:{look.on_accent}}}"
    return _asset(styles.encode(), "text/css; charset=utf-8", SHORT)


@assets.get("/s/<site_id>/logo")
def logo(site_id: str) -> Response:
    file = find_site(site_id).site.theme.logo
    if file is None:
        abort(404)
    kind = "image/svg+xml" if file.suffix.lower() == ".svg" else "image/png"
    response = _asset(file.read_bytes(), kind, SHORT)
    # An SVG opened by itself is a document of our origin; the owner's may hold a script.
    response.headers["Content-Security-Policy"] = DRAWING_POLICY
    return response


def _static(name: str, kind: str) -> Response:
    file = Path(__file__).parent.parent / "static" / name
    return _asset(file.read_bytes(), kind, SHORT)


def _asset(content: bytes, kind: str, seconds: int) -> Response:
    coding = accepted_coding()
    packed = packed_for_good(content, coding) if coding else content
    response = Response(packed, content_type=kind)
    say_coding(response, coding)
    response.headers["Cache-Control"] = f"public, max-age={seconds}, {UNALTERED}"
    response.headers["Access-Control-Allow-Origin"] = "*"
    # Of what is sent: a strong tag names the bytes, and those differ by coding (RFC 9110, 8.8.3.3).
    response.set_etag(hashlib.sha256(packed).hexdigest()[:16])
    response.make_conditional(request)
    return response
