"""Misfits: addresses of sites that do not lead to where the server listens."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from ipaddress import ip_address
from urllib.parse import urlsplit

from widget_backend.config import Settings
from widget_backend.site.model import Site

PORTS = {"http": 80, "https": 443}


def misfits(sites: Iterable[Site], settings: Settings) -> Iterator[str]:
    """A line for each site whose links may lead nowhere, or pass a proxy that nobody believes."""
    for site in sites:
        url = urlsplit(site.url)
        here = f"“url” of {site.id} is {site.url}"
        is_believed = settings.trusted_proxy or settings.socket
        if url.scheme == "https" and not is_believed:
            yield (
                f"{here}, so a proxy asks for everybody, and limits count them as one. "
                "set WIDGET_TRUSTED_PROXY to its address, or let it ask by WIDGET_SOCKET."
            )
        if url.scheme == "http" and (url.port or PORTS["http"]) != settings.port != 0:
            yield (
                f"{here}, but the server listens on port {settings.port}. "
                "links lead there only if something passes them on."
            )
        if url.scheme == "https" and settings.port and not _is_loopback(settings.host):
            yield (
                f"the server listens on {settings.host} without TLS, and others may ask it past "
                "the proxy. set WIDGET_HOST to 127.0.0.1, or let a firewall keep them out."
            )


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
