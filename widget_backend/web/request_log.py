"""Each request in the log: a number of its own, and the one line that tells how it ended."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable
from time import monotonic
from typing import TYPE_CHECKING, Any

from flask import request

from widget_backend.log_lines import log_request, request_id
from widget_backend.web.metrics import Metrics
from widget_backend.web.request_context import facts

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

ROUTE, SITE = "preference-widget.route", "preference-widget.site"
"""In the environment of a request, once Flask has answered it."""

HEADER = "X-Request-ID"
"""Of each answer, so that the log of a proxy can have the number too.

What comes with a request under this name is not read: a proxy may forward that of a client, and a
number that nginx makes cannot be told from a handle.
"""


def note_request(_error: BaseException | None = None) -> None:
    """At the end of a request: by which route it came, and of which site it was.

    Never a part of the path: a site that is not served is a word of the client's.
    """
    site = facts().site
    request.environ[ROUTE] = request.url_rule.rule if request.url_rule else ""
    request.environ[SITE] = site.id if site else ""


class RequestLog:
    """The application, with a line in the log for each request, which is also counted if wanted."""

    def __init__(self, app: WSGIApplication, metrics: Callable[[], Metrics | None]) -> None:
        self._app = app
        self._metrics = metrics

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        began, status = monotonic(), 500

        def start(line: str, headers: list[tuple[str, str]], *more: Any) -> Any:
            nonlocal status
            status = int(line[:3])
            return start_response(line, [*headers, (HEADER, number)], *more)

        number = secrets.token_hex(8)
        token = request_id.set(number)
        try:
            return self._app(environ, start)
        finally:
            about = (environ["REQUEST_METHOD"], environ.get(ROUTE, ""), status, monotonic() - began)
            log_request(*about, environ.get(SITE, ""))
            if metrics := self._metrics():
                metrics.note_request(*about)
            request_id.reset(token)
