"""The stamp of a site's files: it differs when any of them was written, and only then."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.small_site import Write
from widget_backend.site.stamp import stamp

ACCENT = 'accent = "#1f5a4c"'
CATALOG = "translations/sq/LC_MESSAGES/site.po"

CHANGES: dict[str, Callable[[Path], object]] = {
    "the site file is written": lambda folder: (folder / "SITE.toml").write_text("id = 1"),
    "the site file is taken away": lambda folder: (folder / "SITE.toml").unlink(),
    "a catalog is written": lambda folder: (folder / CATALOG).write_text("#"),
    "a catalog is taken away": lambda folder: (folder / CATALOG).unlink(),
    "a catalog comes in": lambda folder: _write(folder / CATALOG.replace("sq", "ar")),
    "the logo comes in": lambda folder: (folder / "logo.svg").write_text("<svg/>"),
    "a file takes the place of another": lambda folder: _replace(folder / "SITE.toml"),
}


def _write(file: Path) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("")


def _replace(file: Path) -> None:
    new = file.with_suffix(".new")
    new.write_bytes(file.read_bytes())
    new.rename(file)


@pytest.fixture
def folder(write: Write) -> Path:
    folder = write((ACCENT, f'{ACCENT}\nlogo = "logo.svg"')).parent
    _write(folder / CATALOG)
    return folder


@pytest.mark.parametrize("name", CHANGES)
def test_the_stamp_differs_when(name: str, folder: Path) -> None:
    before = stamp(folder / "SITE.toml")
    CHANGES[name](folder)
    assert stamp(folder / "SITE.toml") != before


def test_what_lies_beside_and_is_not_named_does_not_count(folder: Path) -> None:
    before = stamp(folder / "SITE.toml")
    (folder / "var").mkdir()
    (folder / "var" / "preview.db").write_text("much")
    (folder / "other.svg").write_text("<svg/>")
    assert stamp(folder / "SITE.toml") == before
