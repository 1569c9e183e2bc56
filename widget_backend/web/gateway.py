"""What every request passes first and every answer last: nothing gets by that nobody can read.

Flask meets neither a query that is no UTF-8, nor a link with a sign too many, nor its own faults in
handling faults: those end here, in a last page that is made of nothing but these lines.
"""

from __future__ import annotations

import string
import sys
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING
from urllib.parse import quote

from widget_backend.context import Context
from widget_backend.fault_log import log_fault
from widget_backend.web.headers import PERSONAL
from widget_backend.web.link_repair import mended
from widget_backend.web.request_context import CONTEXT

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

LAST_PAGE = b"""\
Something went wrong on our side.
Everything we told you was saved is still saved. Try again in a few minutes.
"""
HEADERS_OF_IT = [
    ("Content-Type", "text/plain; charset=utf-8"),
    ("Content-Length", str(len(LAST_PAGE))),
    ("X-Content-Type-Options", "nosniff"),
    *PERSONAL.items(),
]
_OF_A_QUERY = string.ascii_letters + string.digits + string.punctuation


REPAIRED = "preference-widget.repaired"
"""In the environment of a request whose path was another one."""


class Gateway:
    """The application, given requests that it can read, and never without an answer."""

    def __init__(self, app: WSGIApplication, context: Callable[[], Context]) -> None:
        self._app = app
        self._context = context

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        try:
            environ["QUERY_STRING"] = _in_ascii(environ.get("QUERY_STRING", ""))
            self._mend_path(environ)
            return self._app(environ, start_response)
        except Exception as error:
            log_fault(error, "the last page")
            start_response("500 Internal Server Error", HEADERS_OF_IT, sys.exc_info())
            return [LAST_PAGE]

    def _mend_path(self, environ: WSGIEnvironment) -> None:
        """The page that was meant acts, whatever a mail program left in the address.

        So a press of “unsubscribe” there works at once (RFC 8058 allows no redirect); who only
        reads is led on to the clean address (`pages/blueprints.py`).
        """
        context = environ[CONTEXT] = self._context()
        path = environ["PATH_INFO"].encode("latin-1").decode("utf-8", "replace")
        clean = mended(path, context.signer.is_ours, context.sites.__contains__)
        if clean:
            environ["PATH_INFO"], environ[REPAIRED] = clean, True


def _in_ascii(query: str) -> str:
    """A query as RFC 3986 has it. Servers hand on bytes as they come, each as a Latin-1 letter."""
    return quote(query.encode("latin-1"), safe=_OF_A_QUERY)
