"""Each request in the log: a number of its own, and the one line that tells how it ended."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from time import monotonic
from typing import TYPE_CHECKING, Any

from flask import request

from widget_backend.log_lines import REQUEST_ID_HEADER, log_request, numbered
from widget_backend.web.metrics import Metrics
from widget_backend.web.request_context import facts

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

ROUTE, SITE = "preference-widget.route", "preference-widget.site"
"""In the environment of a request, once Flask has answered it."""


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
            return start_response(line, [*headers, (REQUEST_ID_HEADER, number)], *more)

        with numbered() as number:
            try:
                return self._app(environ, start)
            finally:
                seconds = monotonic() - began
                about = (environ["REQUEST_METHOD"], environ.get(ROUTE, ""), status, seconds)
                log_request(*about, environ.get(SITE, ""))
                if metrics := self._metrics():
                    metrics.note_request(*about)
