"""Page facts: what the checks ask of an inspected page and its addresses."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

from widget_backend.doctor.inspection import Look

Widget = dict[str, Any]
"""One element, as measure.js describes it."""


def origin_of(url: str) -> str:
    """Scheme, host and port; empty if it is no web address."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return f"{parts.scheme}://{parts.netloc}" if parts.netloc else ""


def is_local(host: str) -> bool:
    """Whether it is this machine, which needs no encryption (W3C, Secure Contexts)."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def fragment_asked(look: Look, widget: Widget) -> Iterator[str]:
    """The addresses at which the widget requested its form, without those of preloads only."""
    if not widget["home"]:
        return
    home = re.sub("/?([#?].*)?$", "/fragment", widget["home"], count=1)
    preloads = {each["href"] for each in look.facts["preloads"]}
    asked = [url for url in dict.fromkeys(look.asked) if _is_for(widget, home, url)]
    own = [url for url in asked if url not in preloads]
    # If nothing but the preload was requested, the widget used that answer.
    yield from own or asked


def _is_for(widget: Widget, home: str, url: str) -> bool:
    """Whether an address is that of the widget's form, in its language and with its view."""
    address, _, query = url.partition("?")
    parameters = {name: values[0] for name, values in parse_qs(query).items()}
    wanted = {name: widget[name] for name in ("lang", "view") if widget[name]}
    return address == home and parameters == wanted


def has_form(widget: Widget) -> bool:
    """Whether its form loaded. A prompt that has nothing to ask then shows nothing."""
    return any(each["name"] == "load" and each["status"] < 400 for each in widget["events"])


def widgets_in(look: Look) -> list[Widget]:
    widgets: list[Widget] = look.facts["widgets"]
    return widgets


def is_shown(widget: Widget) -> bool:
    return bool(widget["form"]) and bool(widget["form"]["shows"])
