"""Programs that a test needs and that no package of Python or npm brings: see `make systems`."""

from __future__ import annotations

import os
import shutil

import pytest

FOLDERS = os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin"])
"""Where programs are. Debian keeps servers where only root looks for commands."""


def program(name: str, package: str) -> str:
    """The path of a program that the Debian package brings.

    Where it is not installed, the test is skipped with a line that says so; all of a file that asks
    before its tests. `make systems`, which installs all of them, sets SYSTEMS=demanded: then the
    test fails instead.
    """
    path = shutil.which(name, path=FOLDERS)
    if path is None:
        missing = f"{name} is not installed: “make systems” installs {package}"
        if os.environ.get("SYSTEMS") == "demanded":
            pytest.fail(missing)
        pytest.skip(missing, allow_module_level=True)
    return path


def needs(name: str, package: str) -> pytest.MarkDecorator:
    """The same as a mark, for the parameter of a fixture: one line for all of a file."""
    try:
        program(name, package)
    except pytest.skip.Exception as missing:
        return pytest.mark.skip(reason=str(missing.msg))
    return pytest.mark.skipif(False, reason="")
