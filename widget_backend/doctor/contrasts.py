"""Contrasts: whether people can read the form and see its controls, on this page’s background."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from widget_backend.doctor.inspection import Inspection
from widget_backend.errors import Finding
from widget_backend.site.theme import LEAST_CONTRAST, contrast

LEAST_OF_LARGE = 3.0
"""Of large letters (WCAG 2.2, 1.4.3), and of the edges of controls (1.4.11)."""

CURE = (
    "set color on the page around it, with color-scheme: dark where that is dark; for the main "
    "button and what is chosen, --pw-accent and --pw-on-accent on the element"
)


def contrasts(inspection: Inspection) -> Iterator[Finding]:
    """The worst text and the worst control at any width, in light and in dark colours."""
    light, dark = (
        [look.facts for look in inspection.looks],
        [look.dark for look in inspection.looks],
    )
    for name, sides in (("contrast", light), ("contrast (dark)", dark)):
        widgets = [widget for facts in sides for widget in facts["widgets"]]
        yield from _text(name, [each for widget in widgets for each in widget["texts"]])
        yield from _control(name, [each for widget in widgets for each in widget["controls"]])


def _text(where: str, texts: list[Mapping[str, Any]]) -> Iterator[Finding]:
    poor = [
        (_ratio(each), least, each["what"])
        for each in texts
        if _ratio(each) < (least := LEAST_OF_LARGE if each["large"] else LEAST_CONTRAST)
    ]
    if poor:
        ratio, least, what = min(poor)
        yield Finding(where, f"the text “{what}” has {ratio:.2f} to 1, not {least}", CURE)


def _control(where: str, controls: list[Mapping[str, Any]]) -> Iterator[Finding]:
    poor = [
        (best, each["what"])
        for each in controls
        if (best := max(map(_ratio, each["edges"]))) < LEAST_OF_LARGE
    ]
    if poor:
        ratio, what = min(poor)
        reason = f"the edge of “{what}” has {ratio:.2f} to 1, not {LEAST_OF_LARGE}"
        yield Finding(where, reason, CURE)


def _ratio(pair: Mapping[str, str]) -> float:
    return contrast(pair["colour"], pair["behind"])
