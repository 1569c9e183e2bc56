"""Heights: whether the room that the page reserves is as high as the form."""

from __future__ import annotations

import math
from collections.abc import Iterator

from widget_backend.doctor.looking import WIDTHS, Look, Seen
from widget_backend.doctor.words import Finding, Widget, has_form
from widget_backend.pages.snippets import INLINE, room

NARROW = next(iter(WIDTHS))


def heights(seen: Seen) -> Iterator[Finding]:
    for look in seen.looks:
        for widget in look.facts["widgets"]:
            needs_none = widget["mode"] in {"dialog", "prompt"}  # any other stands in the page
            if needs_none and widget["reserved"]:
                yield _needless(look, widget)
            elif not needs_none and widget["form"] and has_form(widget):
                yield from _height(look, widget)


def _needless(look: Look, widget: Widget) -> Finding:
    reason = f"{widget['reserved']:.0f} px are reserved for a {widget['mode']}, which needs none"
    return Finding(f"height ({look.window})", reason, f"write {INLINE} in that rule")


def _height(look: Look, widget: Widget) -> Iterator[Finding]:
    where, jump = f"height ({look.window})", widget["jump"]
    if widget["reserved"] < widget["needed"] - 1:
        reason = (
            f"{widget['reserved']:.0f} px are reserved and the form takes {widget['needed']:.0f}"
            f"{f', so that the page jumps by {jump:.2f}' if jump else ''}"
        )
        yield Finding(where, reason, f"write {_rule(look, widget['needed'])}")
    elif jump > 0.01:
        reason = f"the page jumps by {jump:.2f} when the form arrives, though there is room for it"
        cure = "write display: block beside min-block-size, in a style sheet of the first response"
        yield Finding(where, reason, cure)


def _rule(look: Look, height: float) -> str:
    rem = math.ceil(2 * height / look.facts["rem"]) / 2
    rule = room(rem)
    return rule if look.window == NARROW else f"@media (min-width: 48rem) {{ {rule} }}"
