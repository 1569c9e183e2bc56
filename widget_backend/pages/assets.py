"""Assets: the widget's script, style sheets and the sender's look. Public, cached, compressed."""

from __future__ import annotations

import hashlib

from flask import Blueprint, Response, abort, request

from widget_backend.embed.releases import frozen_script, frozen_versions
from widget_backend.embed.script import widget_script
from widget_backend.web.access import find_site
from widget_backend.web.asset_files import (
    SCRIPT,
    SHARED,
    Asset,
    logo_asset,
    shared_asset,
    theme_asset,
)
from widget_backend.web.compression import accepted_coding, packed_for_good, say_coding
from widget_backend.web.headers import UNALTERED, finish_page

assets = Blueprint("assets", __name__)
assets.after_request(finish_page)

SHORT = 300
"""Seconds that the newest script may be kept: a mended one must reach everybody soon."""

YEAR = 31_536_000
"""Seconds that what never changes may be kept."""

DRAWING_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox"


@assets.get("/widget/v1.js")
def script() -> Response:
    return public_file(widget_script(), SCRIPT, SHORT)


@assets.get("/widget/<name>")
def frozen_version(name: str) -> Response:
    """A version that never changes, so that a browser need never ask again."""
    if name not in frozen_versions():
        abort(404)
    return _lasting(public_file(frozen_script(name), SCRIPT, YEAR))


@assets.get("/widget/<any('form', 'page', 'snippet'):stem>.<any(css, js):end>")
@assets.get("/widget/<any('form', 'page', 'snippet'):stem>.<fingerprint>.<any(css, js):end>")
def shared_file(stem: str, end: str, fingerprint: str = "") -> Response:
    name = f"{stem}.{end}"
    if name not in SHARED:
        abort(404)
    return _file(shared_asset(name), fingerprint)


@assets.get("/s/<site_id>/theme.css")
@assets.get("/s/<site_id>/theme.<fingerprint>.css")
def theme(site_id: str, fingerprint: str = "") -> Response:
    return _file(theme_asset(find_site(site_id).site), fingerprint)


@assets.get("/s/<site_id>/logo")
@assets.get("/s/<site_id>/logo.<fingerprint>")
def logo(site_id: str, fingerprint: str = "") -> Response:
    asset = logo_asset(find_site(site_id).site)
    if asset is None:
        abort(404)
    response = _file(asset, fingerprint)
    # An SVG opened by itself is a document of our origin; the owner's may hold a script.
    response.headers["Content-Security-Policy"] = DRAWING_POLICY
    return response


def _file(asset: Asset, fingerprint: str) -> Response:
    """Kept for good only at the address of what it is now: a page made before a release may still
    ask for what it was."""
    if fingerprint != asset.fingerprint:
        return public_file(asset.content, asset.kind, SHORT)
    return _lasting(public_file(asset.content, asset.kind, YEAR))


def _lasting(response: Response) -> Response:
    response.headers["Cache-Control"] += ", immutable"
    return response


def public_file(content: bytes, kind: str, seconds: int) -> Response:
    """What anybody may read and keep for so many seconds; `kind` is its content type."""
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
