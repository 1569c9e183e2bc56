"""The widget's script: one file with its style sheet inside, which `make widget` makes."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from widget_backend.installation import our_folder


def widget_folder() -> Path:
    """Where the widget's files are."""
    return our_folder("widget")


@cache
def widget_script() -> bytes:
    """What a page loads as `/widget/v1.js`, read once for the life of the process."""
    return (widget_folder() / "v1.js").read_bytes()
