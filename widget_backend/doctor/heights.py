"""Heights: whether the room that the page reserves is as high as the form."""

from __future__ import annotations

import math
from collections.abc import Iterator

from widget_backend.doctor.inspection import WIDTHS, Inspection, Look
from widget_backend.doctor.page_facts import Widget, has_form, is_shown
from widget_backend.embed.snippets import INLINE, height_rule
from widget_backend.errors import Finding

NARROW = next(iter(WIDTHS))
LEAST_JUMP = 0.01
"""Share of the window, as layout shift is measured (WICG, Layout Instability). Less is rounding."""
TOO_MUCH = 2
"""Times the height of the form: in another language, or with mistakes, the form is longer."""


def heights(inspection: Inspection) -> Iterator[Finding]:
    for look in inspection.looks:
        for widget in look.facts["widgets"]:
            needs_none = widget["mode"] in {"dialog", "prompt"}  # any other stands in the page
            if needs_none and widget["reserved"]:
                reserved = f"{widget['reserved']:.0f} px are reserved for a {widget['mode']}"
                reason, cure = f"{reserved}, which needs none", f"write {INLINE} in that rule"
                yield Finding(f"height ({look.window})", reason, cure)
            elif not needs_none and has_form(widget) and is_shown(widget):
                yield from _height(look, widget)


def _height(look: Look, widget: Widget) -> Iterator[Finding]:
    where, jump = f"height ({look.window})", widget["jump"]
    if widget["reserved"] < widget["needed"] - 1:
        reason = (
            f"{widget['reserved']:.0f} px are reserved and the form takes {widget['needed']:.0f}"
            f"{f', so that the page jumps by {jump:.2f}' if jump > LEAST_JUMP else ''}"
        )
        yield Finding(where, reason, f"write {_rule(look, widget['needed'])}")
    elif widget["reserved"] > TOO_MUCH * widget["needed"]:
        needed = f"the form takes {widget['needed']:.0f}, so that a gap stays below it"
        reason = f"{widget['reserved']:.0f} px are reserved and {needed}"
        yield Finding(where, reason, f"write {_rule(look, widget['needed'])}")
    elif jump > LEAST_JUMP:
        reason = f"the page jumps by {jump:.2f} when the form arrives, though there is room for it"
        cure = "write display: block beside min-block-size, in a style sheet of the first response"
        yield Finding(where, reason, cure)


def _rule(look: Look, height: float) -> str:
    rem = math.ceil(2 * height / look.facts["rem"]) / 2
    rule = height_rule(rem)
    return rule if look.window == NARROW else f"@media (min-width: 48rem) {{ {rule} }}"
