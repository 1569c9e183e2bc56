"""The script as served: small, whole, what its sources make."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from widget_backend.embed.script import widget_folder, widget_script
from widget_backend.web.compression import Coding, packed_for_good

SOURCES = sorted(each.name for each in widget_folder().glob("*.js") if each.name != "v1.js")
BUDGET = 5120
"""Bytes: what the script with its style sheet may weigh, packed."""
SCRIPTS = Path(sys.executable).parent


def source(name: str) -> str:
    return (widget_folder() / name).read_text(encoding="utf-8")


def test_script_and_styles_stay_within_their_budget() -> None:
    assert len(packed_for_good(widget_script(), "br")) <= BUDGET


def test_script_is_what_its_sources_make() -> None:
    """After a change: `make widget`."""
    build = widget_folder() / "build.mjs"
    done = subprocess.run(
        [SCRIPTS / "node", build, SCRIPTS.parent / "engines", "--check"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("name", SOURCES)
def test_each_source_stays_under_250_lines(name: str) -> None:
    assert len(source(name).splitlines()) < 250


@pytest.mark.parametrize("name", SOURCES)
def test_source_never_turns_a_string_into_markup_or_code(name: str) -> None:
    parts = [("inner", "HTML"), ("outer", "HTML"), ("DOM", "Parser"), ("insertAdjacent", "HTML")]
    parts += [
        ("create", "Policy"),
        ("ev", "al("),
        ("Fun", "ction("),
        ("import", "Node"),
        ("adopt", "Node"),
    ]
    for word in map("".join, parts):
        assert word not in source(name)


@pytest.mark.parametrize("coding", ["br", "gzip"])
def test_packed_bytes_are_the_same_at_every_start(coding: Coding) -> None:
    once = packed_for_good(widget_script(), coding)
    packed_for_good.cache_clear()
    assert packed_for_good(widget_script(), coding) == once


def test_script_is_read_once() -> None:
    assert widget_script() is widget_script()
