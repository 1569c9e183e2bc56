"""The public half of the key that signs checkpoints, and the newest checkpoint, for anybody."""

from __future__ import annotations

from dataclasses import asdict

from flask import Response, jsonify

from widget_backend.errors import SiteUnknown
from widget_backend.pages.blueprints import hosted
from widget_backend.web.access import find_site
from widget_backend.web.request_context import current_context


@hosted.get("/s/<site_id>/evidence-key")
def evidence_key(site_id: str) -> Response:
    """JSON; the page of an unknown address where no checkpoints are signed."""
    site, checkpoints = find_site(site_id), current_context().checkpoints
    if checkpoints is None:
        raise SiteUnknown
    newest = checkpoints.newest(site.id)
    return jsonify(
        site=site.id,
        algorithm="Ed25519",
        key=checkpoints.key.id,
        public_key=checkpoints.key.text,
        checkpoint=asdict(newest) if newest else None,
    )
