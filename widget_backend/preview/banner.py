"""The banner: what is wrong with the site’s files, on top of every page until it is mended."""

from __future__ import annotations

import hashlib
import re
from base64 import b64encode
from collections.abc import Callable, Iterable
from html import escape
from typing import TYPE_CHECKING

from werkzeug.wrappers import Response

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

STYLE = (
    ".preview-problem{position:sticky;inset-block-start:0;z-index:9;margin:0 0 1rem;"
    "padding:.75rem 1rem;border-radius:0 0 .5rem .5rem;background:#8c1d18;color:#fff;"
    "font:.9375rem/1.5 system-ui,sans-serif;text-align:left;overflow-wrap:anywhere;"
    "max-block-size:50vh;overflow:auto}"
    ".preview-problem p{margin:0}.preview-problem p+p{margin-block-start:.375rem}"
)
HASH = f"'sha256-{b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()}'"
"""Lets this style, and no other, into a page with a strict policy."""
OWN = "style-src 'self'"
"""In the policies of all pages. Letters have another one, fragments none: they stay as they are."""


class Banner:
    """An application, with a banner on its pages while there is a problem."""

    def __init__(self, app: WSGIApplication, problem: Callable[[], str]) -> None:
        self._app = app
        self._problem = problem

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        problem = self._problem()
        if not problem:
            return self._app(environ, start_response)
        plain = {key: each for key, each in environ.items() if key != "HTTP_ACCEPT_ENCODING"}
        response = Response.from_app(self._app, plain, buffered=True)
        policy = response.headers.get("Content-Security-Policy", "")
        if response.mimetype == "text/html" and OWN in policy:
            response.headers["Content-Security-Policy"] = policy.replace(OWN, f"{OWN} {HASH}")
            response.set_data(with_banner(response.get_data(as_text=True), problem))
        return response(environ, start_response)


def with_banner(page: str, problem: str) -> str:
    """The page with each line of the problem at its beginning."""
    lines = ["The site stays as it was, because its files have a mistake:", *problem.splitlines()]
    text = "".join(f"<p>{escape(line)}</p>" for line in lines)
    banner = f'<div class="preview-problem" role="alert" lang="en" dir="ltr">{text}</div>'
    with_style = page.replace("</head>", f"<style>{STYLE}</style></head>", 1)
    return re.sub("<body[^>]*>", lambda body: body[0] + banner, with_style, count=1)
