"""Assets: what they contain, and addresses that name the content.

At such an address there is never anything else, so browsers keep it for good. The plain addresses
work as well, and are kept for minutes.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from widget_backend.embed.script import widget_folder
from widget_backend.site.model import Site

STATIC = Path(__file__).parents[1] / "static"
STYLES = "text/css; charset=utf-8"
SCRIPT = "text/javascript; charset=utf-8"
SHARED = {
    "form.css": STYLES,
    "page.css": STYLES,
    "snippet.css": STYLES,
    "snippet.js": SCRIPT,
}
"""Files of every site, and of which kind they are."""


@dataclass(frozen=True)
class Asset:
    """A file that pages load. `path` is its plain address."""

    path: str
    content: bytes
    kind: str

    @property
    def fingerprint(self) -> str:
        return hashlib.sha256(self.content).hexdigest()[:16]

    @property
    def lasting_path(self) -> str:
        """The address that names the content: `/widget/form.0123456789abcdef.css`."""
        folder, _, name = self.path.rpartition("/")
        stem, dot, end = name.partition(".")
        return f"{folder}/{stem}.{self.fingerprint}{dot}{end}"


def shared_asset(name: str) -> Asset:
    """A file of `SHARED`."""
    folder = widget_folder() if name == "form.css" else STATIC
    return Asset(f"/widget/{name}", (folder / name).read_bytes(), SHARED[name])


def theme_asset(site: Site) -> Asset:
    """The sender's colours as custom properties: a style attribute would need a weaker policy."""
    theme = site.theme
    styles = f":root{{--pw-accent:{theme.accent};--pw-on-accent:{theme.on_accent}}}"
    return Asset(f"/s/{site.id}/theme.css", styles.encode(), STYLES)


def logo_asset(site: Site) -> Asset | None:
    logo = site.theme.logo
    return Asset(f"/s/{site.id}/logo", logo.content, logo.kind) if logo else None
