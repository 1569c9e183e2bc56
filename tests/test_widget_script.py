"""The script as served: small, whole, the same bytes at every start."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from widget_backend.pages import script
from widget_backend.pages.compression import Coding, packed_for_good
from widget_backend.pages.script import (
    strip_script,
    strip_styles,
    widget_folder,
    widget_script,
    with_styles,
)

SOURCE = (widget_folder() / "preference-widget.js").read_text(encoding="utf-8")
BUDGET = 3500
"""Bytes: what the script without its style sheet may weigh, packed."""


def test_served_script_carries_the_style_sheet_as_one_string() -> None:
    line = widget_script().decode().splitlines()[0]
    css = json.loads(line.removeprefix("const STYLES = ").removesuffix(";"))
    assert css == strip_styles((widget_folder() / "form.css").read_text(encoding="utf-8"))
    assert css


def test_source_has_one_place_for_the_style_sheet() -> None:
    assert SOURCE.count(script.STYLES) == 1


def test_script_without_that_place_is_refused() -> None:
    with pytest.raises(ValueError, match="must contain"):
        with_styles("export {};", "p {}")


def test_style_sheet_cannot_end_its_string_early() -> None:
    css = 'p::after { content: "\\"; alert(1) //" } /* \u2028 */'
    served = with_styles(script.STYLES, css)
    assert json.loads(served.removeprefix("const STYLES = ").removesuffix(";")) == css
    assert served.isascii()


def test_script_stays_within_its_budget() -> None:
    assert len(packed_for_good(strip_script(SOURCE).encode(), "br")) <= BUDGET


def test_element_stays_under_250_lines() -> None:
    assert len(SOURCE.splitlines()) < 250


def test_source_gives_stripping_nothing_to_break() -> None:
    """No string over several lines, and no block comment that shares a line with code."""
    for line in SOURCE.splitlines():
        assert line.count("`") % 2 == 0, line
        assert "/*" not in line or line.lstrip().startswith("/*"), line


def test_source_never_turns_a_string_into_markup_or_code() -> None:
    parts = [("inner", "HTML"), ("outer", "HTML"), ("DOM", "Parser"), ("insertAdjacent", "HTML")]
    parts += [
        ("create", "Policy"),
        ("ev", "al("),
        ("Fun", "ction("),
        ("import", "Node"),
        ("adopt", "Node"),
    ]
    for word in map("".join, parts):
        assert word not in SOURCE


def test_comments_indentation_and_empty_lines_are_stripped_and_code_is_not() -> None:
    source = """
    /** Says
     *  what. */
    const a = 'http://x//y'; // an address

        // alone on its line
    const b = "c // d"; // "quoted"
    const e = /\\/\\*/;
    """
    assert strip_script(source).splitlines() == [
        "const a = 'http://x//y';",
        'const b = "c // d"; // "quoted"',
        "const e = /\\/\\*/;",
    ]


def test_stripping_the_script_removes_nothing_but_comments_and_space() -> None:
    def code(text: str) -> str:
        return re.sub(r"\s", "", re.sub(r"(?m)(^|(?<=[;,{}]))[ \t]*(//|/\*\*).*$", "", text))

    assert code(strip_script(SOURCE)) == code(SOURCE)


@pytest.mark.parametrize(
    ("css", "stripped"),
    [
        ("a  :hover ,\n b > c { margin : 0 }", "a :hover ,b > c{margin : 0}"),
        ("p { width: calc(1px  +  2px); color: red }", "p{width:calc(1px + 2px);color:red}"),
        ("p { /* it's */ color/**/: red }", "p{color : red}"),
        ('p::after { content: "/* { kept;  } */" }', 'p::after{content:"/* { kept;  } */"}'),
        ("p::after { content: '\\'  \"' }", "p::after{content:'\\'  \"'}"),
        ("p { background: url(data:a;  b/*c*/) }", "p{background:url(data:a;  b/*c*/)}"),
        ("@media (a)  and (b) {\n p { top: 0 }\n}", "@media (a) and (b){p{top:0}}"),
        ("", ""),
    ],
)
def test_styles_are_stripped_of_what_means_nothing(css: str, stripped: str) -> None:
    assert strip_styles(css) == stripped
    assert strip_styles(stripped) == stripped


@pytest.mark.parametrize("coding", ["br", "gzip"])
def test_packed_bytes_are_the_same_at_every_start(coding: Coding) -> None:
    once = packed_for_good(widget_script(), coding)
    packed_for_good.cache_clear()
    assert packed_for_good(widget_script(), coding) == once


def test_script_is_read_once() -> None:
    assert widget_script() is widget_script()


def test_files_of_an_installed_package_come_before_the_sources(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "widget_backend"
    monkeypatch.setattr(script, "PACKAGE", package)
    assert widget_folder() == tmp_path / "widget"
    (package / "_widget").mkdir(parents=True)
    assert widget_folder() == package / "_widget"
