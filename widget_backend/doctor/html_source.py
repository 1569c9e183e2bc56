"""HTML source: what is wrong with the page’s HTML as it is served to a visitor without cookies."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from html import unescape
from html.parser import HTMLParser

from widget_backend.doctor.inspection import Inspection
from widget_backend.errors import Finding
from widget_backend.links import PATHS

LINK = re.compile(rf"/([{''.join(PATHS.values())}])/[\w.-]+\.[\w-]{{43}}(?![\w-])", re.ASCII)
"""A signed link: its payload, a dot, and its signature in base64url (recipes/signing.md)."""

NAME = "preference-widget"

FROM_CACHE = re.compile(r"\bhit\b", re.IGNORECASE)


def unclosed(inspection: Inspection) -> Iterator[Finding]:
    """HTML has no `<… />`: what follows is inside the element, and vanishes when the form shows."""
    cure = "write </preference-widget> behind the link"
    ends = [_Ends() for _ in inspection.sources]
    for parser, source in zip(ends, inspection.sources, strict=True):
        parser.feed(source.html)
    if any(each.are_at_once for each in ends):
        reason = "it ends with />, so that what follows in the page is taken for what is inside"
        yield Finding("element", reason, cure)
    elif any(each.missing > 0 for each in ends):
        reason = "its end is missing, so that what follows in the page vanishes with the link"
        yield Finding("element", reason, cure)


class _Ends(HTMLParser):
    """How our elements end, outside scripts and comments."""

    missing = 0
    are_at_once = False

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.missing += tag == NAME

    def handle_endtag(self, tag: str) -> None:
        self.missing -= tag == NAME

    def handle_startendtag(self, tag: str, attrs: object) -> None:
        self.are_at_once |= tag == NAME


def cached_links(inspection: Inspection) -> Iterator[Finding]:
    """Personal links in HTML that others may get too. The finding does not contain the link."""
    for source in inspection.sources:
        # JSON may write a slash after a backslash, and HTML by its number.
        html = unescape(source.html.replace("\\/", "/"))
        link, why = LINK.search(html), _why_cached(source.headers)
        if link and why:
            reason = f"a personal link (/{link[1]}/…) stands in HTML that may be cached: {why}"
            cure = (
                "take it out, and fetch it from an address of its own with Cache-Control: no-store"
            )
            yield Finding("cached link", reason, cure)


def _why_cached(headers: Mapping[str, str]) -> str:
    """Why others may get the same answer; empty if they cannot."""
    cache_control = headers.get("cache-control", "")
    if "age" in headers:
        return f"it came from a cache (Age: {headers['age']})"
    for name in ("x-cache", "cf-cache-status", "x-cache-status"):
        if FROM_CACHE.search(headers.get(name, "")):
            return f"it came from a cache ({name}: {headers[name]})"
    if "no-store" not in cache_control.lower():
        return f"Cache-Control: {cache_control}" if cache_control else "it has no Cache-Control"
    return ""
