"""Where this software is installed: what to type there, and where its texts are."""

from __future__ import annotations

import shlex
import sys
from importlib.metadata import PackageNotFoundError, files
from pathlib import Path

NAME = "preference-widget"
PYTHON = shlex.quote(sys.executable)
"""What to type for the Python that runs this. A bare `pip` may be that of another, or of none."""


def installing(extra: str) -> str:
    """What to type to get the libraries of an extra."""
    return f"{PYTHON} -m pip install '{NAME}[{extra}]'"


def text_file(name: str) -> str:
    """The path of a text for people, which is `name` in the sources.

    A wheel puts them into `share/doc`, wherever that is in this kind of installation.
    """
    try:
        installed = files(NAME) or []
    except PackageNotFoundError:
        installed = []
    end = f"share/doc/{NAME}/{name}"
    paths = (Path(str(each.locate())) for each in installed if each.as_posix().endswith(end))
    return next((str(path.resolve()) for path in paths), name)
