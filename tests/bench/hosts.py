"""The pages that embed: one plain page of a shop, and in each row another way to the same form."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import waitress

from widget_backend.web.compression import packed_for_good

BELOW = "Solid wood, honest prices, delivered to your door in Tirana and beyond. " * 6
PAGE = """\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Dimora</title>
<link rel="icon" href="data:,">
<style>
body {{ font-family: serif; line-height: 1.6; margin: 0; padding: 1rem }}
.place, preference-widget {{ display: block; min-block-size: {room}px }}
</style>
{head}
</head>
<body>
<h1>Furniture that lasts</h1>
{body}
<p>{below}</p>
</body>
</html>
"""
INSERT = (
    'fetch("{fragment}").then(answer => answer.text())'
    '.then(text => {{ document.querySelector(".place").innerHTML = text }})'
)


def static(form: str, room: int) -> str:
    """The form stands in the page itself."""
    return _page(room, body=f'<div class="place">{form}</div>')


def one_request(fragment: str, room: int) -> str:
    """The least that an embed can do: a line of script in the page fetches the form."""
    insert = INSERT.format(fragment=fragment)
    return _page(room, body=f'<div class="place"></div><script>{insert}</script>')


def two_requests(fragment: str, script: str, room: int) -> str:
    """The same line of script in a file of its own, and the form preloaded beside it."""
    head = f'{_preload(fragment)}<script src="{script}" async></script>'
    return _page(room, head=head, body='<div class="place"></div>')


def snippet(backend: str, src: str, language: str, room: int) -> str:
    """What our owners paste."""
    head = (
        f"{_preload(f'{src}/fragment?lang={language}')}\n"
        f'<script type="module" src="{backend}/widget/v1.js"></script>'
    )
    link = f'<a href="{src}?lang={language}">Choose how we keep in touch</a>'
    body = f'<preference-widget src="{src}" lang="{language}">{link}</preference-widget>'
    return _page(room, head=head, body=body)


def embedding(head: str, body: str) -> str:
    """The page with somebody else's embed, as their instructions have it: nothing is reserved."""
    return _page(0, head=head, body=body)


def _preload(fragment: str) -> str:
    return f'<link rel="preload" as="fetch" crossorigin href="{fragment}">'


def _page(room: int, body: str, head: str = "") -> str:
    return PAGE.format(room=room, head=head, body=body, below=BELOW)


class Host:
    """A server of files by their paths, packed with brotli at its best, as CDNs have them."""

    def __init__(self) -> None:
        self._files: dict[str, tuple[str, bytes]] = {}

    def put(self, path: str, content: str, kind: str = "text/html") -> str:
        """Serve this content at the path; returns the path."""
        self._files[path] = f"{kind}; charset=utf-8", packed_for_good(content.encode(), "br")
        return path

    def __call__(self, request: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        kind, content = self._files.get(request["PATH_INFO"], ("text/plain", b""))
        headers = {"Content-Type": kind, "Cache-Control": "no-store"}
        if content:
            headers |= {"Content-Encoding": "br", "Content-Length": str(len(content))}
        start("200 OK" if content else "404 Not Found", list(headers.items()))
        return [content]


@contextmanager
def hosting(host: Host) -> Iterator[str]:
    """The origin of the host's pages, which are served until the block ends."""
    server = waitress.create_server(host, host="127.0.0.1", port=0, ident=None)
    threading.Thread(target=server.run, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.effective_port}"
    finally:
        server.close()
