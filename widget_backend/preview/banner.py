"""The banner: what is wrong with the site’s files, on top of every page until it is mended.

Warnings stand there too, more calmly: they scroll away, several are folded, and they give way to a
mistake.
"""

from __future__ import annotations

import hashlib
import re
from base64 import b64encode
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

from werkzeug.wrappers import Response

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

SHARED = (
    "{margin:0 0 1rem;padding:.75rem 1rem;border-radius:0 0 .5rem .5rem;"
    "font:.9375rem/1.5 system-ui,sans-serif;text-align:left;overflow-wrap:anywhere;"
    "max-block-size:50vh;overflow:auto}"
)
STYLE = (
    f".preview-problem{SHARED}.preview-problem{{position:sticky;inset-block-start:0;z-index:9;"
    "background:#8c1d18;color:#fff}"
    ".preview-problem p{margin:0}.preview-problem p+p{margin-block-start:.375rem}"
)
HINT_STYLE = (
    f".preview-hint{SHARED}.preview-hint{{background:#fff4d6;color:#3d2c00}}"
    ".preview-hint details{margin:0;padding:0;border:0}"
    ".preview-hint summary{padding:0;cursor:pointer;font-weight:600}"
    ".preview-hint p{margin:0;margin-block-start:.375rem}"
)


def _hash(style: str) -> str:
    return f"'sha256-{b64encode(hashlib.sha256(style.encode()).digest()).decode()}'"


HASH = _hash(STYLE)
"""Lets this style, and no other, into a page with a strict policy."""
HINT_HASH = _hash(HINT_STYLE)
OWN = "style-src 'self'"
"""In the policies of all pages. Letters have another one, fragments none: they stay as they are."""


@dataclass(frozen=True)
class Notice:
    """What stands on top of pages: lines of text, or none. A `problem` comes before hints, of which
    the first line says how many there are."""

    problem: str = ""
    hints: str = ""


class Banner:
    """An application, with a banner on its pages while there is something to tell."""

    def __init__(self, app: WSGIApplication, notice: Callable[[], Notice]) -> None:
        self._app = app
        self._notice = notice

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        notice = self._notice()
        if notice == Notice():
            return self._app(environ, start_response)
        plain = {key: each for key, each in environ.items() if key != "HTTP_ACCEPT_ENCODING"}
        response = Response.from_app(self._app, plain, buffered=True)
        policy = response.headers.get("Content-Security-Policy", "")
        if response.mimetype == "text/html" and OWN in policy:
            style_hash = HASH if notice.problem else HINT_HASH
            response.headers["Content-Security-Policy"] = policy.replace(OWN, f"{OWN} {style_hash}")
            response.set_data(with_banner(response.get_data(as_text=True), notice))
        return response(environ, start_response)


def with_banner(page: str, notice: Notice) -> str:
    """The page with each line of the notice at its beginning."""
    if notice.problem:
        style, kind, role = STYLE, "preview-problem", "alert"
        begin = "The site stays as it was, because its files have a mistake:"
        text = _paragraphs([begin, *notice.problem.splitlines()])
    else:
        style, kind, role = HINT_STYLE, "preview-hint", "note"
        count, *lines = notice.hints.splitlines()
        is_open = " open" if len(lines) == 1 else ""
        summary = f"<summary>{escape(count.removesuffix(':'))}</summary>"
        text = f"<details{is_open}>{summary}{_paragraphs(lines)}</details>"
    banner = f'<div class="{kind}" role="{role}" lang="en" dir="ltr">{text}</div>'
    with_style = page.replace("</head>", f"<style>{style}</style></head>", 1)
    return re.sub("<body[^>]*>", lambda body: body[0] + banner, with_style, count=1)


def _paragraphs(lines: Iterable[str]) -> str:
    return "".join(f"<p>{escape(line)}</p>" for line in lines)
