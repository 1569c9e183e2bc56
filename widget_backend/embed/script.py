"""The widget's script: one file with its style sheet inside, which `make widget` makes."""

from __future__ import annotations

from functools import cache
from pathlib import Path

PACKAGE = Path(__file__).parents[1]


def widget_folder() -> Path:
    """Where the widget's files are: inside an installed package, else beside it in the sources."""
    installed = PACKAGE / "_widget"
    return installed if installed.is_dir() else PACKAGE.parent / "widget"


@cache
def widget_script() -> bytes:
    """What a page loads as `/widget/v1.js`, read once for the life of the process."""
    return (widget_folder() / "v1.js").read_bytes()
