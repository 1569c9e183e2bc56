"""Addresses that others look up on any host (RFC 8615), and that browsers do: the same for all
sites of the server."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta

from flask import Response, abort

from widget_backend.context import Context
from widget_backend.pages.assets import assets, public_file
from widget_backend.web.privacy_signal import OBEYED_SINCE
from widget_backend.web.request_context import current_context

DAY = 86_400
"""Seconds that what stands here may be kept."""
LASTS = timedelta(days=180)
"""How long who keeps `security.txt` may rely on it: less than a year (RFC 9116, 2.5.5)."""


@assets.get("/.well-known/gpc.json")
def privacy_control() -> Response:
    """That we obey Global Privacy Control (https://w3c.github.io/gpc/#gpc-support-resource)."""
    statement = {"gpc": True, "lastUpdate": OBEYED_SINCE}
    return public_file(json.dumps(statement).encode(), "application/json", DAY)


@assets.get("/favicon.ico")
def no_icon() -> Response:
    """Nothing, and nothing wrong: a browser asks for it where a page names no icon, because the
    site has no logo. It asks again the next day."""
    answer = public_file(b"", "image/x-icon", DAY)
    answer.status_code = 204
    return answer


@assets.get("/.well-known/security.txt")
def security_contact() -> Response:
    """Where people report weaknesses of this server (RFC 9116), if the operator says where."""
    context = current_context()
    if not context.security_contact:
        abort(404)
    text = "".join(f"{name}: {value}\n" for name, value in _security_fields(context))
    return public_file(text.encode(), "text/plain; charset=utf-8", DAY)


def _security_fields(context: Context) -> Iterator[tuple[str, str]]:
    for each in context.security_contact:
        yield "Contact", each
    # The same for the whole day, so that caches see no change.
    today = datetime.combine(context.clock().astimezone(UTC), time(), UTC)
    yield "Expires", (today + LASTS).isoformat().replace("+00:00", "Z")
    sites = [each.site for each in context.sites.values()]
    yield "Preferred-Languages", ", ".join(dict.fromkeys(each.source_language for each in sites))
    hosts = {each.url for each in sites}
    if len(hosts) == 1 and (host := hosts.pop()).startswith("https://"):
        yield "Canonical", f"{host}/.well-known/security.txt"
