"""The theme: the logo beside the site file, and whether its colours can be read."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

from widget_backend.errors import Finding
from widget_backend.site.model import Theme
from widget_backend.site.svg import LARGEST, SVG, PictureRefused, read_beside

LEAST_CONTRAST = 4.5
"""Between text and what is behind it (WCAG 2.2, 1.4.3)."""

PNG = b"\x89PNG\r\n\x1a\n"
PNG_END = b"IEND\xaeB`\x82"
"""The name and checksum of the last part, which is the same in every PNG."""


def logo_findings(folder: Path, name: str) -> Iterator[Finding]:
    """Why the file cannot be shown as a logo, if it cannot."""
    try:
        _check_picture(folder, name)
    except PictureRefused as refused:
        cure = f"put an SVG or PNG file of up to {LARGEST // 1000} KB beside the site file"
        reason = f"“{name}” cannot be used: {refused}"
        yield Finding("theme.logo", reason, refused.cure or cure)


def _check_picture(folder: Path, name: str) -> None:
    """Raises PictureRefused."""
    suffix = Path(name).suffix.lower()
    if suffix not in {".svg", ".png"}:
        raise PictureRefused("its name ends in neither .svg nor .png")
    content = read_beside(folder, name)
    if suffix == ".svg" and not _is_svg(content):
        raise PictureRefused("it is no SVG picture, whatever its name says")
    if suffix == ".png" and not (content.startswith(PNG) and content.endswith(PNG_END)):
        raise PictureRefused("it is no PNG picture, or a part of one, whatever its name says")


def _is_svg(content: bytes) -> bool:
    """Browsers show it in `img` only when it is well-formed and in the namespace of SVG."""
    try:
        return ElementTree.fromstring(content).tag == f"{SVG}svg"  # noqa: S314 - as in svg.py
    except (ElementTree.ParseError, ValueError, LookupError):
        return False


def contrast_findings(theme: Theme) -> Iterator[Finding]:
    """Whether the text on buttons is hard to read: no mistake, but worth a warning."""
    ratio = contrast(theme.accent, theme.on_accent)
    if ratio < LEAST_CONTRAST:
        reason = f"its contrast to theme.accent is {ratio:.1f} to 1, which many cannot read"
        cure = f"choose colours with at least {LEAST_CONTRAST} to 1"
        yield Finding("theme.on_accent", reason, cure)


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours `#rrggbb`, from 1 to 21 (WCAG 2.2)."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
