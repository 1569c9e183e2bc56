"""What every request passes first and every answer last: nothing gets by that nobody can read.

Flask meets neither a query that is no UTF-8 nor its own faults in handling faults: those end here,
in a last page that is made of nothing but these lines.
"""

from __future__ import annotations

import string
import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING
from urllib.parse import quote

from widget_backend.faults import tell
from widget_backend.pages.headers import PERSONAL

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

LAST_PAGE = b"""\
Something went wrong on our side.
Nothing was lost that we told you was saved. Try again in a few minutes.
"""
HEADERS_OF_IT = [
    ("Content-Type", "text/plain; charset=utf-8"),
    ("Content-Length", str(len(LAST_PAGE))),
    ("X-Content-Type-Options", "nosniff"),
    *PERSONAL.items(),
]
_OF_A_QUERY = string.ascii_letters + string.digits + string.punctuation


class Incoming:
    """The application, given requests that it can read, and never without an answer."""

    def __init__(self, app: WSGIApplication) -> None:
        self._app = app

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        try:
            environ["QUERY_STRING"] = _in_ascii(environ.get("QUERY_STRING", ""))
            return self._app(environ, start_response)
        except Exception as error:
            tell(error, "the last page")
            start_response("500 Internal Server Error", HEADERS_OF_IT, sys.exc_info())
            return [LAST_PAGE]


def _in_ascii(query: str) -> str:
    """A query as RFC 3986 has it. Servers hand on bytes as they come, each as a Latin-1 letter."""
    return query if query.isascii() else quote(query.encode("latin-1"), safe=_OF_A_QUERY)
