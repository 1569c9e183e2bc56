"""The theme: whether its colours can be read."""

from __future__ import annotations

from collections.abc import Iterator

from widget_backend.errors import Finding
from widget_backend.site.model import Theme

LEAST_CONTRAST = 4.5
"""Between text and what is behind it (WCAG 2.2, 1.4.3)."""


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
