"""URLs: of the page that was asked for, and of pages beside it.

The path arrives decoded, with whatever signs a stranger put into it. Written back as it is,
`/\\host` would lead browsers to another host (WHATWG URL, 4.4: a `\\` counts as `/`) and a line
break would end a header. So each step of it is quoted anew, and an empty one is left out.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlencode

from flask import request, url_for

from widget_backend.links import PATHS, Purpose


def here() -> str:
    """The path that was asked for, quoted: of this host, whatever stands in it."""
    return "/" + "/".join(quote(step, safe="") for step in request.path.split("/") if step)


def as_asked() -> str:
    """The page that was asked for, with all that its address asks."""
    query = request.query_string.decode("ascii")
    return f"{here()}?{query}" if query else here()


def query_in_language(tag: str) -> str:
    """The query that asks for the same page in another language, wherever that page is."""
    return with_query("", {**request.args.to_dict(), "lang": tag})


def asks_for_language_only() -> bool:
    """Whether the address asks for nothing but, perhaps, a language."""
    return request.args.keys() <= {"lang"}


def page_of_the_fragment() -> str:
    """The page that shows by itself what was asked for as a fragment."""
    return with_query(here().removesuffix("/fragment"), request.args.to_dict())


def same_page(lang: str | None, **query: Any) -> str:
    """The page that was asked for, in the language that its address named."""
    return url_for(str(request.endpoint), **(request.view_args or {}), lang=lang, **query)


def with_query(path: str, query: Mapping[str, object]) -> str:
    return f"{path}?{urlencode(query)}" if query else path


def link_url(purpose: Purpose, token: str) -> str:
    """The page of a link, from whichever page behind it."""
    return f"/{PATHS[purpose]}/{token}"
