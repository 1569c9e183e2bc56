"""The logo beside the site file: held as it was read, so that one half written is never shown."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

from widget_backend.errors import Finding
from widget_backend.site.svg import LARGEST, SVG, PictureRefused, read_beside

PNG = b"\x89PNG\r\n\x1a\n"
PNG_END = b"IEND\xaeB`\x82"
"""The name and checksum of the last part, which is the same in every PNG."""


@dataclass(frozen=True)
class Logo:
    """`kind` is its content type."""

    content: bytes
    kind: str


def logo_findings(folder: Path, name: str) -> Iterator[Finding]:
    """Why the file cannot be shown as a logo, if it cannot."""
    try:
        read_logo(folder, name)
    except PictureRefused as refused:
        cure = f"put an SVG or PNG file of up to {LARGEST // 1000} KB beside the site file"
        reason = f"“{name}” cannot be used: {refused}"
        yield Finding("theme.logo", reason, refused.cure or cure)


def read_logo(folder: Path, name: str) -> Logo:
    """Raises PictureRefused."""
    suffix = Path(name).suffix.lower()
    if suffix not in {".svg", ".png"}:
        raise PictureRefused("its name ends in neither .svg nor .png")
    content = read_beside(folder, name)
    if suffix == ".svg" and not _is_svg(content):
        raise PictureRefused("it is no SVG picture, whatever its name says")
    if suffix == ".png" and not (content.startswith(PNG) and content.endswith(PNG_END)):
        raise PictureRefused("it is no PNG picture, or a part of one, whatever its name says")
    return Logo(content, "image/svg+xml" if suffix == ".svg" else "image/png")


def _is_svg(content: bytes) -> bool:
    """Browsers show it in `img` only when it is well-formed and in the namespace of SVG."""
    try:
        return ElementTree.fromstring(content).tag == f"{SVG}svg"  # noqa: S314 - as in svg.py
    except (ElementTree.ParseError, ValueError, LookupError):
        return False
