"""SIGHUP before a server has read its files, which it asks it to read anew."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import pytest

HANGING_UP = """
import signal
from widget_backend.cli import group, main
load = group.import_module
group.import_module = lambda name: (signal.raise_signal(signal.SIGHUP), load(name))[1]
main()
"""
"""Sends SIGHUP before the command is even imported."""


@pytest.mark.parametrize(
    ("command", "outlives"), [("serve", True), ("worker", True), ("migrate", False)]
)
def test_a_signal_to_reload_ends_no_server_that_is_not_ready_yet(
    command: str, outlives: bool
) -> None:
    known = {name: value for name, value in os.environ.items() if "WIDGET" not in name}
    line = [sys.executable, "-c", HANGING_UP, command]
    result = subprocess.run(line, env=known, capture_output=True, text=True, check=False)
    assert result.returncode == (1 if outlives else -signal.SIGHUP), result.stderr
    assert ("WIDGET_SITES: is not set" in result.stderr) is outlives
