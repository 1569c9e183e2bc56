"""Addresses that others look up on any host (RFC 8615): the same for all sites of the server."""

from __future__ import annotations

import json

from flask import Response

from widget_backend.pages.assets import assets, public_file
from widget_backend.web.privacy_signal import OBEYED_SINCE

DAY = 86_400
"""Seconds that what stands here may be kept."""


@assets.get("/.well-known/gpc.json")
def privacy_control() -> Response:
    """That we obey Global Privacy Control (https://w3c.github.io/gpc/#gpc-support-resource)."""
    statement = {"gpc": True, "lastUpdate": OBEYED_SINCE}
    return public_file(json.dumps(statement).encode(), "application/json", DAY)
