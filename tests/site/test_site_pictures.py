"""Pictures beside the site file: the logo, and the drawings of answers."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.support.small_site import Write, mistakes_in
from widget_backend.site.load import load_site
from widget_backend.site.svg import DEEPEST, LARGEST, PictureRefused, read_picture

SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9">{}</svg>'
PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(17) + b"\0\0\0\0IEND\xaeB`\x82"
ACCENT = 'accent = "#1f5a4c"'
ROOMS = ('kind = "several"', 'kind = "picture"')
LIVING = ('text = "Living room"', 'text = "Living room", picture = "a/living.svg"')
KITCHEN = ('text = "Kitchen"', 'text = "Kitchen", picture = "kitchen.svg"')


# ── the logo ────────────────────────────────────────────────────────────────────────────────


def with_logo(write: Write, name: str) -> Path:
    return write((ACCENT, f'{ACCENT}\nlogo = "{name}"'))


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("logo.svg", SVG.format("<style/>").encode()),
        ("logo.SVG", SVG.format("").encode("utf-16")),
        ("look/logo.png", PNG),
    ],
)
def test_a_logo_is_svg_or_png(name: str, content: bytes, write: Write, tmp_path: Path) -> None:
    (tmp_path / "look").mkdir()
    (tmp_path / name).write_bytes(content)
    logo = load_site(with_logo(write, name)).site.theme.logo
    assert logo
    assert logo.content == content
    assert logo.kind == ("image/png" if content is PNG else "image/svg+xml")


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("logo.svg", None, "there is no such file"),
        ("logo.jpg", b"JFIF", "its name ends in neither .svg nor .png"),
        ("logo.svg", PNG, "it is no SVG picture, whatever its name says"),
        ("logo.svg", b"<svg/>", "it is no SVG picture, whatever its name says"),
        ("logo.svg", b"\x00\x00", "it is no SVG picture, whatever its name says"),
        ("logo.svg", b'<?xml version="1.0" encoding="x"?><svg/>', "it is no SVG picture"),
        ("logo.png", SVG.encode(), "it is no PNG picture, or a part of one"),
        ("logo.png", PNG[:-4], "it is no PNG picture, or a part of one"),
        ("logo.png", PNG.ljust(LARGEST + 1, b"\0"), "it is larger than 200 KB"),
        ("/etc/logo.png", None, "it is not in the site file’s folder"),
        ("../logo.png", None, "it is not in the site file’s folder"),
        ("look/../../logo.png", None, "it is not in the site file’s folder"),
        ("a" * 5000 + ".png", None, "its name is longer than any file’s"),
    ],
)
def test_a_logo_that_cannot_be_shown_is_one_line(
    name: str, content: bytes | None, reason: str, write: Write, tmp_path: Path
) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    (said,) = mistakes_in(with_logo(write, name))
    assert said.startswith(f"theme.logo: “{name}” cannot be used: {reason}")
    cure = "put an SVG or PNG file of up to 200 KB beside the site file."
    assert said.endswith((cure, "correct its name."))


def test_a_logo_that_is_no_file_is_not_waited_for(write: Write, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "logo.png")
    (said,) = mistakes_in(with_logo(write, "logo.png"))
    assert "it is no file. " in said


def test_a_logo_that_may_not_be_read_is_one_line(
    write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also of a folder that may not be entered, where even asking for the file is refused."""

    def refused(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "exists", refused)
    (said,) = mistakes_in(with_logo(write, "logo.png"))
    assert "“logo.png” cannot be used: permission denied. let this user read it." in said


# ── drawings ────────────────────────────────────────────────────────────────────────────────


def test_each_picture_that_cannot_be_used_is_named(write: Write, tmp_path: Path) -> None:
    (tmp_path / "kitchen.svg").write_text("no picture")
    cure = "save a plain SVG drawing (shapes, fills and strokes only) beside the site file."
    living, kitchen = mistakes_in(write(ROOMS, LIVING, KITCHEN))
    where = "questions.rooms.options"
    assert living == (
        f"{where}.living.picture: “a/living.svg” cannot be used: there is no such file. "
        "correct its name."
    )
    assert kitchen.startswith(
        f"{where}.kitchen.picture: “kitchen.svg” cannot be used: syntax error"
    )
    assert kitchen.endswith(cure)


@pytest.mark.parametrize(
    "inside",
    [
        '<path fill="url(#a)"/>',
        '<path fill="URL(https://elsewhere.example)"/>',
        '<path fill="Url(#a)"/>',
        r'<path fill="\75 rl(#a)"/>',
        '<path onclick="x"/>',
        "<script/>",
        "<g>" * 100_000 + "</g>" * 100_000,
        "<g>" * (DEEPEST + 1) + "</g>" * (DEEPEST + 1),
    ],
    ids=lambda inside: inside[:30],
)
def test_what_is_no_plain_drawing_is_refused(inside: str, tmp_path: Path) -> None:
    (tmp_path / "a.svg").write_text(SVG.format(inside))
    with pytest.raises(PictureRefused):
        read_picture(tmp_path, "a.svg")


def test_a_drawing_of_many_groups_is_taken(tmp_path: Path) -> None:
    inside = "<g>" * DEEPEST + "</g>" * DEEPEST
    (tmp_path / "a.svg").write_text(SVG.format(inside))
    assert inside in read_picture(tmp_path, "a.svg")
