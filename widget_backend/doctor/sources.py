"""Sources: what is wrong with the page's HTML itself, as it comes to nobody in particular."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from html import unescape
from html.parser import HTMLParser

from widget_backend.doctor.looking import Seen, Source
from widget_backend.errors import Finding
from widget_backend.links import PATHS

LINK = re.compile(rf"/([{''.join(PATHS.values())}])/[\w.-]+\.[\w-]{{43}}(?![\w-])", re.ASCII)
"""A signed link: what it says, a dot, and its signature in base64url (recipes/signing.md)."""

NAME = "preference-widget"

FROM_CACHE = re.compile(r"\bhit\b", re.IGNORECASE)


def unclosed(seen: Seen) -> Iterator[Finding]:
    """HTML knows no `<… />`: what follows is inside, and vanishes when the form shows."""
    cure = "write </preference-widget> behind the link"
    ends = [_ends_of(source) for source in seen.sources]
    if any(each.are_at_once for each in ends):
        reason = "it ends with />, so that what follows in the page is taken for what is inside"
        yield Finding("element", reason, cure)
    elif any(each.missing > 0 for each in ends):
        reason = "its end is missing, so that what follows in the page vanishes with the link"
        yield Finding("element", reason, cure)


class _Ends(HTMLParser):
    """How our elements end. What scripts and comments hold is none."""

    missing = 0
    are_at_once = False

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.missing += tag == NAME

    def handle_endtag(self, tag: str) -> None:
        self.missing -= tag == NAME

    def handle_startendtag(self, tag: str, attrs: object) -> None:
        self.are_at_once |= tag == NAME


def _ends_of(source: Source) -> _Ends:
    ends = _Ends()
    ends.feed(source.html)
    return ends


def cached_links(seen: Seen) -> Iterator[Finding]:
    """Asked for twice without cookies, as the next visitor would. Never tells the link itself."""
    for source in seen.sources:
        # As JSON has it, a slash comes after a backslash, and HTML may write it by its number.
        said = unescape(source.html.replace("\\/", "/"))
        link, why = LINK.search(said), _may_be_cached(source.headers)
        if link and why:
            reason = f"a personal link (/{link[1]}/…) stands in HTML that may be cached: {why}"
            cure = (
                "take it out, and fetch it from an address of its own with Cache-Control: no-store"
            )
            yield Finding("cached link", reason, cure)


def _may_be_cached(headers: Mapping[str, str]) -> str:
    """Why others may get the same answer; empty if they cannot."""
    said = headers.get("cache-control", "")
    if "age" in headers:
        return f"it came from a cache (Age: {headers['age']})"
    for name in ("x-cache", "cf-cache-status", "x-cache-status"):
        if FROM_CACHE.search(headers.get(name, "")):
            return f"it came from a cache ({name}: {headers[name]})"
    if "no-store" not in said.lower():
        return f"Cache-Control: {said}" if said else "it has no Cache-Control"
    return ""
