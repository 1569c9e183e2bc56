"""Global Privacy Control: a browser asks not to sell or share data (https://w3c.github.io/gpc/).

Our pages do neither, whoever asks, so there is nothing to turn off: the page says so.
"""

from __future__ import annotations

from flask import request
from markupsafe import Markup

from widget_backend.i18n.languages import Language

SIGNAL = "Sec-GPC"
OBEYED_SINCE = "2026-11-30"
"""The day of this statement, for `lastUpdate` of the support resource (4.1)."""


def is_signalled() -> bool:
    """Whether the browser of this request sends the signal.

    Any value but 1 counts as none (3.3). Of several headers, which arrive with commas in between,
    one is enough.
    """
    values = request.headers.get(SIGNAL, "").split(",")
    return "1" in (each.strip() for each in values)


def privacy_note(language: Language) -> Markup | None:
    """What a page answers to the signal; None if there is none."""
    if not is_signalled():
        return None
    return language.gettext(
        "Your browser asks us not to sell or share your data (Global Privacy Control). "
        "Here we do neither, and we do not track you."
    )
