"""Misfits: addresses of sites that do not lead to where the server listens."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from ipaddress import ip_address
from urllib.parse import urlsplit

from widget_backend.config import Settings
from widget_backend.doctor.outcomes import Outcome, unsure, wrong
from widget_backend.doctor.page_facts import is_local
from widget_backend.errors import Finding
from widget_backend.site.model import Site

ABOUT = "settings"
PORTS = {"http": 80, "https": 443}


def misfits(sites: Iterable[Site], settings: Settings) -> Iterator[Outcome]:
    """What of each site's links may lead nowhere, or past a proxy, or pass one nobody believes."""
    for site in sites:
        url = urlsplit(site.url)
        here = f"“url” of {site.id} is {site.url}"
        for finding in unencrypted(site.url):
            yield wrong(ABOUT, f"“url” of {site.id}: {finding.reason}", finding.cure)
        is_believed = settings.trusted_proxy or settings.socket
        if url.scheme == "https" and not is_believed:
            yield wrong(
                ABOUT,
                f"{here}, so a proxy asks for everybody, and limits count them as one",
                "set WIDGET_TRUSTED_PROXY to its address, or let it ask by WIDGET_SOCKET",
            )
        if url.scheme == "http" and (url.port or PORTS["http"]) != settings.port != 0:
            yield unsure(
                ABOUT,
                f"{here}, but the server listens on port {settings.port}",
                "links lead there only if something passes them on",
            )
        if url.scheme == "https" and settings.port and not _is_loopback(settings.host):
            yield unsure(
                ABOUT,
                f"the server listens on {settings.host} without TLS, and others may ask it past "
                "the proxy",
                "set WIDGET_HOST to 127.0.0.1, or let a firewall or a container keep them out",
            )


def unencrypted(url: str) -> Iterator[Finding]:
    """What is wrong with the address of a site, if it is one without TLS on another machine."""
    parts = urlsplit(url)
    if parts.scheme == "http" and not is_local(parts.hostname or ""):
        reason = f"at “{url}” others on the way could read and use people’s links"
        yield Finding("url", reason, f"write https://{parts.netloc}")


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
